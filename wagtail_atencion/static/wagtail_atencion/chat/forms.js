/** The forms before a chat: the question, with the answers there are; and who asks. */

import { call, deviceKey, newId, newSecret, Refusal } from "./api.js";
import { say } from "./parts.js";

const PAUSE = 350; // milliseconds
const SHORTEST_SEARCH = 3; // characters
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

class Form {
  constructor(name, parts, { address, lang, next }) {
    Object.assign(this, { parts, address, lang, next });
    this.form = parts.root.querySelector(`form[data-step="${name}"]`);
    this.fields = this.form.elements;
    this.form.addEventListener("input", ({ target }) => this.#show(target.name, ""));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submitted();
    });
  }

  /** Show `errors` (field: sentence); the first gets the focus. */
  showErrors(errors) {
    const names = Array.from(this.form.querySelectorAll("[data-error]"), (place) => place.dataset.error);
    for (const name of names) this.#show(name, errors[name] ?? "");
    const first = names.find((name) => errors[name]);
    if (first) this.fields[first].focus();
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

  constructor(parts, options) {
    super("ask", parts, options);
    this.fields.question.addEventListener("input", () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#find(this.question), PAUSE);
    });
  }

  get question() {
    return this.fields.question.value.trim();
  }

  clear() {
    this.form.reset();
    this.#show([], "");
  }

  submitted() {
    if (this.question) this.next();
    else this.showErrors({ question: this.parts.text("need-question") });
  }

  async #find(q) {
    this.#search.abort();
    if (q.length < SHORTEST_SEARCH) return this.#show([], "");
    const { signal } = (this.#search = new AbortController());
    const address = `${this.address}?${new URLSearchParams({ q })}`;
    try {
      const { results } = await call(address, { lang: this.lang, signal });
      const key = results.length ? "found" : "found-none";
      if (!signal.aborted) this.#show(results, this.parts.text(key, { number: results.length }));
    } catch {
      if (!signal.aborted) this.#show([], ""); // the chat does without
    }
  }

  #show(results, count) {
    this.parts.part("count").textContent = count;
    this.parts.part("answers").replaceChildren(...results.map((result) => this.#answer(result)));
    this.form.querySelector('[data-act="answered"]').hidden = !results.length;
  }

  #answer({ question: title, answer, url }) {
    const piece = this.parts.copy("answer");
    this.parts.fill({ title }, piece);
    this.parts.link({ url }, piece);
    // Rich text of the entity's editors, made safe by the service.
    this.parts.part("answer-text", piece).innerHTML = answer;
    return piece;
  }
}

export class Identify extends Form {
  #keys = null;
  #terms = null;

  /** `turnedBack(refusal)` hears of reasons that lie before this form. */
  constructor(parts, { turnedBack, ...options }) {
    super("identify", parts, options);
    this.turnedBack = turnedBack;
    this.button = this.form.querySelector('[type="submit"]');
  }

  prepare(question, { limits, terms }) {
    this.question = question;
    this.fields.name.maxLength = limits.name_length;
    if (this.#terms !== terms?.version) this.fields.terms_version.checked = false;
    this.#terms = terms?.version;
  }

  async submitted() {
    if (this.button.ariaBusy) return;
    const errors = this.#errors();
    this.showErrors(errors);
    this.#refuse("");
    if (Object.keys(errors).length) return;
    this.button.ariaBusy = "true";
    try {
      await this.#start();
    } catch (reason) {
      if (reason instanceof Refusal) this.#refused(reason);
      else this.#refuse(this.parts.text("unreachable"));
    } finally {
      this.button.ariaBusy = null;
    }
  }

  #errors() {
    const { name, email, terms_version: terms } = this.fields;
    const errors = {};
    const need = (field) => (errors[field] = this.parts.text(`need-${field}`));
    if (!name.value.trim()) need("name");
    if (!EMAIL.test(email.value.trim())) need("email");
    if (this.#terms && !terms.checked) need("terms_version");
    return errors;
  }

  async #start() {
    // Kept until it succeeds: a new try after a lost answer is no second chat.
    this.#keys ??= { client_id: newId(), secret: newSecret() };
    const { conversation } = await call(this.address, {
      lang: this.lang,
      body: {
        ...this.#keys,
        name: this.fields.name.value.trim(),
        email: this.fields.email.value.trim(),
        question: this.question,
        terms_version: this.#terms ?? 0,
        page_url: location.origin + location.pathname, // a query may be private
        device: deviceKey(),
        lang: this.lang,
      },
    });
    this.next(conversation, this.#keys.secret);
    this.#keys = null;
    this.fields.terms_version.checked = false;
  }

  #refused(refusal) {
    const { code, fields = {}, message, review_url: review } = refusal;
    this.parts.link({ review });
    if (["closed", "terms_outdated"].includes(code) || fields.question) this.turnedBack(refusal);
    this.showErrors(fields);
    if (!Object.keys(fields).some((name) => name in this.fields)) this.#refuse(message);
  }

  #refuse(sentence) {
    say(this.parts.part("refusal", this.form), sentence);
  }
}
