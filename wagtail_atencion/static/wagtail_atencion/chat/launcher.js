/**
 * <atencion-launcher>: turns the link to the chat's page into the button that opens the panel, whose
 * markup, style and code come on the first click. Asks whether the chat is open when the page is idle
 * and seen, and from then on is told by a socket; where sockets are blocked it asks now and then.
 * Each state goes to the whole page as the event "atencion:state".
 */

const STORE = "atencion.chat"; // where this tab keeps its conversation, and what its tabs talk on
const NEWS = ["called", "unread"];
const UNSEEN = "● "; // before the title, while nobody looks

const RETRY = 2_000; // milliseconds; doubled with each failure
const LONGEST_RETRY = 60_000;

const isPlainClick = (event) =>
  !event.defaultPrevented &&
  event.button === 0 &&
  !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);

class AtencionLauncher extends HTMLElement {
  state = null;
  #panel = null;
  #live = null;
  #tries = 0;
  #retry = 0;

  connectedCallback() {
    // Placed twice: the first serves for both.
    if (document.querySelector(this.localName) !== this) return this.remove();
    this.link = this.querySelector("a");
    this.link.setAttribute("role", "button");
    this.link.setAttribute("aria-haspopup", "dialog");
    this.link.setAttribute("aria-expanded", "false");
    for (const style of document.querySelectorAll("link[data-atencion-style]")) style.media = "all";
    for (const opener of document.querySelectorAll("[data-atencion-open]")) opener.hidden = false;
    document.addEventListener("click", (event) => this.#clicked(event));
    document.addEventListener("focusin", (event) => this.#stepAside(event.target));
    this.link.addEventListener("keydown", (event) => {
      if (event.key !== " ") return;
      event.preventDefault();
      this.link.click();
    });
    this.note = this.querySelector("[role=status]");
    // To the other tabs of the site. Empty: does the citizen have a conversation there?
    this.tabs = new BroadcastChannel(STORE);
    this.tabs.onmessage = ({ data }) => this.#hear(data);
    if (this.session) this.#load().catch(() => {});
    else this.tabs.postMessage({});
    this.#whenIdle(() => this.#listen());
    addEventListener("pagehide", () => this.#hangUp()); // or there is no way back to the page as it was
    addEventListener("pageshow", ({ persisted }) => persisted && this.#listen());
    addEventListener("online", () => this.#listen());
    addEventListener("offline", () => this.#missing("offline"));
    document.addEventListener("visibilitychange", () => document.hidden || this.#seen());
  }

  /** Use the storage of the tab and of the browser; where it is blocked the chat goes on without. */
  stored(use) {
    try {
      return use(sessionStorage, localStorage);
    } catch {
      return null;
    }
  }

  /** What this tab keeps of a conversation, from its start to its end: see chat.js. */
  get session() {
    return this.stored((tab) => JSON.parse(tab.getItem(STORE)));
  }

  set session(session) {
    this.stored((tab) => (session ? tab.setItem(STORE, JSON.stringify(session)) : tab.removeItem(STORE)));
  }

  /** Ask the site's state, and show it. */
  async ask() {
    const before = this.state;
    const answer = await fetch(this.dataset.state, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`state ${answer.status}`);
    const state = await answer.json();
    // What the socket told meanwhile is newer than this answer.
    return this.state === before ? this.#told(state) : this.state;
  }

  /** Show "talk", "called", "unread", or without argument whether the chat is open. */
  tell(now = this.state && (this.state.open ? "open" : "closed")) {
    const word = this.querySelector(".atencion-state");
    this.dataset.now = now ?? "";
    word.textContent = word.dataset[now] ?? "";
    word.hidden = !now;
    if (document.hidden && NEWS.includes(now)) document.title = UNSEEN + document.title.replace(UNSEEN, "");
  }

  async open(opener = this.link) {
    this.link.setAttribute("aria-busy", "true");
    try {
      (await this.#load()).show(opener);
    } catch (reason) {
      console.error(reason);
      this.#missing(navigator.onLine ? "unreachable" : "offline");
      this.#listen();
    } finally {
      this.link.removeAttribute("aria-busy");
    }
  }

  #told(state) {
    this.state = { ...state, asked: Date.now() };
    this.#tries = 0;
    this.note.hidden = true;
    if (!this.session) this.tell();
    document.dispatchEvent(new CustomEvent("atencion:state", { detail: this.state }));
    return this.state;
  }

  /** Say in words what is wrong; the next state takes it back. */
  #missing(what) {
    if (what === "offline" && !this.session) this.tell("offline");
    this.note.textContent = this.note.dataset[what];
    this.note.hidden = false;
  }

  /** Be told each state from now on, as long as the page is seen. */
  #listen() {
    this.#hangUp();
    this.#live = new WebSocket(location.origin.replace("http", "ws") + this.dataset.live);
    this.#live.onmessage = ({ data }) => {
      const frame = JSON.parse(data);
      if (frame.type === "state") this.#told(frame.state);
    };
    this.#live.onclose = () => this.#fell();
  }

  #seen() {
    document.title = document.title.replace(UNSEEN, "");
    if (!this.#live) this.#listen();
  }

  #hangUp() {
    clearTimeout(this.#retry);
    if (this.#live) this.#live.onclose = null;
    this.#live?.close();
    this.#live = null;
  }

  #fell() {
    this.#live = null;
    if (document.hidden) return;
    const delay = Math.min(LONGEST_RETRY, RETRY * 2 ** this.#tries);
    this.#retry = setTimeout(() => this.#listen(), delay * (0.5 + Math.random() / 2)); // not all at once
    const tries = this.#tries + 1;
    this.ask()
      .catch(() => this.note.hidden || this.#missing(navigator.onLine ? "unreachable" : "offline"))
      .finally(() => (this.#tries = tries));
  }

  #hear(news) {
    if (!this.#panel && !news.id) return;
    this.#load().then(
      (panel) => panel.hear(news),
      () => {},
    );
  }

  #load() {
    this.#panel ??= Promise.all([
      fetch(this.dataset.panel).then((answer) => (answer.ok ? answer.text() : Promise.reject(answer))),
      import(this.dataset.module),
    ])
      .then(([markup, module]) => module.mount(this, markup))
      .catch((reason) => {
        this.#panel = null;
        throw reason;
      });
    return this.#panel;
  }

  #clicked(event) {
    const opener = event.target.closest?.("[data-atencion-open], atencion-launcher > a");
    if (!opener || !isPlainClick(event)) return;
    event.preventDefault();
    this.open(opener);
  }

  /** What the keyboard reaches must not lie wholly under the tab (WCAG 2.2, 2.4.11). */
  #stepAside(element) {
    this.removeAttribute("data-aside");
    if (this.contains(element)) return;
    const tab = this.link.getBoundingClientRect();
    const box = element.getBoundingClientRect();
    this.toggleAttribute(
      "data-aside",
      box.left >= tab.left && box.right <= tab.right && box.top >= tab.top && box.bottom <= tab.bottom,
    );
  }

  #whenIdle(task) {
    const idle = () => (window.requestIdleCallback ?? setTimeout)(task);
    if (!document.hidden) return idle();
    document.addEventListener("visibilitychange", idle, { once: true });
  }
}

customElements.define("atencion-launcher", AtencionLauncher);
