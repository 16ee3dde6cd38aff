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
  #number;
  #shown = null;

  /** `number`: the place of the conversation, counted from 0. */
  constructor(form, store, texts, number) {
    this.#form = form;
    this.#field = form.querySelector("textarea");
    this.#store = store;
    this.#texts = texts;
    this.#number = number;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    this.#field.addEventListener("keydown", (event) => this.#key(event));
    this.#field.addEventListener("input", () => this.#typed());
    store.addEventListener("change", () => this.#changed());
    store.addEventListener("opened", () => this.#opened());
  }

  get #conversation() {
    return this.#store.inPane(this.#number);
  }

  #key(event) {
    // While an input method composes a character, Enter belongs to it.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#send();
  }

  #send() {
    const conversation = this.#conversation;
    const text = this.#field.value.trim();
    if (!text || !conversation || conversation.ended) return;
    this.#field.value = "";
    this.#typed();
    this.#store.send(conversation, text);
    this.#field.focus();
  }

  #typed() {
    if (this.#conversation) this.#store.draft(this.#conversation, this.#field.value);
    this.#count();
  }

  #count() {
    const left = this.#field.maxLength - this.#field.value.length;
    const place = this.#form.querySelector("[data-left]");
    place.hidden = left > SHOW_LEFT;
    place.textContent = this.#texts.get("characters", { n: left });
  }

  /** Another conversation in this place has its own draft. */
  #changed() {
    const conversation = this.#conversation;
    if (conversation === this.#shown) return;
    this.#shown = conversation;
    this.#field.value = conversation?.draft ?? "";
    this.#count();
  }

  #opened() {
    const conversation = this.#conversation;
    if (this.#number === this.#store.active && conversation && !conversation.ended) {
      this.#field.focus();
    }
  }
}
