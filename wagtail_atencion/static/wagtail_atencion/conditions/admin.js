// Tells the hours in words while an editor writes them. Without it, the page tells those stored.

const PAUSE = 500; // ms without typing before asking

const words = document.querySelector("[data-atencion-hours]");
const form = words?.closest("form");
if (form) {
  follow(form, words);
}

function follow(form, words) {
  let timer;
  let asked = written(form).toString();
  let asking = new AbortController();

  const ask = async () => {
    const data = written(form);
    if (data.toString() === asked) {
      return;
    }
    asked = data.toString();
    asking.abort();
    asking = new AbortController();
    try {
      const answer = await fetch(words.dataset.atencionHours, {
        method: "POST",
        body: data,
        headers: { "X-Requested-With": "XMLHttpRequest" },
        signal: asking.signal,
      });
      if (answer.ok && !answer.redirected) {
        words.innerHTML = await answer.text();
      }
    } catch (error) {
      if (error.name !== "AbortError") {
        asked = ""; // no connection: the next change asks again
      }
    }
  };

  // Wagtail's choosers of times and its buttons of rows change inputs without an "input" event.
  for (const event of ["input", "change", "click", "focusout"]) {
    form.addEventListener(event, () => {
      clearTimeout(timer);
      timer = setTimeout(ask, PAUSE);
    });
  }
}

/** What the form would send. */
function written(form) {
  return new URLSearchParams(new FormData(form));
}
