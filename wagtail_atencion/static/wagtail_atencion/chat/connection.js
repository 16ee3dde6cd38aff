/**
 * A conversation by socket, or by plain HTTP while there is none.
 *
 * `seq` is the truth: a message is passed on only if it is the next one, and what is missing is read
 * again. What the citizen writes stays in the outbox, under one client_id, until acknowledged.
 */

import { call, Refusal } from "./api.js";

const OPENS_WITHIN = 5_000; // milliseconds; then the network is taken to block sockets
const RETRY = 500; // doubled with each failure
const LONGEST_RETRY = 30_000;
const POLL = 3_000;
const POLL_UNSEEN = 10_000;
const READ_PAUSE = 250;
const WHEN_TOO_MANY = 10; // seconds
const SILENCE = 2.5; // beats
const STATES = ["waiting", "active", "ended"]; // a late answer never goes back

const BAD_SECRET = 4401;
const TOO_MANY = 4429;
const HOPELESS = [4400, 4403]; // bad frame, forbidden: no socket any more

export class Connection {
  #last = 0; // seq passed on
  #newest = 0; // seq heard of
  #state = 0;
  #socket = null;
  #up = false; // welcomed
  #wasUp = false;
  #beat = 20; // seconds
  #heard = 0;
  #tries = 0;
  #posting = false;
  #timers = {};
  #stopping = new AbortController();

  /**
   * `session` holds id, secret and outbox; `keep()` stores it. `on` hears: message(message),
   * conversation(conversation), status("ok", "connecting" or "offline"), refused(client_id, reason),
   * lost() when the service knows no such conversation, or not with this secret.
   */
  constructor({ api, path, lang, session, keep, on }) {
    Object.assign(this, { api, lang, session, keep, on });
    this.address = location.origin.replace("http", "ws") + path;
  }

  start() {
    const { signal } = this.#stopping;
    const wake = () => this.#woken();
    for (const news of ["online", "offline", "pageshow"]) addEventListener(news, wake, { signal });
    document.addEventListener("visibilitychange", wake, { signal });
    this.#connect();
  }

  stop() {
    this.#stopping.abort();
    this.#hangUp();
    Object.values(this.#timers).forEach(clearTimeout);
  }

  /** Send {client_id, text} now, or when that is possible again. */
  send(message) {
    this.session.outbox.push(message);
    this.keep();
    this.#flush();
  }

  async end() {
    this.#take(await this.#ask("/end", {}));
  }

  async extend() {
    this.#take(await this.#ask("/extend", {}));
  }

  refresh() {
    this.#later("poll", 0, () => this.#poll());
  }

  #ask(tail, body) {
    return call(this.api + tail, { lang: this.lang, secret: this.session.secret, body });
  }

  #later(name, delay, task) {
    clearTimeout(this.#timers[name]);
    if (!this.#stopping.signal.aborted) this.#timers[name] = setTimeout(task, delay);
  }

  // Socket

  #connect() {
    this.#hangUp();
    this.#socket = new WebSocket(this.address);
    this.#socket.onopen = () => this.#hello();
    this.#socket.onmessage = (event) => this.#hear(JSON.parse(event.data));
    this.#socket.onclose = (event) => this.#fell(event.code);
    this.#later("silence", OPENS_WITHIN, () => this.#fell());
  }

  #hello() {
    const { id: conversation, secret } = this.session;
    this.#write({ type: "hello", conversation, secret, after: this.#last, lang: this.lang });
  }

  #write(frame) {
    this.#socket.send(JSON.stringify(frame));
  }

  #hear(frame) {
    const { type } = frame;
    this.#heard = Date.now();
    if (type === "welcome") this.#welcome(frame);
    this.#later("silence", this.#beat * 1000 * SILENCE, () => this.#fell());
    if (type === "message") this.#take({ messages: [frame.message] });
    else if (type === "ack") this.#acknowledged(frame);
    else if (type === "terms") this.on.terms(frame);
    else if (type === "error") this.#refused(frame.client_id, frame);
    else this.#take(frame);
    if (type === "welcome" || type === "beat") this.#flush(); // what is not acknowledged
  }

  #welcome({ beat }) {
    this.#up = this.#wasUp = true;
    this.#tries = 0;
    this.#beat = beat;
    this.#pulse();
    clearTimeout(this.#timers.poll);
    this.on.status("ok");
  }

  #pulse() {
    this.#later("pulse", this.#beat * 1000, () => {
      this.#write({ type: "beat" });
      this.#pulse();
    });
  }

  #hangUp() {
    for (const name of ["retry", "silence", "pulse"]) clearTimeout(this.#timers[name]);
    const socket = this.#socket;
    this.#socket = null;
    this.#up = false;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  #fell(code) {
    this.#hangUp();
    if (code === BAD_SECRET) return this.#lose();
    this.#tellFailure();
    const delay = Math.min(LONGEST_RETRY, RETRY * 2 ** this.#tries++);
    const least = code === TOO_MANY ? WHEN_TOO_MANY * 1000 : delay / 2;
    const jitter = (Math.random() * delay) / 2; // not all at once
    if (!HOPELESS.includes(code)) this.#later("retry", least + jitter, () => this.#connect());
    if (this.#tries === 1) this.#later("poll", this.#wasUp ? POLL : 0, () => this.#poll());
  }

  #woken() {
    const fresh = this.#up && navigator.onLine && Date.now() - this.#heard < this.#beat * 1500;
    if (document.hidden || fresh) return;
    this.#tries = 0;
    this.#connect();
  }

  // HTTP

  async #poll() {
    let delay = document.hidden ? POLL_UNSEEN : POLL;
    try {
      this.#take(await this.#ask(`?after=${this.#last}`));
      this.on.status("ok");
      await this.#post();
    } catch (reason) {
      if (["not_found", "not_permitted"].includes(reason.code)) return this.#lose();
      if (reason.retry_after) delay = reason.retry_after * 1000;
      if (!this.#up) this.#tellFailure();
    }
    if (!this.#up) this.#later("poll", delay, () => this.#poll());
  }

  async #post() {
    const { session } = this;
    if (this.#posting) return;
    this.#posting = true;
    try {
      while (session.outbox.length && !this.#up) await this.#postOne(session.outbox[0]);
    } finally {
      this.#posting = false;
    }
  }

  async #postOne(message) {
    try {
      this.#acknowledged((await this.#ask("/messages", message)).message);
    } catch (reason) {
      if (!(reason instanceof Refusal) || reason.code === "too_many") throw reason;
      this.#refused(message.client_id, reason);
    }
  }

  // Both

  #tellFailure() {
    this.on.status(navigator.onLine ? "connecting" : "offline");
  }

  #flush() {
    const { outbox } = this.session;
    if (this.#up) for (const message of outbox) this.#write({ type: "send", ...message });
    else if (outbox.length) this.refresh();
  }

  #take({ conversation, messages = [], last_seq: newest = conversation?.last_seq ?? 0 }) {
    for (const message of messages) this.#accept(message);
    this.#newest = Math.max(this.#newest, newest);
    if (conversation) this.#stands(conversation);
    if (this.#last < this.#newest) this.#readOn();
    else if (STATES[this.#state] === "ended") this.stop();
  }

  #accept(message) {
    const { seq, client_id: id } = message;
    this.#newest = Math.max(this.#newest, seq);
    if (seq > this.#last + 1) return;
    this.#settle(id);
    if (seq <= this.#last) return;
    this.#last = seq;
    this.on.message(message);
  }

  #stands(conversation) {
    const state = STATES.indexOf(conversation.state);
    if (state < this.#state) return;
    this.#state = state;
    this.on.conversation(conversation);
  }

  #readOn() {
    this.#later("read", READ_PAUSE, () => {
      if (this.#up) this.#write({ type: "read", after: this.#last });
    });
  }

  #acknowledged({ client_id: id, seq }) {
    const sent = this.#settle(id);
    if (sent) this.#take({ messages: [{ ...sent, seq, author: "citizen", at: new Date().toISOString() }] });
  }

  #refused(id, { code, message, retry_after: wait = WHEN_TOO_MANY }) {
    if (code === "too_many") return this.#later("flush", wait * 1000, () => this.#flush());
    if (code === "ended") this.refresh();
    if (this.#settle(id)) this.on.refused(id, message);
  }

  /** Take a message out of the outbox. */
  #settle(id) {
    const { outbox } = this.session;
    const place = outbox.findIndex((message) => message.client_id === id);
    if (place < 0) return null;
    const [message] = outbox.splice(place, 1);
    this.keep();
    return message;
  }

  #lose() {
    this.stop();
    this.on.lost();
  }
}
