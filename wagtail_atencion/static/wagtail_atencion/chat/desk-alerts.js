/**
 * What calls the agent: the number in the page's title, and what a screen reader says.
 */

import { clockFace } from "./desk-clock.js";

// Remaining seconds at which the time left is said aloud.
const MILESTONES = [60, 30, 10];

export class DeskAlerts {
  #store;
  #texts;
  #voice;
  #title = document.title;
  #said = new Map();

  constructor(voice, store, texts) {
    this.#voice = voice;
    this.#store = store;
    this.#texts = texts;
    store.addEventListener("change", () => this.#badge());
    store.addEventListener("queued", ({ detail }) => this.#queued(detail));
    store.addEventListener("offered", ({ detail }) => this.#offered(detail));
    store.addEventListener("ended", ({ detail }) => this.#ended(detail));
    store.addEventListener("arrived", ({ detail }) => this.#arrived(detail));
    store.addEventListener("say", ({ detail }) => this.#say(detail));
  }

  tick() {
    const { open } = this.#store;
    if (!open || open.remaining === null) return;
    const before = this.#said.get(open.id) ?? Infinity;
    // None while there is plenty of time, also when there is plenty again after an extension.
    const passed = MILESTONES.findLast((seconds) => open.remaining <= seconds) ?? Infinity;
    this.#said.set(open.id, passed);
    if (passed >= before) return;
    this.#say(this.#texts.get("left", { time: clockFace(open.remaining) }));
  }

  #badge() {
    const count = this.#store.waiting.length + this.#store.unread;
    document.title = count ? `(${count}) ${this.#title}` : this.#title;
  }

  #queued(cards) {
    const values = { n: this.#store.waiting.length, name: cards.at(-1).name };
    this.#say(this.#texts.get("queued", values));
  }

  #offered(cards) {
    for (const { name } of cards) this.#say(`${this.#texts.get("offered-you")}: ${name}`);
  }

  #arrived({ conversation, messages, history }) {
    if (history) return;
    for (const { author, name, text } of messages) {
      if (author !== "citizen") continue;
      if (conversation === this.#store.open) this.#say(`${name}: ${text}`);
      else this.#say(this.#texts.get("elsewhere", { name: conversation.card.name }));
    }
  }

  #ended({ card: { id, name, end_text } }) {
    this.#said.delete(id);
    this.#say(this.#texts.get("over", { name, reason: end_text }));
  }

  /** Each sentence is its own line of the live region, so that none is swallowed by the next. */
  #say(sentence) {
    const line = document.createElement("p");
    line.textContent = sentence;
    this.#voice.append(line);
    setTimeout(() => line.remove(), 10_000);
  }
}
