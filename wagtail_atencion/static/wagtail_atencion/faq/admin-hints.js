// Tells where an answer is hard to read while an editor writes it. Without it, that of the last save.

(() => {
  const PAUSE = 800; // ms without typing before asking

  const start = () => {
    const place = document.querySelector("[data-atencion-hints]");
    const form = place?.closest("form");
    if (!form) return;
    let asked = form.elements[place.dataset.field]?.value;
    let asking = new AbortController();

    const ask = async () => {
      const text = form.elements[place.dataset.field].value;
      if (text === asked) return;
      asked = text;
      asking.abort();
      asking = new AbortController();
      const body = new URLSearchParams({
        answer: text,
        csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value,
      });
      try {
        const answer = await fetch(place.dataset.atencionHints, { method: "POST", body, signal: asking.signal });
        if (answer.ok && !answer.redirected) place.innerHTML = await answer.text();
      } catch {
        // Another change asks again.
      }
    };

    // Draftail writes to its hidden field without an event: look whenever somebody has been writing.
    let timer = 0;
    for (const event of ["input", "keyup", "click", "focusout"]) {
      form.addEventListener(event, () => {
        clearTimeout(timer);
        timer = setTimeout(ask, PAUSE);
      });
    }
  };

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
