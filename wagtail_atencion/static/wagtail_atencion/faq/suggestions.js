/**
 * Answers while one types, as a list under the search and a sentence that is announced. Not a
 * combobox: the field stays a plain field, and what is found is read like any text of the page.
 */

const PAUSE = 350; // milliseconds without typing
const SHORTEST = 3; // characters

export function suggest({ search, lang }, visit) {
  const place = document.querySelector("[data-suggestions]");
  const field = document.querySelector(".atencion-faq-page__search [name=q]");
  if (!place || !field) return;
  const status = place.querySelector("[role=status]");
  const list = place.querySelector("ul");
  const item = place.querySelector("template").content;
  let timer = 0;
  let asking = new AbortController();

  field.addEventListener("input", () => {
    clearTimeout(timer);
    asking.abort();
    timer = setTimeout(find, PAUSE);
  });

  async function find() {
    const q = field.value.trim();
    if (q.length < SHORTEST) return show([], "");
    const { signal } = (asking = new AbortController());
    try {
      const answer = await fetch(`${search}?${new URLSearchParams({ q, lang, typing: 1 })}`, { signal });
      if (!answer.ok) return show([], ""); // too many: the form still searches
      const { results } = await answer.json();
      if (signal.aborted) return;
      visit.type(q);
      show(results, sentence(results.length));
    } catch {
      if (!signal.aborted) show([], "");
    }
  }

  function sentence(number) {
    if (!number) return place.dataset.none;
    return number === 1 ? place.dataset.one : place.dataset.many.replace("{number}", number);
  }

  function show(results, told) {
    status.textContent = told;
    list.hidden = !results.length;
    list.replaceChildren(...results.map(made));
  }

  function made({ id, question, answer, url }) {
    const piece = item.cloneNode(true);
    piece.querySelector("details").dataset.faq = id;
    piece.querySelector("summary").textContent = question;
    // Rich text of the entity's editors, made safe by the service.
    piece.querySelector(".atencion-faq__answer").insertAdjacentHTML("afterbegin", answer);
    const link = piece.querySelector(".atencion-faq__link a");
    if (url) {
      link.href = url;
      link.querySelector("span").textContent = `: ${question}`;
    } else {
      link.parentElement.remove();
    }
    return piece;
  }
}
