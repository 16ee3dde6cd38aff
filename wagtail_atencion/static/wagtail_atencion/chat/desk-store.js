/**
 * What the desk knows: who waits, the conversations in hand, which ones stand side by side. It turns
 * the server's frames into that knowledge, and the agent's wishes into frames.
 *
 * Events: "change" (something to show anew), "arrived" (detail: {conversation, messages, history};
 * history says that they were only loaded now), "queued" (detail: cards that were not waiting
 * before), "ended" (detail: the conversation), "opened" (detail: the conversation now open, or
 * null), "notice" (detail: {code, message}).
 */

import { learnServerTime } from "./desk-clock.js";
import { DeskConversation } from "./desk-conversation.js";
import { DRAFTS, keep, PANES, remembered, SEEN } from "./desk-memory.js";

const CONFIRM_WITHIN = 8000; // milliseconds

export class DeskStore extends EventTarget {
  agent = null;
  waiting = [];
  conversations = new Map();
  /** The conversations that stand side by side, by id; there is always one place. */
  panes = [null];
  /** The place where the agent works. */
  active = 0;
  /** How many places there is room for. */
  room = 1;
  line = "connecting";
  /** Waiting citizens whom the agent has just asked for. */
  claiming = new Set();
  #line;
  #seen = remembered(SEEN);
  #drafts = remembered(DRAFTS);
  #before = remembered(PANES).ids ?? [];

  constructor(line) {
    super();
    this.#line = line;
    line.addEventListener("frame", ({ detail }) => this.#receive(detail));
    line.addEventListener("state", ({ detail }) => this.#lineIs(detail));
    line.following = () =>
      [...this.conversations.values()].filter(({ ended }) => !ended).map(({ id, last }) => [id, last]);
  }

  get openId() {
    return this.panes[this.active];
  }

  get open() {
    return this.inPane(this.active);
  }

  /** The conversation at place `number`, or null. */
  inPane(number) {
    return this.conversations.get(this.panes[number]) ?? null;
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

  /** Work with a conversation: where it stands already, else in the place of the one open. */
  show(id) {
    const stands = id === null ? -1 : this.panes.indexOf(id);
    if (stands >= 0) this.active = stands;
    else if (id === null && this.panes.length > 1) this.#close(this.active);
    else this.panes[this.active] = id;
    this.#arranged();
  }

  /** Work with a conversation beside the one open, if there is room. */
  showBeside(id) {
    if (this.open && !this.panes.includes(id) && this.panes.length < this.room) {
      this.active = this.panes.push(id) - 1;
    }
    this.show(id);
  }

  /** The agent goes on in another place. */
  activate(number) {
    if (number === this.active || number >= this.panes.length) return;
    this.active = number;
    this.#changed();
  }

  /** No more places than `room`: the one where the agent works stays. */
  makeRoom(room) {
    this.room = room;
    while (this.panes.length > room) this.#close(this.active === 0 ? 1 : 0);
    this.#changed();
  }

  closePane(number) {
    this.#close(number);
    this.#arranged();
  }

  /** Put an ended conversation away. */
  putAway(id) {
    this.conversations.delete(id);
    delete this.#drafts[id];
    keep(DRAFTS, this.#drafts);
    const stood = this.panes.indexOf(id);
    if (stood >= 0) this.closePane(stood);
    else this.#changed();
  }

  send(conversation, text, facts = {}) {
    const entry = conversation.write(text, facts);
    this.#post(conversation, entry);
    this.#changed();
  }

  /** What the agent has not sent yet: kept in this tab, also when it is loaded anew. */
  draft(conversation, text) {
    conversation.draft = text;
    if (text) this.#drafts[conversation.id] = text;
    else delete this.#drafts[conversation.id];
    keep(DRAFTS, this.#drafts);
  }

  retry(conversation, clientId) {
    const entry = conversation.outbox.find(({ client_id }) => client_id === clientId);
    entry.failed = null;
    this.#post(conversation, entry);
    this.#changed();
  }

  discard(conversation, clientId) {
    conversation.discard(clientId);
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

  /** The agent has the last message of `conversation` before their eyes. */
  markSeen(conversation) {
    if (conversation.seen >= conversation.last) return;
    conversation.seen = conversation.last;
    this.#seen[conversation.id] = conversation.seen;
    keep(SEEN, this.#seen);
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
    this.#restore();
    const queued = this.waiting.filter(({ id }) => !known.has(id));
    if (queued.length) this.#tell("queued", queued);
    this.#changed();
  }

  /** The places as they were before the page was loaded. */
  #restore() {
    const ids = this.#before.filter((id) => this.conversations.has(id)).slice(0, this.room);
    this.#before = [];
    if (ids.length) this.panes = ids;
  }

  #close(number) {
    if (this.panes.length === 1) this.panes = [null];
    else this.panes.splice(number, 1);
    if (number < this.active) this.active -= 1;
    this.active = Math.min(this.active, this.panes.length - 1);
  }

  #arranged() {
    keep(PANES, { ids: this.panes });
    this.#changed();
    this.#tell("opened", this.open);
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
    conversation.draft = this.#drafts[card.id] ?? "";
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
    const { client_id, text, facts } = entry;
    entry.posted = performance.now();
    this.#line.send({ type: "send", conversation: conversation.id, client_id, text, ...facts });
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}
