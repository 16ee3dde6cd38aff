/**
 * The citizen's panel: loading -> closed | ask -> identify -> wait -> talk -> ended.
 */

import { Chat } from "./chat.js";
import { call, newId, randomHex, Refusal } from "./connection.js";
import { Form, say, View } from "./view.js";

const PAUSE = 350; // milliseconds
const SHORTEST_SEARCH = 3; // characters
const DEVICE = "atencion-device";
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

  started(session, conversation, notices) {
    this.ask.tell("chat");
    this.chat.start(session, conversation, notices);
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

class Ask extends Form {
  #timer = 0;
  #search = new AbortController();
  #query = ""; // answered by the FAQ
  #opened = new Set(); // ids of its answers

  constructor(panel) {
    super("ask", panel);
    addEventListener("pagehide", () => this.tell("left"));
    this.fields.question.addEventListener("input", () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#find(this.question), PAUSE);
    });
  }

  get question() {
    return this.value("question");
  }

  clear() {
    super.clear();
    this.#answers([], "");
  }

  submitted() {
    if (this.question) this.panel.asked();
    else this.showErrors({ question: this.view.text("need-question") });
  }

  /** Tell once how the search went: "answered", "chat" or "left". Nobody waits for it. */
  tell(outcome) {
    if (this.#query) this.#post("outcomes", { query: this.#query, opened: [...this.#opened], outcome });
    this.#query = "";
    this.#opened.clear();
  }

  #post(tail, body) {
    call(`${this.faq}/${tail}`, { lang: this.lang, body, keepalive: true }).catch(() => {});
  }

  async #find(q) {
    this.#search.abort();
    if (q.length < SHORTEST_SEARCH) return this.#answers([], "");
    const { signal } = (this.#search = new AbortController());
    const address = `${this.faq}?${new URLSearchParams({ q, typing: 1 })}`;
    try {
      const { results } = await call(address, { lang: this.lang, signal });
      if (signal.aborted) return;
      this.#query = q;
      this.#answers(results, this.view.text(results.length ? "found" : "found-none", { number: results.length }));
    } catch {
      if (!signal.aborted) this.#answers([], ""); // the chat does without
    }
  }

  #answers(results, count) {
    this.view.fill({ count, found: results.length });
    this.view.part("answers").replaceChildren(...results.map((result) => this.#answer(result)));
  }

  #answer({ id, question: title, answer, url }) {
    const piece = this.view.copy("answer");
    this.view.fill({ title }, piece);
    this.view.link({ url }, piece);
    // Rich text of the entity's editors, made safe by the service.
    this.view.part("answer-text", piece).innerHTML = answer;
    piece.addEventListener("toggle", () => this.#opened.add(id));
    this.view.part("opinion", piece).addEventListener("click", ({ target, currentTarget }) => {
      const { useful } = target.dataset;
      if (!useful) return;
      this.#post(`${id}/opinion`, { useful: useful === "yes" });
      currentTarget.textContent = this.view.text("opinion");
      currentTarget.focus();
    });
    return piece;
  }
}

class Identify extends Form {
  #keys = null;
  #terms = null;

  constructor(panel) {
    super("identify", panel);
  }

  prepare(question, { limits, terms, topics = [] }) {
    this.question = question;
    const { topic } = this.fields;
    const { value } = topic;
    topic.replaceChildren(topic[0], ...topics.map(({ id, name }) => new Option(name, id)));
    topic.value = value;
    topic.parentElement.hidden = !topics.length;
    this.fields.name.maxLength = limits.name_length;
    const { terms_version: box } = this.fields;
    if (this.#terms !== terms?.version) box.checked = false;
    this.#terms = terms?.version;
    box.required = Boolean(terms);
  }

  submitted() {
    if (!this.showErrors(this.#errors())) this.view.attempt(this.button, () => this.#start());
  }

  #errors() {
    const invalid = Array.from(this.form.querySelectorAll("input:invalid"), (field) => field.name);
    return Object.fromEntries(invalid.map((name) => [name, this.view.text(`need-${name}`)]));
  }

  async #start() {
    // Kept until it succeeds: a new try after a lost answer is no second chat.
    this.#keys ??= { client_id: newId(), secret: randomHex(32) };
    const { lang, question } = this;
    const body = {
      ...this.#keys,
      name: this.value("name"),
      email: this.value("email"),
      question,
      topic: +this.value("topic") || undefined,
      terms_version: this.#terms ?? 0,
      page_url: location.origin + location.pathname, // a query may be private
      device: this.panel.launcher.stored((_, browser) => (browser[DEVICE] ??= newId())) ?? "",
      lang,
    };
    try {
      const { conversation, notices } = await call(this.conversations, { lang, body });
      const { client_id: id, secret } = this.#keys;
      this.panel.started({ id, secret, question, outbox: [] }, conversation, notices);
      this.#keys = null;
      this.fields.terms_version.checked = false;
    } catch (reason) {
      if (!(reason instanceof Refusal && this.#toldAtFields(reason))) throw reason;
    }
  }

  #toldAtFields(refusal) {
    const { code, fields = {}, review_url: review } = refusal;
    this.view.link({ review });
    if (["closed", "terms_outdated"].includes(code) || fields.question) this.panel.turnedBack(refusal);
    return this.showErrors(fields);
  }
}
