/**
 * What the desk knows: who waits, the conversations in hand, which ones stand side by side. It turns
 * the server's frames into that knowledge, and the agent's wishes into frames.
 */

import { learnServerTime } from "./desk-clock.js";
import { DeskConversation } from "./desk-conversation.js";
import { DRAFTS, keep, NOTES, remembered, SEEN } from "./desk-memory.js";
import { DeskOutbox } from "./desk-outbox.js";
import { DeskPlaces } from "./desk-places.js";

export class DeskStore extends DeskPlaces {
  agent = null;
  waiting = [];
  line = "connecting";
  /** Waiting citizens whom the agent has just asked for. */
  claiming = new Set();
  #line;
  #outbox;
  #seen = remembered(SEEN);
  #drafts = remembered(DRAFTS);
  #notes = remembered(NOTES);
  /** The conversations that a supervisor has asked to read along. */
  #watching = new Set();

  /** `staff`: who attends what (desk-staff.js). */
  constructor(line, staff) {
    super();
    this.#line = line;
    this.#outbox = new DeskOutbox(line);
    this.staff = staff;
    line.addEventListener("frame", ({ detail }) => this.#receive(detail));
    line.addEventListener("state", ({ detail }) => this.#lineIs(detail));
    this.addEventListener("change", () => this.#askForContexts());
    line.following = () =>
      [...this.conversations.values()].filter(({ ended }) => !ended).map(({ id, last }) => [id, last]);
  }

  /** Those that the agent attends, or has attended and not put away. */
  get mine() {
    return [...this.conversations.values()].filter((each) => this.staff.attends(each));
  }

  get unread() {
    return this.mine.reduce((sum, { unread }) => sum + unread, 0);
  }

  // What the agent does

  accept(id) {
    if (!this.#line.send({ type: "accept", conversation: id })) return;
    this.claiming.add(id);
    this.changed();
  }

  /** Read along in what a colleague attends. */
  watch(id) {
    if (this.conversations.has(id)) this.show(id);
    else if (this.#line.send({ type: "open", conversation: id })) this.#watching.add(id);
  }

  /** Put a conversation away. */
  putAway(id) {
    this.conversations.delete(id);
    delete this.#drafts[id];
    keep(DRAFTS, this.#drafts);
    const stood = this.panes.indexOf(id);
    if (stood >= 0) this.closePane(stood);
    else this.changed();
  }

  send(conversation, text, facts = {}) {
    const entry = conversation.write(text, facts);
    this.#outbox.post(conversation, entry);
    this.changed();
  }

  /** Write a note for colleagues. */
  note(conversation, text) {
    this.#outbox.post(conversation, conversation.write(text, {}, "note"));
    this.changed();
  }

  /** What the agent has not sent yet: kept in this tab, also when it is loaded anew. */
  draft(conversation, text, isNote = false) {
    conversation[isNote ? "note" : "draft"] = text;
    const drafts = isNote ? this.#notes : this.#drafts;
    if (text) drafts[conversation.id] = text;
    else delete drafts[conversation.id];
    keep(isNote ? NOTES : DRAFTS, drafts);
  }

  /** Tell the citizen that the agent is writing. */
  writing(conversation) {
    if (conversation && !conversation.ended) this.ask({ type: "writing", conversation: conversation.id });
  }

  /** Send a frame whose answer is heard later; whether there was a line to send it on. */
  ask(frame) {
    return this.#line.send(frame);
  }

  retry(conversation, clientId) {
    const entry = conversation.outbox.find(({ client_id }) => client_id === clientId);
    entry.failed = null;
    this.#outbox.post(conversation, entry);
    this.changed();
  }

  discard(conversation, clientId) {
    conversation.discard(clientId);
    this.changed();
  }

  end(id, reason) {
    return this.#line.send({ type: "end", conversation: id, reason });
  }

  resendUnconfirmed() {
    if (this.line !== "open") return;
    for (const conversation of this.conversations.values()) this.#outbox.postAgain(conversation);
  }

  /** The agent has the last message of `conversation` before their eyes. */
  markSeen(conversation) {
    if (conversation.seen >= conversation.last) return;
    conversation.seen = conversation.last;
    this.#seen[conversation.id] = conversation.seen;
    keep(SEEN, this.#seen);
    this.ask({ type: "seen", conversation: conversation.id, after: conversation.seen });
    this.changed();
  }

  // What the server says

  #receive(frame) {
    if (frame.now) learnServerTime(frame.now);
    const conversation = this.conversations.get(frame.conversation?.id ?? frame.conversation);
    switch (frame.type) {
      case "desk":
        return this.#desk(frame);
      case "opened":
        return this.#opened(frame);
      case "message":
        return conversation && this.#arrive(conversation, [frame.message]);
      case "messages":
        return conversation && this.#arrive(conversation, frame.messages);
      case "ack":
        return conversation && this.#acknowledged(conversation, frame);
      case "conversation":
        return conversation && this.#updated(conversation, frame.conversation);
      case "gone":
        return conversation && this.#gone(conversation);
      case "error":
        return this.#refused(conversation, frame);
      case "marks":
        return conversation && this.#told(() => conversation.mark(frame.marks));
      case "writing":
        return conversation && this.#told(() => conversation.hearWriting());
      case "note":
        return conversation && this.#told(() => conversation.receiveNotes([frame.note]));
      case "context":
        return conversation && this.#told(() => (conversation.context = frame.context));
      case "earlier":
        return conversation && this.#told(() => (conversation.earlier = frame.earlier));
      case "restricted":
        return conversation && this.tell("restricted", conversation);
    }
  }

  #desk({ agent, waiting, mine, others }) {
    const known = new Set(this.waiting.map(({ id }) => id));
    const offered = new Set(this.waiting.filter((card) => this.staff.isOffered(card)).map(({ id }) => id));
    this.agent = agent;
    // A frame made just before we accepted somebody would show them as waiting once more.
    this.#released(waiting);
    this.waiting = waiting.filter(({ id }) => !this.conversations.has(id));
    for (const card of mine) this.#hold(card);
    const watched = others.filter(({ id }) => this.conversations.has(id));
    for (const card of watched) this.#hold(card);
    const held = new Set([...mine, ...watched].map(({ id }) => id));
    for (const conversation of this.conversations.values()) {
      if (!conversation.ended && !held.has(conversation.id)) this.#outbox.ask(conversation);
    }
    this.restore();
    const queued = this.waiting.filter(({ id }) => !known.has(id));
    if (queued.length) this.tell("queued", queued);
    const mineNow = this.waiting.filter((card) => this.staff.isOffered(card) && !offered.has(card.id));
    if (mineNow.length) this.tell("offered", mineNow);
    this.changed();
  }

  /** A conversation in hand: read it when we know less than the server. */
  #hold(card) {
    const known = this.conversations.get(card.id);
    if (known) this.#updated(known, card);
    else this.#outbox.ask(this.#begin(card));
  }

  #begin(card) {
    const conversation = new DeskConversation(card);
    conversation.seen = this.#seen[card.id] ?? 0;
    conversation.draft = this.#drafts[card.id] ?? "";
    conversation.note = this.#notes[card.id] ?? "";
    this.conversations.set(card.id, conversation);
    return conversation;
  }

  /** What was passed to a topic waits again: it is nobody's. */
  #released(waiting) {
    for (const { id, state } of waiting) {
      if (state === "active" && this.conversations.has(id)) this.putAway(id);
    }
  }

  /** It is a colleague's now: nothing of it stays here. */
  #gone(conversation) {
    const { id, card } = conversation;
    this.#outbox.answered(id);
    this.putAway(id);
    if (card.agent_id === this.agent.id) this.tell("gone", conversation);
  }

  #opened({ conversation: card, messages, notes = [] }) {
    this.#outbox.answered(card.id);
    const accepted = this.claiming.delete(card.id) || this.#watching.delete(card.id);
    const conversation = this.conversations.get(card.id) ?? this.#begin(card);
    this.waiting = this.waiting.filter(({ id }) => id !== card.id);
    this.#arrive(conversation, messages);
    conversation.receiveNotes(notes);
    this.#updated(conversation, card);
    if (accepted) this.show(card.id);
  }

  #arrive(conversation, messages) {
    const history = conversation.last === 0;
    const fresh = [];
    for (const message of messages) {
      const outcome = conversation.receive(message);
      if (outcome === "new") fresh.push(message);
      if (outcome === "gap") {
        this.#outbox.read(conversation);
        break;
      }
    }
    if (fresh.length) this.tell("arrived", { conversation, messages: fresh, history });
    // A long conversation comes in pages.
    if (fresh.length > 1 && conversation.behind) this.#outbox.read(conversation);
    this.changed();
  }

  #acknowledged(conversation, { client_id, seq }) {
    const outcome = conversation.acknowledge(client_id, seq, this.agent.name);
    if (outcome === "gap") this.#outbox.read(conversation);
    this.changed();
  }

  #updated(conversation, card) {
    const running = !conversation.ended;
    conversation.update(card);
    if (running && conversation.ended) this.tell("ended", conversation);
    if (conversation.behind) this.#outbox.read(conversation);
    this.changed();
  }

  #refused(conversation, frame) {
    const { code, message, client_id, conversation: id } = frame;
    const wanted = [this.claiming.delete(id), this.#watching.delete(id)].includes(true);
    if (id && !wanted && ["not_found", "not_permitted"].includes(code)) {
      // A mark of ours crossed with the news that it is a colleague's now.
      if (!conversation) return;
      if (this.#outbox.isAsked(id)) {
        this.#gone(conversation);
        return;
      }
    }
    const refusal = new CustomEvent("refused", { detail: frame, cancelable: true });
    if (conversation && client_id) conversation.refuse(client_id, message);
    else if (this.dispatchEvent(refusal)) this.tell("notice", { code, message });
    this.changed();
  }

  #lineIs(state) {
    this.line = state;
    if (state !== "open") this.claiming.clear();
    if (state === "open") this.#catchUp();
    this.changed();
  }

  /** After a break. */
  #catchUp() {
    for (const conversation of this.conversations.values()) {
      conversation.hasAskedContext = false;
      if (!conversation.ended) this.#outbox.catchUp(conversation);
    }
  }

  /** What stands beside a conversation is asked when it is first shown. */
  #askForContexts() {
    for (const conversation of this.panes.map((id) => this.conversations.get(id))) {
      if (!conversation?.last || conversation.context || conversation.hasAskedContext) continue;
      conversation.hasAskedContext = this.ask({ type: "context", conversation: conversation.id });
    }
  }

  #told(take) {
    take();
    this.changed();
  }
}
