/**
 * The citizen's panel: loading -> closed | ask -> identify -> wait -> talk -> ended.
 */

import { Chat } from "./chat.js";
import { Ask, DEVICE, Identify } from "./forms.js";
import { say, View } from "./view.js";

const STATE_AGE = 30_000; // milliseconds
const WRITING = ["closed", "ask", "identify"]; // what changes outside concerns them
const SETTLED = ["identify", "ended"]; // opening leaves them alone

export async function mount(launcher, markup) {
  const panel = new Panel(launcher, markup);
  await panel.view.styled;
  panel.resume();
  return panel;
}

class Panel {
  #step = "loading";

  constructor(launcher, markup) {
    const view = new View(launcher, markup, {
      escape: () => this.chat.goOn(),
      hidden: () => this.chat.keep(),
    });
    Object.assign(this, { launcher, view });
    this.ask = new Ask(this);
    this.identify = new Identify(this);
    this.chat = new Chat(this);
    view.dialog.addEventListener("click", (event) => this.#clicked(event));
    document.addEventListener("atencion:state", ({ detail }) => this.#changed(detail));
  }

  show(opener) {
    this.view.show(opener);
    this.chat.keep();
    this.chat.seen();
    if (this.chat.isOn || SETTLED.includes(this.#step)) this.view.focus();
    else this.begin();
  }

  /** Go on with `session`, or with what this tab has. */
  resume(session) {
    if (!this.chat.resume(session)) return;
    const fill = () => this.launcher.ask().then((state) => this.#fill(state));
    fill().catch(() => addEventListener("online", () => fill().catch(() => {}), { once: true }));
  }

  /** Another tab asks whether there is a conversation, has one, or erases it. */
  hear({ id, erased, ...session }) {
    if (erased) this.#erased();
    else if (!id) this.chat.share();
    else if (!this.view.isShown) this.resume({ id, ...session });
  }

  async begin() {
    const { state } = this.launcher;
    try {
      if (state && Date.now() - state.asked < STATE_AGE) return this.#opened(state);
      this.#opened(await this.launcher.ask());
    } catch {
      this.go("failed");
    }
  }

  /** The service opened or closed, or its conditions changed, while somebody was here. */
  #changed(state) {
    if (this.chat.isOn || !WRITING.includes(this.#step)) return;
    if (this.#step === "identify") this.identify.prepare(this.ask.question, state);
    const hasWritten = this.#step === "identify" || this.ask.question;
    if (!hasWritten || (this.#step === "closed" && state.open)) return this.#opened(state);
    this.#fill(state);
    const { reason_text: reason, next_opening_text: next } = state;
    const key = next ? "closed-until" : "closed-now";
    say(this.view.part("closing"), state.open ? "" : this.view.text(key, { reason, next }));
  }

  #opened(state) {
    say(this.view.part("closing"), "");
    this.#fill(state);
    this.go(state.open ? "ask" : "closed");
  }

  #fill(state) {
    const { links, terms, hours, limits } = state;
    this.view.fill(state);
    this.view.link({ ...links, terms: terms?.url, changes: terms?.changes_url });
    this.view.part("hours").replaceChildren(...hours.map((row) => this.#hours(row)));
    for (const name of ["question", "text"]) {
      this.view.root.querySelector(`[name="${name}"]`).maxLength = limits.message_length;
    }
  }

  #hours(row) {
    const piece = this.view.copy("hours-row");
    this.view.fill(row, piece);
    return piece;
  }

  go(step) {
    if (step === this.#step) return;
    const hadFocus = this.view.hasFocus;
    this.#step = step;
    this.chat.goOn();
    this.view.step(step);
    if (hadFocus) this.view.focus();
  }

  /** There is a question: who asks? */
  asked() {
    const { question } = this.ask;
    this.view.fill({ question });
    this.identify.prepare(question, this.launcher.state);
    this.go("identify");
  }

  started(session, conversation, notice) {
    this.ask.tell("chat");
    this.chat.start(session, conversation, notice);
  }

  /** The start was refused for reasons that lie before the form. */
  async turnedBack({ code, fields, message }) {
    const state = await this.launcher.ask().catch(() => this.launcher.state);
    if (code === "closed") return this.#changed(state);
    if (code === "terms_outdated") return this.identify.prepare(this.ask.question, state);
    this.#opened(state);
    if (fields?.question) this.ask.showErrors({ question: message });
  }

  #clicked(event) {
    const button = event.target.closest("[data-act]");
    const attempt = (task) => this.view.attempt(button, task);
    const { chat } = this;
    const acts = {
      hide: () => this.view.hide(),
      retry: () => this.begin(),
      ask: () => this.go("ask"),
      answered: () => this.#answered(),
      restart: () => this.#restart(),
      sound: () => chat.toggleSound(),
      dismiss: () => chat.dismiss(),
      "ask-end": () => chat.askEnd(),
      "go-on": () => chat.goOn(),
      extend: () => attempt(() => chat.extend()),
      end: () => attempt(() => chat.end()),
      erase: () => attempt(() => this.#erase()),
      download: () => attempt(() => chat.download()),
    };
    if (button) acts[button.dataset.act]();
  }

  #answered() {
    this.ask.tell("answered");
    this.ask.clear();
    this.go("answered");
  }

  async #erase() {
    if (this.chat.isOn) await this.chat.end().catch(() => {}); // without a line the service ends it
    this.launcher.tabs.postMessage({ erased: true });
    this.#erased();
  }

  #erased() {
    for (const part of [this.ask, this.identify]) part.clear();
    this.chat.forget();
    this.launcher.stored((_, browser) => browser.removeItem(DEVICE));
    this.go("erased");
  }

  #restart() {
    const { unanswered } = this.chat;
    this.ask.clear();
    this.ask.fields.question.value = unanswered;
    this.chat.forget();
    this.begin();
  }
}
