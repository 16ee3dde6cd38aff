/** The conversation as it is seen: the log of messages, the composer, and the time left. */

import { newId } from "./api.js";
import { say } from "./parts.js";

const SHOW_UNSENT_AFTER = 2_000; // milliseconds
const SHOW_LEFT_BELOW = 100; // characters
const NEAR_THE_END = 80; // pixels; further up the citizen is reading
const WARNINGS = [60, 20]; // seconds; until the conditions are known

export class Talk {
  #pieces = new Map(); // by client_id
  #following = true;

  constructor(parts, lang, send) {
    Object.assign(this, { parts, send });
    const country = navigator.languages.find((own) => own.startsWith(lang)); // es-CO for es
    this.clock = new Intl.DateTimeFormat(country ?? lang, { timeStyle: "short" });
    this.log = parts.part("log");
    this.scroller = parts.part("scroller");
    this.composer = parts.part("composer");
    this.field = this.composer.querySelector("textarea");
    this.dialog = this.scroller.closest("dialog");
    for (const box of [this.scroller, this.dialog]) box.addEventListener("scroll", () => this.#scrolled());
    new ResizeObserver(() => this.#follow()).observe(this.scroller);
    this.field.addEventListener("input", () => this.#count());
    this.field.addEventListener("keydown", (event) => this.#key(event));
    this.composer.addEventListener("submit", (event) => this.#submitted(event));
  }

  get draft() {
    return this.field.value;
  }

  set draft(text) {
    this.field.value = text;
    this.#count();
  }

  clear() {
    this.#pieces.clear();
    this.log.replaceChildren();
    this.draft = "";
  }

  /** Show what the service has: a new message, or one of ours that was unsent. */
  show(message) {
    const piece = this.#pieces.get(message.client_id) ?? this.#piece(message);
    const place = this.log.querySelector("[data-unsent]");
    piece.removeAttribute("data-unsent");
    const time = piece.querySelector("time");
    const at = new Date(message.at);
    time.dateTime = at.toISOString(); // HTML takes no microseconds
    time.textContent = this.clock.format(at);
    // What moves is read out again: only when it must.
    if (!piece.parentNode || (place && place !== piece)) this.log.insertBefore(piece, place);
    this.#note(piece, "");
  }

  showUnsent(messages) {
    this.#following = true;
    for (const message of messages) {
      const piece = this.#piece({ ...message, author: "citizen" });
      piece.setAttribute("data-unsent", "");
      this.log.append(piece);
      setTimeout(() => {
        if (piece.hasAttribute("data-unsent")) this.#note(piece, this.parts.text("unsent"));
      }, SHOW_UNSENT_AFTER);
    }
    this.#follow();
  }

  /** The service will not have it: the text comes back to an empty composer. */
  refuse(id, reason) {
    const piece = this.#pieces.get(id);
    piece.removeAttribute("data-unsent");
    piece.setAttribute("data-refused", "");
    this.#note(piece, this.parts.text("refused", { reason }));
    this.draft ||= piece.querySelector('[data-fill="text"]').textContent;
  }

  #piece({ client_id: id, author, name, text }) {
    const piece = this.parts.copy("message");
    piece.dataset.author = author;
    this.parts.fill({ text, name: author === "citizen" ? this.parts.text("you") : name }, piece);
    this.#pieces.set(id, piece);
    return piece;
  }

  #note(piece, sentence) {
    say(piece.querySelector('[data-fill="state"]'), sentence);
    this.#follow();
  }

  /** What scrolls: the log, or on low screens the whole window. */
  get #box() {
    return this.scroller.scrollHeight > this.scroller.clientHeight ? this.scroller : this.dialog;
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.#box;
    this.#following = scrollHeight - scrollTop - clientHeight < NEAR_THE_END;
  }

  #follow() {
    if (this.#following) this.#box.scrollTop = this.#box.scrollHeight;
  }

  #key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.composer.requestSubmit();
  }

  #submitted(event) {
    event.preventDefault();
    const message = { client_id: newId(), text: this.draft.trim() };
    this.field.focus();
    if (!message.text) return;
    this.draft = "";
    this.showUnsent([message]);
    this.send(message);
  }

  #count() {
    const number = this.field.maxLength - this.draft.length;
    const near = this.field.maxLength > 0 && number < SHOW_LEFT_BELOW;
    this.parts.part("left").textContent = near ? this.parts.text("characters", { number }) : "";
  }
}

/** 125 seconds are 2:05. */
export const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

export class Countdown {
  warnings = WARNINGS; // seconds before the end, the first one first
  #timer = 0;

  /** `over()` hears of zero: it is the service that ends. */
  constructor(parts, { announce, over }) {
    Object.assign(this, { parts, announce, over });
  }

  /** Count down `remaining` seconds of `whole`. */
  set(remaining, whole) {
    const ends = Date.now() + remaining * 1000;
    let before = Infinity;
    this.stop();
    const tick = () => {
      const left = Math.max(0, Math.ceil((ends - Date.now()) / 1000));
      this.#show(left, whole);
      const mark = this.warnings.find((seconds) => left <= seconds && seconds < before);
      if (mark && before < Infinity) this.announce(this.parts.text("left", { time: clock(mark) }));
      before = left;
      if (left) return;
      this.stop();
      this.over();
    };
    this.#timer = setInterval(tick, 1000);
    tick();
  }

  stop() {
    clearInterval(this.#timer);
  }

  #show(left, whole) {
    const timer = this.parts.part("timer");
    timer.textContent = this.parts.text(left ? "left" : "over", { time: clock(left) });
    timer.toggleAttribute("data-hurry", left <= (this.warnings[0] ?? 0));
    this.parts.part("progress").style.inlineSize = `${(100 * left) / whole}%`;
  }
}
