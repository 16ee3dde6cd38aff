/**
 * Where the agent writes: Enter sends, Shift and Enter begin a new line. Each conversation keeps
 * its own draft, so that nothing is ever sent to the wrong citizen.
 */

// From this many characters before the limit, what is left is shown.
const SHOW_LEFT = 100;

export class DeskComposer {
  #form;
  #field;
  #store;
  #texts;

  constructor(form, store, texts) {
    this.#form = form;
    this.#field = form.querySelector("textarea");
    this.#store = store;
    this.#texts = texts;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    this.#field.addEventListener("keydown", (event) => this.#key(event));
    this.#field.addEventListener("input", () => this.#typed());
    store.addEventListener("opened", ({ detail }) => this.#opened(detail));
  }

  #key(event) {
    // While an input method composes a character, Enter belongs to it.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#send();
  }

  #send() {
    const { open } = this.#store;
    const text = this.#field.value.trim();
    if (!text || !open || open.ended) return;
    this.#store.send(text);
    this.#field.value = "";
    this.#typed();
    this.#field.focus();
  }

  #typed() {
    if (this.#store.open) this.#store.open.draft = this.#field.value;
    const left = this.#field.maxLength - this.#field.value.length;
    const place = this.#form.querySelector("[data-left]");
    place.hidden = left > SHOW_LEFT;
    place.textContent = this.#texts.get("characters", { n: left });
  }

  #opened(conversation) {
    this.#field.value = conversation?.draft ?? "";
    this.#typed();
    if (conversation && !conversation.ended) this.#field.focus();
  }
}
