/**
 * Where the agent writes: Enter sends, Shift and Enter begin a new line. Each conversation keeps
 * its own draft, so that nothing is ever sent to the wrong citizen; a note is a draft of its own, so
 * that nothing meant for colleagues is sent to a citizen.
 */

import { ReplyPicker } from "./desk-replies.js";

// From this many characters before the limit, what is left is shown.
const SHOW_LEFT = 100;
const WRITING_EVERY = 3000; // milliseconds

export class DeskComposer {
  #form;
  #field;
  #store;
  #texts;
  #number;
  #picker;
  #limit;
  #shown = null;
  #mode = "answer";
  #told = -Infinity;

  /** `number`: the place of the conversation, counted from 0. */
  constructor(form, store, texts, number, replies) {
    this.#form = form;
    this.#field = form.querySelector("textarea");
    this.#limit = this.#field.maxLength;
    this.#store = store;
    this.#texts = texts;
    this.#number = number;
    this.#picker = new ReplyPicker(this.#field, form.querySelector("[role='listbox']"), {
      replies,
      store,
      texts,
      conversation: () => this.#conversation,
      insert: (text, from) => this.#insert(text, from),
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    form.addEventListener("click", ({ target }) => this.#pressed(target.closest("button")));
    this.#field.addEventListener("keydown", (event) => this.#key(event));
    this.#field.addEventListener("input", () => this.#typed());
    store.addEventListener("change", () => this.render());
    store.addEventListener("opened", () => this.#opened());
    store.addEventListener("insert", ({ detail }) => this.#inserted(detail));
    store.addEventListener("mode", () => this.#isActive && this.#switch());
  }

  /** Whose draft is in the field: what is typed never goes to another. */
  get #conversation() {
    return this.#shown;
  }

  get #isActive() {
    return this.#number === this.#store.active;
  }

  #key(event) {
    if (this.#picker.key(event)) return;
    // While an input method composes a character, Enter belongs to it.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#send();
  }

  #pressed(button) {
    if (button?.dataset.mode && button.dataset.mode !== this.#mode) this.#switch();
    if (button?.dataset.action === "reply") this.#picker.begin();
    if (button?.dataset.action === "faq") this.#store.searchFaq(this.#room);
  }

  /** Characters that still fit, a note apart. */
  get #room() {
    return this.#limit > 0 ? this.#limit - this.#field.value.length : Infinity;
  }

  #switch() {
    this.#mode = this.#mode === "note" ? "answer" : "note";
    this.#picker.close();
    this.#show();
    this.#field.focus();
  }

  /** The mode, and the draft that belongs to it. */
  #show() {
    const conversation = this.#conversation;
    const isNote = this.#mode === "note";
    this.#form.dataset.mode = this.#mode;
    for (const button of this.#form.querySelectorAll("[data-mode]")) {
      button.setAttribute("aria-pressed", String(button.dataset.mode === this.#mode));
    }
    this.#field.placeholder = this.#texts.get(isNote ? "write-note" : "write-answer");
    this.#field.setAttribute("aria-label", this.#texts.get(isNote ? "your-note" : "your-answer"));
    this.#field.value = (isNote ? conversation?.note : conversation?.draft) ?? "";
    this.#count();
  }

  #send() {
    const conversation = this.#conversation;
    const text = this.#field.value.trim();
    if (!text || !conversation || conversation.ended) return;
    const isNote = this.#mode === "note";
    const facts = conversation.facts;
    conversation.facts = {};
    this.#field.value = "";
    this.#keep();
    if (isNote) this.#store.note(conversation, text);
    else this.#store.send(conversation, text, facts);
    if (isNote) this.#switch();
    this.#field.focus();
  }

  #typed() {
    this.#keep();
    if (this.#mode === "note" || !this.#field.value.trim()) return;
    if (performance.now() - this.#told < WRITING_EVERY) return;
    this.#told = performance.now();
    this.#store.writing(this.#conversation);
  }

  #keep() {
    const conversation = this.#conversation;
    if (conversation) {
      if (!this.#field.value) conversation.facts = {}; // nothing is left of an answer of the FAQ
      this.#store.draft(conversation, this.#field.value, this.#mode === "note");
    }
    this.#count();
  }

  #count() {
    const left = this.#field.maxLength - this.#field.value.length;
    const place = this.#form.querySelector("[data-left]");
    place.hidden = this.#field.maxLength < 0 || left > SHOW_LEFT;
    place.textContent = this.#texts.get("characters", { n: left });
  }

  /** Put `text` in the place of what stands between `from` and the caret. */
  #insert(text, from = this.#field.selectionStart) {
    this.#field.focus();
    this.#field.setRangeText(text, from, this.#field.selectionEnd, "end");
    this.#typed();
  }

  #inserted({ text, facts }) {
    if (!this.#isActive || !this.#conversation) return;
    if (this.#mode === "note") this.#switch();
    this.#conversation.facts = facts;
    const { selectionStart: at, value } = this.#field;
    this.#insert(at > 0 && !/\s/.test(value[at - 1]) ? `\n${text}` : text);
  }

  /** Another conversation in this place has its own draft. */
  render() {
    const conversation = this.#store.inPane(this.#number);
    if (conversation === this.#shown) return;
    this.#shown = conversation;
    this.#mode = "answer";
    this.#picker.close();
    this.#show();
  }

  #opened() {
    const conversation = this.#conversation;
    if (this.#isActive && conversation && !conversation.ended) this.#field.focus();
  }
}
