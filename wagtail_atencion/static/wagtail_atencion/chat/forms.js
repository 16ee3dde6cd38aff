/** The forms around a chat: the question, with the answers there are; who asks; and how it went. */

import { call, newId, randomHex, Refusal } from "./connection.js";
import { say } from "./view.js";

const PAUSE = 350; // milliseconds
const SHORTEST_SEARCH = 3; // characters
export const DEVICE = "atencion-device";

class Form {
  constructor(name, panel) {
    const { lang, faq, conversations } = panel.launcher.dataset;
    Object.assign(this, { panel, view: panel.view, lang, faq, conversations });
    this.form = panel.view.root.querySelector(`form[name="${name}"]`);
    this.fields = this.form.elements;
    this.button = this.form.querySelector('[type="submit"]');
    this.form.addEventListener("input", ({ target }) => this.#show(target.name, ""));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submitted();
    });
  }

  value(name) {
    return this.fields[name].value.trim();
  }

  clear() {
    this.form.reset();
    this.showErrors({});
  }

  /** Show `errors` (field: sentence); the first gets the focus. False if there are none. */
  showErrors(errors) {
    const names = Array.from(this.form.querySelectorAll("[data-error]"), (place) => place.dataset.error);
    for (const name of names) this.#show(name, errors[name] ?? "");
    const first = names.find((name) => errors[name]);
    this.fields[first]?.focus();
    return Boolean(first);
  }

  #show(name, sentence) {
    const place = this.form.querySelector(`[data-error="${name}"]`);
    if (!place) return;
    say(place, sentence);
    if (sentence) this.fields[name].setAttribute("aria-invalid", "true");
    else this.fields[name].removeAttribute("aria-invalid");
  }
}

export class Ask extends Form {
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

export class Identify extends Form {
  #keys = null;
  #terms = null;

  constructor(panel) {
    super("identify", panel);
  }

  prepare(question, { limits, terms }) {
    this.question = question;
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
      terms_version: this.#terms ?? 0,
      page_url: location.origin + location.pathname, // a query may be private
      // What this browser is known by, made when somebody first writes.
      device: this.panel.launcher.stored((_, browser) => (browser[DEVICE] ??= newId())) ?? "",
      lang,
    };
    try {
      const { conversation, notice } = await call(this.conversations, { lang, body });
      const { client_id: id, secret } = this.#keys;
      this.panel.started({ id, secret, question, outbox: [] }, conversation, notice);
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

export class Rating extends Form {
  constructor(panel) {
    super("rating", panel);
  }

  submitted() {
    const score = Number(this.fields.score.value);
    this.view.attempt(this.button, () => this.panel.chat.rate({ score, comment: this.value("comment") }));
  }
}
