/**
 * The service, as docs/protocol.md tells: by socket or, while there is none, by HTTP. What is written
 * stays in the outbox, under one client_id, until it is acknowledged.
 */

const PATIENCE = 15_000; // milliseconds
const OPENS_WITHIN = 5_000; // then the network is taken to block sockets
const RETRY = 500; // doubled with each failure
const LONGEST_RETRY = 30_000;
const POLL = 3_000;
const POLL_UNSEEN = 10_000;
const READ_PAUSE = 250;
const WRITING_EVERY = 3_000;
const WHEN_TOO_MANY = 10; // seconds
const SILENCE = 2.5; // beats
const STATES = ["waiting", "active", "ended"]; // a late answer never goes back

const BAD_SECRET = 4401;
const TOO_MANY = 4429;
const HOPELESS = [4400, 4403]; // bad frame, forbidden: no socket any more

/** The service said no: code, message, fields, retry_after. */
export class Refusal extends Error {}

/** GET `url` as JSON or `as` "blob", or POST `body`. Throws Refusal, or whatever is worth a new try. */
export async function call(url, { lang, secret, body, signal, keepalive, as = "json" }) {
  const address = new URL(url, location);
  address.searchParams.set("lang", lang);
  const headers = { "Content-Type": "application/json" };
  if (secret) headers.Authorization = `Bearer ${secret}`;
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), PATIENCE);
  signal?.addEventListener("abort", () => limit.abort());
  try {
    const answer = await fetch(address, {
      method: body ? "POST" : "GET",
      headers,
      body: body && JSON.stringify(body),
      signal: limit.signal,
      keepalive,
    });
    if (answer.ok) return await answer[as]();
    throw Object.assign(new Refusal(), (await answer.json()).error);
  } finally {
    clearTimeout(timer);
  }
}

/** Random hexadecimal digits, two to a byte; they are base64url too, as a secret must be. */
export function randomHex(bytes) {
  const random = crypto.getRandomValues(new Uint8Array(bytes));
  return Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A random UUID v4; crypto.randomUUID is for https pages only. */
export function newId() {
  return randomHex(16).replace(/(.{8})(.{4}).(.{3}).(.{3})(.{12})/, "$1-$2-4$3-a$4-$5");
}

export class Connection {
  #last = 0; // seq passed on
  #newest = 0; // seq heard of
  #seen = 0; // seq that was on the screen
  #wrote = 0;
  #state = 0;
  #socket = null;
  #up = false; // welcomed
  #beat = 0; // seconds
  #heard = 0;
  #tries = 0;
  #polling = false;
  #timers = {};
  #stopping = new AbortController();

  /** `session` holds id, secret and outbox. */
  constructor(session, chat, { conversations, socket, lang }) {
    Object.assign(this, { session, chat, lang });
    this.api = `${conversations}/${session.id}`;
    this.address = location.origin.replace("http", "ws") + socket;
  }

  start() {
    const { signal } = this.#stopping;
    const wake = () => this.#woken();
    for (const news of ["online", "offline", "pageshow"]) addEventListener(news, wake, { signal });
    document.addEventListener("visibilitychange", wake, { signal });
    addEventListener("pagehide", () => this.#hangUp(), { signal }); // or there is no way back to it
    this.refresh(POLL);
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
    this.chat.keep();
    this.#flush();
  }

  /** POST `body` to, or without it GET, `tail` of the conversation; also when it has ended. */
  async ask(tail, body, as) {
    const { lang, session } = this;
    const answer = await call(this.api + tail, { lang, secret: session.secret, body, as });
    if (answer.conversation) this.#take(answer);
    return answer;
  }

  /** The citizen is writing. */
  writing() {
    if (!this.#up || Date.now() - this.#wrote < WRITING_EVERY) return;
    this.#wrote = Date.now();
    this.#write({ type: "writing" });
  }

  /** Say what has come, and what was on the screen. */
  mark() {
    if (this.chat.isSeen) this.#seen = this.#last;
    if (this.#up) this.#write({ type: "beat", after: this.#last, seen: this.#seen });
  }

  refresh(delay = 0) {
    this.#later("poll", delay, () => this.#poll());
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
    this.#later("silence", this.#beat * SILENCE, () => this.#fell());
    if (type === "ack") this.#acknowledged(frame);
    else if (type === "terms") this.chat.termsChanged(frame);
    else if (type === "writing") this.chat.agentWrites(frame.name);
    else if (type === "error") this.#refused(frame.client_id, frame);
    else this.#take(frame);
    if (type === "beat") this.mark();
    if (type === "welcome" || type === "beat") this.#flush(); // what is not acknowledged
  }

  #welcome({ beat }) {
    this.#up = true;
    this.#tries = 0;
    this.#beat = beat * 1000;
    clearTimeout(this.#timers.poll);
    this.chat.status("ok");
  }

  #hangUp() {
    for (const name of ["retry", "silence"]) clearTimeout(this.#timers[name]);
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
    const delay = Math.min(LONGEST_RETRY, RETRY * 2 ** this.#tries);
    const least = code === TOO_MANY ? WHEN_TOO_MANY * 1000 : delay / 2;
    const jitter = (Math.random() * delay) / 2; // not all at once
    if (!HOPELESS.includes(code)) this.#later("retry", least + jitter, () => this.#connect());
    if (this.#tries++) return; // by now it is known whether HTTP does
    this.#tellFailure();
    this.refresh(POLL);
  }

  #woken() {
    const fresh = this.#up && navigator.onLine && Date.now() - this.#heard < this.#beat * 1.5;
    if (document.hidden || fresh) return;
    this.#tries = 0;
    this.#connect();
  }

  // HTTP

  async #poll() {
    if (this.#polling) return; // its end asks for the next
    this.#polling = true;
    let delay = document.hidden ? POLL_UNSEEN : POLL;
    try {
      await this.ask(`?after=${this.#last}&seen=${this.#seen}`);
      this.chat.status("ok");
      while (this.session.outbox.length && !this.#up) await this.#post(this.session.outbox[0]);
    } catch (reason) {
      if (["not_found", "not_permitted"].includes(reason.code)) return this.#lose();
      if (reason.retry_after) delay = reason.retry_after * 1000;
      if (!this.#up) this.#tellFailure();
    } finally {
      this.#polling = false;
    }
    if (!this.#up) this.refresh(delay);
  }

  async #post(message) {
    try {
      const answer = await this.ask("/messages", message);
      this.#acknowledged({ ...answer.message, ...answer });
    } catch (reason) {
      if (!(reason instanceof Refusal) || reason.code === "too_many") throw reason;
      this.#refused(message.client_id, reason);
    }
  }

  // Both

  #tellFailure() {
    this.chat.status(navigator.onLine ? "connecting" : "offline");
  }

  #flush() {
    const { outbox } = this.session;
    if (this.#up) for (const message of outbox) this.#write({ type: "send", ...message });
    else if (outbox.length) this.refresh();
  }

  #take({ conversation, message, messages = message ? [message] : [], last_seq: newest = 0 }) {
    for (const message of messages) this.#accept(message);
    this.#newest = Math.max(this.#newest, newest, conversation?.last_seq ?? 0);
    if (conversation) this.#stands(conversation);
    if (this.#last < this.#newest) this.#readOn();
    else if (STATES[this.#state] === "ended") this.stop();
  }

  #accept(message) {
    const { seq, client_id: id, author } = message;
    this.#newest = Math.max(this.#newest, seq);
    if (seq > this.#last + 1) return;
    this.#settle(id);
    if (seq <= this.#last) return;
    this.#last = seq;
    this.chat.message(message);
    if (author === "agent") this.mark();
  }

  #stands(conversation) {
    const state = STATES.indexOf(conversation.state);
    if (state < this.#state) return;
    this.#state = state;
    this.chat.stands(conversation);
  }

  #readOn() {
    this.#later("read", READ_PAUSE, () => {
      if (this.#last >= this.#newest) return;
      if (this.#up) this.#write({ type: "read", after: this.#last });
      else this.refresh();
    });
  }

  /** It is stored, and shown when it comes as it was stored: words may be covered. */
  #acknowledged({ client_id: id, seq, message, notices }) {
    this.#settle(id);
    this.#take({ message, last_seq: seq });
    if (notices.length) this.chat.noticed(notices);
  }

  #refused(id, { code, message, retry_after: wait = WHEN_TOO_MANY }) {
    if (code === "too_many") return this.#later("flush", wait * 1000, () => this.#flush());
    if (code === "ended") this.refresh();
    if (this.#settle(id)) this.chat.talk.refuse(id, message);
  }

  /** Take a message out of the outbox, if it is there. */
  #settle(id) {
    const { outbox } = this.session;
    const place = outbox.findIndex((message) => message.client_id === id);
    if (place < 0) return false;
    outbox.splice(place, 1);
    this.chat.keep();
    return true;
  }

  #lose() {
    this.stop();
    this.chat.lost();
  }
}
