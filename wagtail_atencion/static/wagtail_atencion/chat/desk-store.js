/**
 * What the desk knows: who waits, the conversations in hand, which one is open. It turns the
 * server's frames into that knowledge, and the agent's wishes into frames.
 *
 * Events: "change" (something to show anew), "arrived" (detail: {conversation, messages, history};
 * history says that they were only loaded now), "queued" (detail: cards that were not waiting
 * before), "ended" (detail: the conversation), "opened" (detail: the conversation now open, or
 * null), "notice" (detail: {code, message}).
 */

import { learnServerTime } from "./desk-clock.js";
import { DeskConversation } from "./desk-conversation.js";

const SEEN_KEY = "atencion-desk-seen";
const CONFIRM_WITHIN = 8000; // milliseconds

export class DeskStore extends EventTarget {
  agent = null;
  waiting = [];
  conversations = new Map();
  openId = null;
  line = "connecting";
  /** Waiting citizens whom the agent has just asked for. */
  claiming = new Set();
  #line;
  #seen = remembered();

  constructor(line) {
    super();
    this.#line = line;
    line.addEventListener("frame", ({ detail }) => this.#receive(detail));
    line.addEventListener("state", ({ detail }) => this.#lineIs(detail));
    line.following = () =>
      [...this.conversations.values()].filter(({ ended }) => !ended).map(({ id, last }) => [id, last]);
  }

  get open() {
    return this.conversations.get(this.openId) ?? null;
  }

  get unread() {
    return [...this.conversations.values()].reduce((sum, { unread }) => sum + unread, 0);
  }

  // What the agent does

  accept(id) {
    if (!this.#line.send({ type: "accept", conversation: id })) return;
    this.claiming.add(id);
    this.#changed();
  }

  show(id) {
    this.openId = id;
    this.#changed();
    this.#tell("opened", this.open);
  }

  /** Put an ended conversation away. */
  putAway(id) {
    this.conversations.delete(id);
    this.show(null);
  }

  send(text) {
    const entry = this.open.write(text);
    this.#post(this.open, entry);
    this.#changed();
  }

  retry(clientId) {
    const entry = this.open.outbox.find(({ client_id }) => client_id === clientId);
    entry.failed = null;
    this.#post(this.open, entry);
    this.#changed();
  }

  discard(clientId) {
    this.open.discard(clientId);
    this.#changed();
  }

  end(id, reason) {
    return this.#line.send({ type: "end", conversation: id, reason });
  }

  /** Send again what the server has not confirmed for a while: storing it twice is impossible. */
  resendUnconfirmed() {
    if (this.line !== "open") return;
    for (const conversation of this.conversations.values()) {
      for (const entry of conversation.outbox) {
        if (!entry.failed && performance.now() - entry.posted > CONFIRM_WITHIN) {
          this.#post(conversation, entry);
        }
      }
    }
  }

  /** The agent has the open conversation's last message before their eyes. */
  markSeen() {
    const { open } = this;
    if (!open || open.seen >= open.last) return;
    open.seen = open.last;
    this.#seen[open.id] = open.seen;
    sessionStorage.setItem(SEEN_KEY, JSON.stringify(this.#seen));
    this.#changed();
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
      case "error":
        return this.#refused(conversation, frame);
    }
  }

  #desk({ agent, waiting, mine }) {
    const known = new Set(this.waiting.map(({ id }) => id));
    this.agent = agent;
    // A frame made just before we accepted somebody would show them as waiting once more.
    this.waiting = waiting.filter(({ id }) => !this.conversations.has(id));
    for (const card of mine) this.#hold(card);
    const held = new Set(mine.map(({ id }) => id));
    for (const conversation of this.conversations.values()) {
      if (!conversation.ended && !held.has(conversation.id)) this.#ask(conversation);
    }
    const queued = this.waiting.filter(({ id }) => !known.has(id));
    if (queued.length) this.#tell("queued", queued);
    this.#changed();
  }

  /** A conversation in hand: read it when we know less than the server. */
  #hold(card) {
    const known = this.conversations.get(card.id);
    if (known) this.#updated(known, card);
    else this.#ask(this.#begin(card));
  }

  #begin(card) {
    const conversation = new DeskConversation(card);
    conversation.seen = this.#seen[card.id] ?? 0;
    this.conversations.set(card.id, conversation);
    return conversation;
  }

  #opened({ conversation: card, messages }) {
    const accepted = this.claiming.delete(card.id);
    const conversation = this.conversations.get(card.id) ?? this.#begin(card);
    this.waiting = this.waiting.filter(({ id }) => id !== card.id);
    this.#arrive(conversation, messages);
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
        this.#read(conversation);
        break;
      }
    }
    if (fresh.length) this.#tell("arrived", { conversation, messages: fresh, history });
    // A long conversation comes in pages.
    if (fresh.length > 1 && conversation.behind) this.#read(conversation);
    this.#changed();
  }

  #acknowledged(conversation, { client_id, seq }) {
    const outcome = conversation.acknowledge(client_id, seq, this.agent.name);
    if (outcome === "gap") this.#read(conversation);
    this.#changed();
  }

  #updated(conversation, card) {
    const running = !conversation.ended;
    conversation.update(card);
    if (running && conversation.ended) this.#tell("ended", conversation);
    if (conversation.behind) this.#read(conversation);
    this.#changed();
  }

  #refused(conversation, { code, message, client_id, conversation: id }) {
    this.claiming.delete(id);
    if (conversation && client_id) conversation.refuse(client_id, message);
    else this.#tell("notice", { code, message });
    this.#changed();
  }

  #lineIs(state) {
    this.line = state;
    if (state !== "open") this.claiming.clear();
    if (state === "open") this.#catchUp();
    this.#changed();
  }

  /** After a break: read what was said meanwhile, and send again what was never confirmed. */
  #catchUp() {
    for (const conversation of this.conversations.values()) {
      if (conversation.ended) continue;
      this.#ask(conversation);
      for (const entry of conversation.outbox) {
        if (!entry.failed) this.#post(conversation, entry);
      }
    }
  }

  /** Ask how a conversation stands, and to hear of it from now on. */
  #ask({ id, last }) {
    this.#line.send({ type: "open", conversation: id, after: last });
  }

  #read(conversation) {
    this.#line.send({ type: "read", conversation: conversation.id, after: conversation.last });
  }

  #post(conversation, entry) {
    const { client_id, text } = entry;
    entry.posted = performance.now();
    this.#line.send({ type: "send", conversation: conversation.id, client_id, text });
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}

function remembered() {
  try {
    return JSON.parse(sessionStorage.getItem(SEEN_KEY)) ?? {};
  } catch {
    return {};
  }
}
