/**
 * The desk without a socket: it asks every few seconds, and posts what the agent does. The same
 * frames as on the socket, in both directions.
 *
 * Events: "frame" (detail: a frame of the server), "heard" (the server answered), "lost" (it did
 * not) and "refused" (it will not any more).
 */

const EVERY = 3000; // milliseconds, while the agent looks at the page
const EVERY_UNSEEN = 10_000;
const PATIENCE = 15_000;

export class DeskPolling extends EventTarget {
  #news;
  #operations;
  #token;
  #following;
  #desk;
  #timer = 0;
  #works = false;
  /** When the server told its last news, by its own clock. */
  #since = null;
  /** What the agent does is posted in the order in which it was done. */
  #posting = Promise.resolve();

  /** `following()` names the conversations to hear of: pairs of an id and the last seq known. */
  constructor({ news, operations, token }, desk, following) {
    super();
    this.#news = news;
    this.#operations = operations;
    this.#token = token;
    this.#desk = desk;
    this.#following = following;
  }

  get works() {
    return this.#works;
  }

  start() {
    if (this.#works) return;
    this.#works = true;
    this.#since = null;
    this.#ask();
  }

  stop() {
    this.#works = false;
    clearTimeout(this.#timer);
  }

  send(frame) {
    if (!this.#works) return false;
    this.#posting = this.#posting.then(() => this.#post(frame));
    return true;
  }

  async #ask() {
    clearTimeout(this.#timer);
    const address = new URL(this.#news, window.location.href);
    address.searchParams.set("desk", this.#desk);
    for (const [id, seq] of this.#following()) address.searchParams.append("after", `${id}:${seq}`);
    if (this.#since) address.searchParams.set("since", this.#since);
    await this.#call(address);
    if (!this.#works) return;
    const pause = document.visibilityState === "visible" ? EVERY : EVERY_UNSEEN;
    this.#timer = setTimeout(() => this.#ask(), pause);
  }

  async #post(frame) {
    if (!this.#works) return;
    const headers = { "Content-Type": "application/json", "X-CSRFToken": this.#token };
    const answered = await this.#call(this.#operations, {
      method: "POST",
      headers,
      body: JSON.stringify(frame),
      asked: frame,
    });
    // What was done changes the lists: the answers alone do not tell all of it.
    if (answered && this.#works && !["read", "open"].includes(frame.type)) this.#ask();
  }

  async #call(address, { asked = {}, headers = {}, ...options } = {}) {
    let answer;
    let told;
    try {
      answer = await fetch(address, {
        ...options,
        headers: { ...headers, Accept: "application/json", "X-Requested-With": "XMLHttpRequest" },
        credentials: "same-origin",
        redirect: "manual",
        signal: AbortSignal.timeout(PATIENCE),
      });
      told = answer.ok || answer.status < 500 ? await answer.json() : null;
    } catch {
      told = null;
    }
    if (!this.#works) return false;
    if (answer?.type === "opaqueredirect" || answer?.status === 403) return this.#forbidden(told, asked);
    if (!told) {
      this.#tell("lost");
      return false;
    }
    this.#tell("heard");
    if (told.error) this.#frame(refusal(told.error, asked));
    for (const frame of told.frames ?? []) {
      if (frame.type === "beat") this.#since = frame.now;
      this.#frame(frame);
    }
    return true;
  }

  /** Somebody who may not do one thing is told; who may not be here at all is shown out. */
  #forbidden(told, asked) {
    if (told?.error && asked.type) {
      this.#tell("heard");
      this.#frame(refusal(told.error, asked));
      return true;
    }
    this.stop();
    this.#tell("refused");
    return false;
  }

  #frame(frame) {
    this.dispatchEvent(new CustomEvent("frame", { detail: frame }));
  }

  #tell(name) {
    this.dispatchEvent(new Event(name));
  }
}

/** A refusal as the socket tells it: with the ids of what it answers. */
function refusal(error, { client_id, conversation }) {
  return { type: "error", ...error, client_id, conversation };
}
