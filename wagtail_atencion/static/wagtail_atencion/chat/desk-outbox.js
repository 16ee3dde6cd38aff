/**
 * What the desk asks and sends for a conversation, and sends again until it is confirmed.
 */

const CONFIRM_WITHIN = 8000; // milliseconds

export class DeskOutbox {
  #line;
  #asked = new Set();

  constructor(line) {
    this.#line = line;
  }

  /** Ask how a conversation stands, and to hear of it from now on. */
  ask({ id, last }) {
    if (this.#line.send({ type: "open", conversation: id, after: last })) this.#asked.add(id);
  }

  /** Whether it was asked for and not answered yet. */
  isAsked(id) {
    return this.#asked.has(id);
  }

  answered(id) {
    this.#asked.delete(id);
  }

  read({ id, last }) {
    this.#line.send({ type: "read", conversation: id, after: last });
  }

  post({ id }, entry) {
    const { type, client_id, text, facts } = entry;
    entry.posted = performance.now();
    this.#line.send({ type, conversation: id, client_id, text, ...facts });
  }

  /** Send again what was not refused and not confirmed for so long: storing it twice is impossible. */
  postAgain(conversation, patience = CONFIRM_WITHIN) {
    for (const entry of conversation.outbox) {
      if (!entry.failed && performance.now() - entry.posted >= patience) this.post(conversation, entry);
    }
  }

  /** After a break: read what was said meanwhile, and send what was never confirmed. */
  catchUp(conversation) {
    this.ask(conversation);
    this.postAgain(conversation, 0);
  }
}
