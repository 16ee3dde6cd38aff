/**
 * What calls an agent who looks elsewhere: a sound and a notification, again and again until
 * somebody answers, and a mark on the page's icon. Each agent chooses, in this browser.
 */

import { keep, remembered } from "./desk-memory.js";

const AGAIN = 15_000; // milliseconds
// Hertz. Somebody who is offered to the agent waits for nobody else: it rises, and sounds like nothing else.
const CALL = [660, 880];
const OFFER = [660, 880, 1175];

export class DeskBell {
  #root;
  #store;
  #texts;
  #icon = document.querySelector("link[rel~='icon']");
  #plain = this.#icon?.href;
  #audio = null;
  #rang = 0;
  #choice = {};

  constructor(root, store, texts) {
    this.#root = root;
    this.#store = store;
    this.#texts = texts;
    root.addEventListener("click", ({ target }) => {
      const button = target.closest("[data-choice]");
      if (button) this.#choose(button.dataset.choice);
    });
    store.addEventListener("change", () => this.#look());
    store.addEventListener("queued", () => this.#ring());
    store.addEventListener("offered", () => this.#ring());
    store.addEventListener("arrived", ({ detail }) => this.#arrived(detail));
    // Browsers let a page sound only after its person has done something on it.
    for (const act of ["pointerdown", "keydown"]) {
      document.addEventListener(act, () => this.#audio?.resume(), { passive: true });
    }
  }

  get keys() {
    return this.#choice.keys !== false;
  }

  /** Whether somebody waits for this agent: to be accepted, or to be read. */
  get #calls() {
    const { waiting, unread, staff } = this.#store;
    const attends = staff.me.status === "attending";
    return (attends && waiting.some((card) => staff.mayAccept(card))) || unread > 0;
  }

  get #isOffered() {
    const { waiting, staff } = this.#store;
    return waiting.some((card) => staff.isOffered(card));
  }

  tick() {
    if (this.#calls && performance.now() - this.#rang >= AGAIN) this.#ring();
  }

  choose(name) {
    this.#choose(name);
  }

  #arrived({ messages, history, conversation }) {
    const read = conversation === this.#store.open && !document.hidden;
    if (!history && !read && messages.some(({ author }) => author === "citizen")) this.#ring();
  }

  #ring() {
    if (!this.#calls) return;
    this.#rang = performance.now();
    if (this.#choice.sound) this.#sound();
    if (this.#choice.notify && document.hidden) this.#notify();
  }

  /** A few soft tones. */
  #sound() {
    const audio = (this.#audio ??= new AudioContext());
    this.#root.dataset.rang = String(Number(this.#root.dataset.rang ?? 0) + 1);
    this.#root.dataset.sounded = this.#isOffered ? "offer" : "call";
    (this.#isOffered ? OFFER : CALL).forEach((pitch, turn) => {
      const from = audio.currentTime + turn * 0.18;
      const tone = new OscillatorNode(audio, { frequency: pitch });
      const gain = new GainNode(audio, { gain: 0.12 });
      gain.gain.setValueAtTime(0.12, from + 0.1);
      gain.gain.linearRampToValueAtTime(0, from + 0.17);
      tone.connect(gain).connect(audio.destination);
      tone.start(from);
      tone.stop(from + 0.18);
    });
  }

  /** No names: a screen may be shared. */
  #notify() {
    if (!("Notification" in window) || Notification.permission !== "granted") return;
    const { waiting, unread } = this.#store;
    const calling = this.#texts.get("calling", { waiting: waiting.length, unread });
    const body = this.#isOffered ? this.#texts.get("offered-you") : calling;
    const told = new Notification(document.title, { body, tag: "atencion-desk", renotify: true });
    told.onclick = () => {
      window.focus();
      told.close();
    };
  }

  async #choose(name) {
    const wanted = name === "keys" ? !this.keys : !this.#choice[name];
    if (name === "notify" && wanted && !(await this.#mayNotify())) {
      this.#store.say(this.#texts.get("notify-refused"));
      return;
    }
    this.#choice[name] = wanted;
    keep(this.#key, this.#choice, localStorage);
    if (name === "sound" && wanted) this.#sound();
    this.#show();
  }

  async #mayNotify() {
    if (!("Notification" in window)) return false;
    return (await Notification.requestPermission()) === "granted";
  }

  get #key() {
    return `atencion-desk-choice-${this.#store.agent?.id}`;
  }

  #known = null;

  #look() {
    const { agent } = this.#store;
    if (agent && agent.id !== this.#known) {
      this.#known = agent.id;
      this.#choice = remembered(this.#key, localStorage);
      this.#show();
    }
    if (!this.#icon) return;
    const wanted = this.#calls ? this.#root.dataset.callingIcon : this.#plain;
    if (this.#icon.href !== new URL(wanted, window.location.href).href) this.#icon.href = wanted;
  }

  #show() {
    for (const button of this.#root.querySelectorAll("[data-choice]")) {
      const { choice } = button.dataset;
      const on = choice === "keys" ? this.keys : Boolean(this.#choice[choice]);
      if (button.type === "checkbox") button.checked = on;
      else button.setAttribute("aria-pressed", String(on));
    }
  }
}
