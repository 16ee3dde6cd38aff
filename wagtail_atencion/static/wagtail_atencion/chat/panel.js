/**
 * The citizen's panel: loading -> closed | ask -> identify -> wait -> talk -> ended.
 *
 * The last three are what the service says (chat.js). All sentences come with the markup.
 */

import { Chat } from "./chat.js";
import { Ask, Identify } from "./forms.js";
import { Parts, say } from "./parts.js";
import { Shell } from "./shell.js";

const STATE_AGE = 30_000; // milliseconds
const WRITING = ["closed", "ask", "identify"]; // what changes outside concerns them
const SETTLED = ["identify", "ended"]; // opening leaves them alone

export async function mount(launcher, markup) {
  const panel = new Panel(launcher, markup);
  await panel.shell.styled;
  panel.resume();
  return panel;
}

class Panel {
  #step = "loading";

  constructor(launcher, markup) {
    const { lang, faq, conversations } = launcher.dataset;
    this.launcher = launcher;
    this.shell = new Shell(launcher, markup, {
      escape: () => this.chat.goOn(),
      hidden: () => this.chat.keep(),
    });
    this.parts = new Parts(this.shell.root);
    this.ask = new Ask(this.parts, { address: faq, lang, next: () => this.#identify() });
    this.identify = new Identify(this.parts, {
      address: conversations,
      lang,
      next: (conversation, secret) => this.chat.start(conversation, secret, this.ask.question),
      turnedBack: (refusal) => this.#turnedBack(refusal),
    });
    this.chat = new Chat({
      launcher,
      shell: this.shell,
      parts: this.parts,
      go: (step) => this.#go(step),
      lost: () => this.begin(),
    });
    this.shell.dialog.addEventListener("click", (event) => this.#clicked(event));
    document.addEventListener("atencion:state", ({ detail }) => this.#changed(detail));
  }

  show(opener) {
    this.shell.show(opener);
    this.chat.keep();
    this.chat.seen();
    if (this.chat.isOn || SETTLED.includes(this.#step)) this.shell.focus();
    else this.begin();
  }

  resume() {
    if (!this.chat.resume()) return;
    const fill = () => this.launcher.ask().then((state) => this.#fill(state));
    fill().catch(() => addEventListener("online", () => fill().catch(() => {}), { once: true }));
  }

  async begin() {
    const { state } = this.launcher;
    try {
      if (state && Date.now() - state.asked < STATE_AGE) return this.#opened(state);
      this.#opened(await this.launcher.ask());
    } catch {
      this.#go("failed");
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
    say(this.parts.part("closing"), state.open ? "" : this.parts.text(key, { reason, next }));
  }

  #opened(state) {
    say(this.parts.part("closing"), "");
    this.#fill(state);
    this.#go(state.open ? "ask" : "closed");
  }

  #fill({ entity, welcome, reason_text: reason, next_opening_text: next, privacy_notice, links, terms, hours, limits }) {
    this.parts.fill({ entity, welcome, reason, next, privacy_notice });
    this.parts.link({ ...links, terms: terms?.url, changes: terms?.changes_url });
    this.chat.warnings = limits.warnings;
    this.parts.part("hours").replaceChildren(...hours.map((row) => this.#hours(row)));
    for (const field of this.shell.root.querySelectorAll("textarea")) field.maxLength = limits.message_length;
  }

  #hours(row) {
    const piece = this.parts.copy("hours-row");
    this.parts.fill(row, piece);
    return piece;
  }

  #go(step) {
    if (step === this.#step) return;
    const hadFocus = this.shell.hasFocus;
    this.#step = step;
    this.chat.goOn();
    this.parts.step(step);
    if (hadFocus) this.shell.focus();
  }

  #identify() {
    const { question } = this.ask;
    this.parts.fill({ question });
    this.identify.prepare(question, this.launcher.state);
    this.#go("identify");
  }

  async #turnedBack({ code, fields, message }) {
    const state = await this.launcher.ask().catch(() => this.launcher.state);
    if (code === "closed") return this.#changed(state);
    if (code === "terms_outdated") return this.identify.prepare(this.ask.question, state);
    this.#opened(state);
    if (fields?.question) this.ask.showErrors({ question: message });
  }

  #clicked(event) {
    const button = event.target.closest("[data-act]");
    const acts = {
      hide: () => this.shell.hide(),
      retry: () => this.begin(),
      ask: () => this.#go("ask"),
      answered: () => this.#answered(),
      restart: () => this.#restart(),
      "ask-end": () => this.chat.askEnd(),
      "go-on": () => this.chat.goOn(),
      extend: () => this.chat.extend(button),
      end: () => this.chat.end(button),
    };
    if (button && !button.ariaBusy) acts[button.dataset.act]();
  }

  #answered() {
    this.ask.clear();
    this.#go("answered");
  }

  #restart() {
    this.ask.clear();
    this.chat.forget();
    this.begin();
  }
}
