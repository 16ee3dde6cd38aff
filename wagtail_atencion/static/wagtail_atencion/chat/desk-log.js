/**
 * What was said in one conversation: the newest of it, and more when the agent goes back to read it.
 */

import { timeOfDay } from "./desk-clock.js";
import { copyOf, fill, syncList } from "./desk-dom.js";

const NEAR = 80; // pixels from either end
const PAGE = 100; // messages that are shown at first, and that are added at a time

export class DeskLog {
  #root;
  #store;
  #texts;
  #number;
  #log;
  #shown = null;
  #atEnd = true;
  /** How many of the oldest are not shown. */
  #left = 0;

  /** `root`: what holds the whole conversation; `number`: its place, counted from 0. */
  constructor(root, store, texts, number) {
    this.#root = root;
    this.#store = store;
    this.#texts = texts;
    this.#number = number;
    this.#log = root.querySelector("[data-log]");
    this.#log.addEventListener("scroll", () => this.#scrolled());
    this.#log.addEventListener("click", ({ target }) => this.#repair(target.closest("button")));
    this.#part("newer").addEventListener("click", () => this.#toEnd());
    this.#part("older").addEventListener("click", () => this.#goBack());
    document.addEventListener("visibilitychange", () => this.#look());
  }

  get #open() {
    return this.#store.inPane(this.#number);
  }

  render() {
    const open = this.#open;
    const another = open?.id !== this.#shown;
    this.#shown = open?.id;
    if (another) this.#log.replaceChildren();
    if (!open) return;
    const all = this.#entries(open);
    // Nothing is taken away above what the agent is reading.
    if (another || (this.#atEnd && all.length - this.#left > 2 * PAGE)) {
      this.#left = Math.max(0, all.length - PAGE);
    }
    syncList(this.#log, all.slice(this.#left), {
      key: ({ key }) => key,
      facts: (entry) => entry,
      create: () => copyOf(document.querySelector("template[data-item='message']")),
      show: (element, entry) => this.#message(element, entry),
    });
    this.#offerOlder();
    if (another || this.#atEnd) this.#toEnd();
    else this.#part("newer").hidden = open.unread === 0;
  }

  /** All that was said, and at last what waits to be confirmed. */
  #entries(open) {
    const said = open.messages.map((message, index) => ({
      ...message,
      key: message.client_id,
      again: continues(message, open.messages[index - 1]),
    }));
    const notes = open.notes.map((note) => ({ ...note, key: note.client_id, author: "note" }));
    const unsaid = open.outbox.map(({ client_id, type, text, failed }) => ({
      key: client_id,
      author: type === "note" ? "note" : "agent",
      name: this.#store.agent.name,
      text,
      failed,
      unsent: true,
      state: failed || this.#texts.get(this.#store.line === "open" ? "sending" : "held"),
    }));
    this.#marks(open, said);
    return [...inOrder(said, notes), ...unsaid];
  }

  /** Say it once: at the last of the agent's messages that the citizen has seen, or that arrived. */
  #marks({ card }, said) {
    const last = (seq) => said.findLast((message) => message.author === "agent" && message.seq <= seq);
    const [seen, has] = [last(card.citizen_saw), last(card.citizen_has)];
    if (has) has.state = this.#texts.get("arrived");
    if (seen) seen.state = this.#texts.get("seen");
  }

  #message(element, { author, name, text, at, again, failed, unsent, state, reads_like_pqrd }) {
    element.dataset.author = author;
    element.classList.toggle("is-again", Boolean(again));
    element.classList.toggle("is-unsent", Boolean(unsent));
    element.classList.toggle("is-failed", Boolean(failed));
    fill(element, { name, text, at: at ? timeOfDay(at) : "", state });
    element.querySelector("[data-note]").hidden = author !== "note";
    element.querySelector("[data-pqrd]").hidden = !reads_like_pqrd;
    element.querySelector("[data-repair]").hidden = !failed;
  }

  #repair(button) {
    const clientId = button?.closest("[data-key]").dataset.key;
    if (button?.dataset.action === "retry") this.#store.retry(this.#open, clientId);
    if (button?.dataset.action === "discard") this.#store.discard(this.#open, clientId);
  }

  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.#log;
    this.#atEnd = scrollHeight - scrollTop - clientHeight < NEAR;
    this.#offerOlder();
    this.#look();
  }

  #offerOlder() {
    this.#part("older").hidden = this.#left === 0 || this.#log.scrollTop > NEAR;
  }

  /** Show older messages; what the agent was reading stays where it is. */
  #goBack() {
    const below = this.#log.scrollHeight - this.#log.scrollTop;
    this.#left = Math.max(0, this.#left - PAGE);
    this.#atEnd = false;
    this.render();
    this.#log.scrollTop = this.#log.scrollHeight - below;
    if (this.#left === 0) this.#log.focus({ preventScroll: true });
  }

  #toEnd() {
    this.#log.scrollTop = this.#log.scrollHeight;
    this.#atEnd = true;
    this.#look();
  }

  /** What is at the end of a visible log has been seen. */
  #look() {
    if (!this.#open || !this.#atEnd || document.hidden) return;
    this.#part("newer").hidden = true;
    this.#store.markSeen(this.#open);
  }

  #part(name) {
    return this.#root.querySelector(`[data-part="${name}"]`);
  }
}

/** Messages and notes as they were written. */
function inOrder(said, notes) {
  const all = [...said];
  for (const note of notes) {
    const after = all.findLastIndex(({ at }) => Date.parse(at) <= Date.parse(note.at));
    all.splice(after + 1, 0, note);
    if (all[after + 2]) all[after + 2].again = false;
  }
  return all;
}

/** Whether a message goes on from the one before: same author, within a minute. */
function continues(message, before) {
  return (
    before?.author === message.author &&
    Date.parse(message.at) - Date.parse(before.at) < 60_000
  );
}
