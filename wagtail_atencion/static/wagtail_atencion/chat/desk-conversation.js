/**
 * One conversation in an agent's hands: what was said, in order, and what waits to be confirmed.
 * Nothing here touches the page or the network.
 */

import { secondsSince, secondsUntil, settled } from "./desk-clock.js";

const WRITING_FOR = 5000; // milliseconds

export class DeskConversation {
  card;
  messages = [];
  /** Sent, not yet confirmed: {client_id, text, failed: a message of the server or null}. */
  outbox = [];
  draft = "";
  /** A draft for colleagues, and what is sent with the next answer. */
  note = "";
  facts = {};
  notes = [];
  /** What stands beside it, and the citizen's earlier conversations: null until they are told. */
  context = null;
  earlier = null;
  hasAskedContext = false;
  #writingUntil = 0;
  /** The last message that was on the agent's screen. */
  seen = 0;
  deadline = null;

  constructor(card) {
    this.update(card);
  }

  get id() {
    return this.card.id;
  }

  get last() {
    return this.messages.at(-1)?.seq ?? 0;
  }

  get ended() {
    return this.card.state === "ended";
  }

  get unread() {
    let count = 0;
    for (let at = this.messages.length - 1; at >= 0 && this.messages[at].seq > this.seen; at -= 1) {
      if (this.messages[at].author === "citizen") count += 1;
    }
    return count;
  }

  /** Seconds the conversation may still last, or null when it is not running. */
  get remaining() {
    return this.deadline === null || this.ended ? null : secondsUntil(this.deadline);
  }

  /** Whether the server has more than we do. */
  get behind() {
    return this.card.last_seq > this.last;
  }

  /** Take a newer card; an ended conversation never runs again, whatever arrives late. */
  update(card) {
    if (this.card && this.ended && card.state !== "ended") return;
    const { citizen_has = 0, citizen_saw = 0 } = this.card ?? {};
    this.card = card;
    // The card may have been read before the last marks were told.
    this.mark({ citizen_has, citizen_saw });
    this.deadline = card.remaining == null ? null : settled(this.deadline, card.remaining);
  }

  /** Take one message: "new", "known" (a repetition), or "gap" when something is missing before. */
  receive(message) {
    if (message.seq > this.last + 1) return "gap";
    this.discard(message.client_id);
    if (message.seq <= this.last) return "known";
    if (message.author === "citizen") this.#writingUntil = 0;
    this.messages.push(message);
    return "new";
  }

  /** Seconds since it was accepted, or null while it is not running. */
  get elapsed() {
    return this.remaining === null ? null : secondsSince(this.card.accepted_at);
  }

  /** Whether the citizen is writing, as far as was told. */
  get writing() {
    return !this.ended && performance.now() < this.#writingUntil;
  }

  hearWriting() {
    this.#writingUntil = performance.now() + WRITING_FOR;
  }

  /** Take how far each side is; marks never go back. */
  mark(marks) {
    for (const [name, seq] of Object.entries(marks)) {
      this.card[name] = Math.max(this.card[name] ?? 0, seq);
    }
  }

  /** Take notes; one that is known already stays where it is. */
  receiveNotes(notes) {
    for (const note of notes) {
      this.discard(note.client_id);
      if (!this.notes.some(({ client_id }) => client_id === note.client_id)) this.notes.push(note);
    }
    this.notes.sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
  }

  /** Write a message, or a note, with further `facts` to send; returns its entry. */
  write(text, facts, type = "send") {
    const entry = { client_id: newId(), type, text, facts, failed: null };
    this.outbox.push(entry);
    return entry;
  }

  /** The server stored one of ours under `seq`. */
  acknowledge(client_id, seq, name) {
    const entry = this.outbox.find((candidate) => candidate.client_id === client_id);
    if (!entry) return "known";
    const at = new Date().toISOString();
    return this.receive({ seq, client_id, author: "agent", name, text: entry.text, at });
  }

  /** The server refused one of ours, and said why. */
  refuse(client_id, reason) {
    const entry = this.outbox.find((candidate) => candidate.client_id === client_id);
    if (entry) entry.failed = reason;
  }

  discard(client_id) {
    this.outbox = this.outbox.filter((entry) => entry.client_id !== client_id);
  }
}

/** A random UUID, version 4 (RFC 9562), also where `crypto.randomUUID` is kept for HTTPS pages. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
