/** "Was this useful?" under each answer that is read, and a comment afterwards, without a new page. */

export class Opinions {
  constructor(settings, visit) {
    Object.assign(this, { visit, sentences: settings.dataset });
    this.pieces = {};
    for (const piece of settings.querySelectorAll("template[data-piece]")) {
      this.pieces[piece.dataset.piece] = piece.content;
    }
    document.addEventListener("submit", (event) => this.#submitted(event));
  }

  /** Put the question under `answer` (an element with data-faq), once. */
  ask(answer) {
    const place = answer.querySelector(".atencion-faq__answer");
    if (!this.pieces.useful || answer.querySelector("[data-opinion]") || !place) return;
    const form = this.pieces.useful.cloneNode(true).firstElementChild;
    number(form, answer.dataset.faq);
    place.append(form);
  }

  #submitted(event) {
    const { target: form, submitter } = event;
    if (form.matches(".atencion-faq__useful")) {
      event.preventDefault();
      this.#vote(form, submitter.value === "yes");
    } else if (form.matches(".atencion-faq__comment[data-opinion]")) {
      event.preventDefault();
      this.#comment(form);
    }
  }

  async #vote(form, useful) {
    if (!(await this.#send(form, { useful }))) return;
    if (useful) this.visit.end("answered");
    const comment = this.pieces.comment.cloneNode(true).firstElementChild;
    number(comment, form.dataset.opinion.match(/\/(\d+)\/opinion$/)[1]);
    comment.dataset.opinion = form.dataset.opinion;
    form.after(comment);
    this.#replace(form, this.sentences.thanks);
  }

  async #comment(form) {
    const text = form.elements.comment.value.trim();
    if (text && (await this.#send(form, { comment: text }))) this.#replace(form, this.sentences.received);
  }

  /** Whether it was taken; if not, the reason is shown in the form, with what was written. */
  async #send(form, body) {
    const button = form.querySelector("[type=submit]");
    if (button.ariaBusy) return false;
    button.ariaBusy = "true";
    let reason = this.sentences.failed;
    try {
      const answer = await fetch(`${form.dataset.opinion}?${new URLSearchParams({ lang: this.sentences.lang })}`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
      });
      if (answer.ok) return true;
      reason = (await answer.json()).error.message;
    } catch {
      // No connection, or something between us that does not answer in JSON.
    } finally {
      button.ariaBusy = null;
    }
    this.#refuse(form, reason);
    return false;
  }

  #refuse(form, reason) {
    let place = form.querySelector("[role=alert]");
    if (!place) {
      place = document.createElement("p");
      place.className = "atencion-field__error";
      place.setAttribute("role", "alert");
      form.append(place);
    }
    place.textContent = reason;
  }

  /** The form has done its work: a sentence takes its place, and the focus that was in it. */
  #replace(form, sentence) {
    const thanks = document.createElement("p");
    thanks.className = "atencion-notice";
    thanks.tabIndex = -1;
    thanks.textContent = sentence;
    form.replaceWith(thanks);
    thanks.focus();
  }
}

/** Give a copied piece the number of its FAQ: its addresses and its ids have a 0 in that place. */
function number(form, faq) {
  form.action = form.getAttribute("action").replace("/0/", `/${faq}/`);
  if (form.dataset.opinion) form.dataset.opinion = form.dataset.opinion.replace("/0/", `/${faq}/`);
  for (const element of form.querySelectorAll("[id], [for], [aria-describedby]")) {
    for (const name of ["id", "for", "aria-describedby"]) {
      const value = element.getAttribute(name);
      if (value) element.setAttribute(name, value.replaceAll(/-0\b/g, `-${faq}`));
    }
  }
}
