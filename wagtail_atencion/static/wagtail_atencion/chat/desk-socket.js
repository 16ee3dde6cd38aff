/**
 * The desk's connection: it comes back by itself, and notices when the line is dead.
 *
 * Events: "frame" (detail: a frame of the server) and "state" (detail: "connecting", "open",
 * "waiting" for the next try, "refused" when trying again would not help).
 */

const FIRST_DELAY = 500;
const LONGEST_DELAY = 15_000;
const DEFAULT_BEAT = 20;

// Bad frame, and no permission: the same connection would be refused again.
const REFUSALS = new Set([4400, 4403]);

export class DeskSocket extends EventTarget {
  #url;
  #socket = null;
  #tries = 0;
  #retry = 0;
  #pulse = 0;
  #beat = DEFAULT_BEAT;
  #heard = 0;
  #welcome = false;

  constructor(url) {
    super();
    this.#url = url;
    this.onWake = () => this.#wake();
  }

  open() {
    window.addEventListener("online", this.onWake);
    document.addEventListener("visibilitychange", this.onWake);
    this.#connect();
  }

  close() {
    window.removeEventListener("online", this.onWake);
    document.removeEventListener("visibilitychange", this.onWake);
    this.#drop();
  }

  /** Send a frame now; false when there is no connection to send it on. */
  send(frame) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  #connect() {
    this.#drop();
    this.#tell("connecting");
    this.#heard = performance.now();
    this.#welcome = false;
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    // A dead line can take minutes to report its own end: nothing an old socket says counts.
    socket.addEventListener("message", (event) => {
      if (socket === this.#socket) this.#hear(event.data);
    });
    socket.addEventListener("close", (event) => {
      if (socket === this.#socket) this.#closed(event.code);
    });
    this.#startPulse();
  }

  #hear(text) {
    this.#heard = performance.now();
    const frame = JSON.parse(text);
    if (!this.#welcome) this.#welcomed(frame);
    this.dispatchEvent(new CustomEvent("frame", { detail: frame }));
  }

  /** The first frame: only now is it sure that the server wants this desk. */
  #welcomed(frame) {
    this.#welcome = true;
    this.#tries = 0;
    if (frame.beat && frame.beat !== this.#beat) {
      this.#beat = frame.beat;
      this.#startPulse();
    }
    this.#tell("open");
  }

  #closed(code) {
    this.#drop();
    if (REFUSALS.has(code)) {
      this.#tell("refused");
      return;
    }
    const ceiling = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** this.#tries);
    this.#tries += 1;
    // Jitter, so that all desks do not come back in the same instant after a restart.
    this.#retry = setTimeout(() => this.#connect(), ceiling * (0.5 + Math.random() / 2));
    this.#tell("waiting");
  }

  /** The network or the tab is back: do not sit out the rest of the delay. */
  #wake() {
    if (this.#retry && document.visibilityState === "visible") this.#connect();
  }

  #startPulse() {
    clearInterval(this.#pulse);
    this.#pulse = setInterval(() => {
      if (performance.now() - this.#heard > this.#beat * 2500) this.#closed(0);
      else this.send({ type: "beat" });
    }, this.#beat * 1000);
  }

  #drop() {
    clearTimeout(this.#retry);
    clearInterval(this.#pulse);
    this.#retry = 0;
    const socket = this.#socket;
    this.#socket = null;
    if (socket && socket.readyState < WebSocket.CLOSING) socket.close();
  }

  #tell(state) {
    this.dispatchEvent(new CustomEvent("state", { detail: state }));
  }
}
