/**
 * The desk's line to the server: a socket, and polling for as long as none can be opened.
 *
 * Events: "frame" and "state", as those of the socket.
 */

import { newId } from "./desk-conversation.js";
import { DeskPolling } from "./desk-polling.js";
import { DeskSocket } from "./desk-socket.js";

const BLOCKED_AFTER = 5000; // milliseconds without a socket: the network may not let it through

export class DeskLine extends EventTarget {
  #socket;
  #polling;
  #patience = 0;
  #state = "connecting";
  /** Set by who knows: `() => [[id, seq], …]`, the conversations to hear of while polling. */
  following = () => [];

  constructor(addresses) {
    super();
    this.#socket = new DeskSocket(addresses.socket);
    this.#polling = new DeskPolling(addresses, newId(), () => this.following());
    for (const side of [this.#socket, this.#polling]) {
      side.addEventListener("frame", ({ detail }) => {
        this.dispatchEvent(new CustomEvent("frame", { detail }));
      });
    }
    this.#socket.addEventListener("state", ({ detail }) => this.#socketIs(detail));
    this.#polling.addEventListener("heard", () => this.#tell("open"));
    this.#polling.addEventListener("lost", () => this.#tell("waiting"));
    this.#polling.addEventListener("refused", () => {
      this.#socket.close();
      this.#tell("refused");
    });
  }

  open() {
    this.#socket.open();
  }

  close() {
    clearTimeout(this.#patience);
    this.#polling.stop();
    this.#socket.close();
  }

  /** Send a frame now; false when there is no way to send it. */
  send(frame) {
    return this.#polling.works ? this.#polling.send(frame) : this.#socket.send(frame);
  }

  #socketIs(state) {
    if (state === "open" || state === "refused") {
      clearTimeout(this.#patience);
      this.#patience = 0;
      this.#polling.stop();
      // A new socket is told even after polling: it has to ask for what it follows.
      this.#state = null;
      this.#tell(state);
      return;
    }
    // While polling works, the socket's further tries are nobody's business.
    if (!this.#polling.works) this.#tell(state);
    this.#patience ||= setTimeout(() => this.#polling.start(), BLOCKED_AFTER);
  }

  #tell(state) {
    if (state === this.#state) return;
    this.#state = state;
    this.dispatchEvent(new CustomEvent("state", { detail: state }));
  }
}
