/**
 * What the desk asks and sends for a conversation, and sends again until it is confirmed.
 */

const CONFIRM_WITHIN = 8000; // milliseconds
const ANSWER_WITHIN = 8000;

export class DeskOutbox {
  #line;
  #asked = new Set();
  /** After which message each conversation was asked for, and when: {after, at}. */
  #reading = new WeakMap();

  constructor(line) {
    this.#line = line;
  }

  /** Ask how a conversation stands, and to hear of it from now on. */
  ask(conversation) {
    if (this.#askFor(conversation, "open")) this.#asked.add(conversation.id);
  }

  /** Whether it was asked for and not answered yet. */
  isAsked(id) {
    return this.#asked.has(id);
  }

  answered(id) {
    this.#asked.delete(id);
  }

  /**
   * Ask for what follows the last message known, unless it is on its way: much tells that something
   * is missing while the answer comes, and the server closes a line that asks too often.
   */
  read(conversation) {
    const asked = this.#reading.get(conversation);
    const isComing = asked?.after === conversation.last && performance.now() - asked.at < ANSWER_WITHIN;
    if (!isComing) this.#askFor(conversation, "read");
  }

  #askFor(conversation, type) {
    const { id, last } = conversation;
    const isSent = this.#line.send({ type, conversation: id, after: last });
    if (isSent) this.#reading.set(conversation, { after: last, at: performance.now() });
    return isSent;
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
