/**
 * One conversation of those side by side: its head with the time left, its log, and how it may end.
 */

import { clockFace, timeOfDay } from "./desk-clock.js";
import { copyOf, fill, syncList } from "./desk-dom.js";
import { LITTLE_TIME } from "./desk-lists.js";

const NEAR_THE_END = 80; // pixels

export class DeskThread {
  #root;
  #store;
  #texts;
  #number;
  #log;
  #shown = null;
  #atEnd = true;

  /** `number`: the place, counted from 0. */
  constructor(root, store, texts, number) {
    this.#root = root;
    this.#store = store;
    this.#texts = texts;
    this.#number = number;
    this.#log = root.querySelector("[data-log]");
    this.#log.addEventListener("scroll", () => this.#scrolled());
    this.#log.addEventListener("click", ({ target }) => this.#repair(target.closest("button")));
    this.#part("newer").addEventListener("click", () => this.#toEnd());
    this.#part("back").addEventListener("click", () => store.closePane(number));
    this.#part("close").addEventListener("click", () => store.closePane(number));
    this.#part("put-away").addEventListener("click", () => store.putAway(this.#open.id));
    this.#part("next").addEventListener("click", () => store.accept(store.waiting[0].id));
    for (const button of root.querySelectorAll("[data-end]")) {
      button.addEventListener("click", () => this.#askToEnd(button.dataset.end));
    }
    this.#part("misuse").addEventListener("click", () => store.tellMisuse(this.#open));
    root.addEventListener("focusin", () => store.activate(number));
    root.addEventListener("pointerdown", () => store.activate(number));
    document.addEventListener("visibilitychange", () => this.#look());
    store.addEventListener("change", () => this.render());
  }

  get #open() {
    return this.#store.inPane(this.#number);
  }

  render() {
    const { waiting, line, panes, active } = this.#store;
    const open = this.#open;
    this.#root.hidden = this.#number >= panes.length;
    this.#root.classList.toggle("is-active", this.#number === active);
    this.#part("close").hidden = panes.length < 2;
    this.#part("nothing").hidden = Boolean(open);
    this.#part("conversation").hidden = !open;
    this.#part("next").hidden = waiting.length === 0;
    this.#part("next").disabled = line !== "open";
    if (open) this.#renderOpen(open);
    this.#shown = open?.id ?? null;
  }

  /** What changes with the second alone. */
  tick() {
    const remaining = this.#open?.remaining ?? null;
    this.#part("writing").classList.toggle("is-writing", Boolean(this.#open?.writing));
    const clock = this.#part("clock");
    clock.hidden = remaining === null;
    if (remaining === null) return;
    fill(clock, { remaining: clockFace(remaining), elapsed: clockFace(this.#open.elapsed) });
    clock.classList.toggle("is-urgent", remaining <= LITTLE_TIME);
    const { accepted_at, expires_at } = this.#open.card;
    const whole = (Date.parse(expires_at) - Date.parse(accepted_at)) / 1000;
    clock.querySelector("progress").value = whole > 0 ? remaining / whole : 0;
  }

  #renderOpen(open) {
    const another = open.id !== this.#shown;
    fill(this.#root, { title: open.card.name, reference: open.card.reference });
    fill(this.#part("over"), { reason: open.card.end_text ?? "" });
    fill(this.#part("writing"), { writer: open.card.name });
    this.#close(open.ended);
    for (const button of this.#root.querySelectorAll("[data-end], [data-part='misuse']")) {
      button.disabled = this.#store.line !== "open";
    }
    this.#part("misuse").hidden = !open.context?.misuse;
    if (another) this.#log.replaceChildren();
    this.#renderLog(open);
    this.tick();
    if (another || this.#atEnd) this.#toEnd();
    else this.#part("newer").hidden = open.unread === 0;
  }

  /** Show how it ended in the place of the composer, and leave the focus there too. */
  #close(ended) {
    const [composer, over] = [this.#part("composer"), this.#part("over")];
    const held = !composer.hidden && this.#root.contains(document.activeElement);
    over.hidden = !ended;
    composer.hidden = ended;
    if (ended && held) over.focus();
  }

  #renderLog(open) {
    const said = open.messages.map((message, index) => ({
      ...message,
      key: message.client_id,
      again: continues(message, open.messages[index - 1]),
    }));
    const notes = open.notes.map((note) => ({ ...note, key: note.client_id, author: "note" }));
    const unsaid = open.outbox.map((entry) => ({
      ...entry,
      key: entry.client_id,
      author: entry.type === "note" ? "note" : "agent",
    }));
    this.#marks(open, said);
    syncList(this.#log, [...inOrder(said, notes), ...unsaid], {
      key: ({ key }) => key,
      create: () => copyOf(document.querySelector("template[data-item='message']")),
      update: (element, message) => this.#message(element, message),
    });
  }

  /** Say it once: at the last of the agent's messages that the citizen has seen, or that arrived. */
  #marks({ card }, said) {
    const last = (seq) => said.findLast((message) => message.author === "agent" && message.seq <= seq);
    const [seen, has] = [last(card.citizen_saw), last(card.citizen_has)];
    if (has) has.mark = this.#texts.get("arrived");
    if (seen) seen.mark = this.#texts.get("seen");
  }

  #message(element, { author, name, text, at, again, failed, reads_like_pqrd, mark = "" }) {
    const unsent = at === undefined;
    element.dataset.author = author;
    element.classList.toggle("is-again", Boolean(again));
    element.classList.toggle("is-unsent", unsent);
    element.classList.toggle("is-failed", Boolean(failed));
    fill(element, {
      name: name ?? this.#store.agent.name,
      text,
      at: at ? timeOfDay(at) : "",
      state: unsent ? failed || this.#unsent() : mark,
    });
    element.querySelector("[data-note]").hidden = author !== "note";
    element.querySelector("[data-pqrd]").hidden = !reads_like_pqrd;
    element.querySelector("[data-repair]").hidden = !failed;
  }

  #unsent() {
    return this.#texts.get(this.#store.line === "open" ? "sending" : "held");
  }

  #repair(button) {
    const clientId = button?.closest("[data-key]").dataset.key;
    if (button?.dataset.action === "retry") this.#store.retry(this.#open, clientId);
    if (button?.dataset.action === "discard") this.#store.discard(this.#open, clientId);
  }

  async #askToEnd(reason) {
    const open = this.#open;
    const dialog = document.querySelector(`dialog[data-ending="${reason}"]`);
    fill(dialog, { name: open.card.name });
    dialog.returnValue = "";
    dialog.showModal();
    await new Promise((closed) => dialog.addEventListener("close", closed, { once: true }));
    if (dialog.returnValue === "yes") this.#store.end(open.id, reason);
    // It may have ended while the question stood.
    if (this.#open?.ended) this.#part("over").focus();
  }

  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.#log;
    this.#atEnd = scrollHeight - scrollTop - clientHeight < NEAR_THE_END;
    this.#look();
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
