/**
 * <atencion-status>: whether the chat is open at this moment, in words, on pages that may be cached.
 * On pages with a launcher it hears the answer that the launcher got; elsewhere it asks by itself. It
 * asks again when the answer says that it changes.
 */

const PATIENCE = 4000; // milliseconds in which the launcher may speak first
const SOONEST = 5000;
const LATEST = 6 * 60 * 60 * 1000;

const questions = new Map(); // one question, however many of these a page has

function ask(url) {
  if (!questions.has(url)) {
    const answer = fetch(url, { headers: { Accept: "application/json" } })
      .then((reply) => (reply.ok ? reply.json() : Promise.reject(new Error(`state ${reply.status}`))))
      .finally(() => questions.delete(url));
    questions.set(url, answer);
  }
  return questions.get(url);
}

class AtencionStatus extends HTMLElement {
  #timer;

  connectedCallback() {
    document.addEventListener("atencion:state", this);
    const launcher = document.querySelector("atencion-launcher");
    if (launcher?.state) this.show(launcher.state);
    else this.#askIn(launcher ? PATIENCE : 0);
  }

  disconnectedCallback() {
    document.removeEventListener("atencion:state", this);
    clearTimeout(this.#timer);
  }

  handleEvent(event) {
    this.show(event.detail);
  }

  show({ open, reason_text: reason, until, next_opening: next, next_opening_text: nextText }) {
    const state = document.createElement("strong");
    state.className = "atencion-state";
    state.textContent = reason;
    this.replaceChildren(state);
    if (nextText) {
      const when = document.createElement("span");
      when.textContent = this.dataset.next.replace("%s", nextText);
      this.append(" ", when);
    }
    this.dataset.now = open ? "open" : "closed";
    const changes = Date.parse(open ? until : next);
    this.#askIn(Number.isNaN(changes) ? LATEST : changes - Date.now() + 1000);
  }

  #askIn(milliseconds) {
    clearTimeout(this.#timer);
    const wait = milliseconds && Math.min(Math.max(milliseconds, SOONEST), LATEST);
    this.#timer = setTimeout(() => {
      ask(this.dataset.state).then(
        (state) => this.show(state),
        () => this.#askIn(60_000), // what was told last stays
      );
    }, wait);
  }
}

customElements.define("atencion-status", AtencionStatus);
