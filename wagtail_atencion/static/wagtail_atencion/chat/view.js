/** The window of the chat, in a shadow root. panel.html tells what each data- attribute is for. */

import { newId, Refusal } from "./connection.js";

/** Small or much enlarged screens: there the window covers the page, and is modal. */
export const covers = matchMedia("(max-width: 30em), (max-height: 30em)");

const TOUCH = matchMedia("(pointer: coarse)"); // a focused field throws the keyboard up
const SPOKEN_WITHIN = 10_000; // milliseconds
const SHOW_UNSENT_AFTER = 2_000; // milliseconds
const SHOW_LEFT_BELOW = 100; // characters
const NEAR_THE_END = 80; // pixels; further up the citizen is reading
const LINK = /(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)])/;

export class View {
  /** `escape()` is true if it had something of its own to close; `hidden()` hears of minimising. */
  constructor(launcher, markup, { escape, hidden }) {
    Object.assign(this, { launcher, escape, hidden });
    const host = document.createElement("atencion-panel");
    this.root = host.attachShadow({ mode: "open" });
    this.root.innerHTML = markup;
    this.dialog = this.root.querySelector("dialog");
    this.texts = this.part("texts").content;
    this.styled = Promise.all(
      [...this.root.querySelectorAll("link")].map(
        (sheet) => new Promise((done) => (sheet.onload = sheet.onerror = done)),
      ),
    );
    launcher.append(host);
    document.addEventListener("keydown", (event) => {
      const here = event.key === "Escape" && !event.defaultPrevented && this.isShown;
      if (here && !this.dialog.matches(":modal")) this.#escaped(event); // else "cancel" comes
    });
    this.dialog.addEventListener("cancel", (event) => this.#escaped(event));
    // Esc twice closes a modal dialog, whatever "cancel" is answered.
    this.dialog.addEventListener("close", () => this.#isOut && !this.isShown && this.hide());
    covers.addEventListener("change", () => this.#reopen());
    visualViewport.addEventListener("resize", () => this.#fit());
  }

  // The markup

  part(name, within = this.root) {
    return within.querySelector(`[data-part="${name}"]`);
  }

  /** A translated sentence, its {braces} filled in. */
  text(key, values) {
    const sentence = this.texts.querySelector(`[data-text="${key}"]`).textContent;
    return sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  }

  copy(name) {
    return this.part(name).content.firstElementChild.cloneNode(true);
  }

  fill(values, within) {
    this.#each(values, "fill", within, (place, text) => (place.textContent = text));
  }

  link(links, within) {
    this.#each(links, "link", within, (place, address) => (place.href = address));
  }

  step(name) {
    for (const element of this.root.querySelectorAll("[data-step]")) {
      element.hidden = !element.dataset.step.split(" ").includes(name);
    }
  }

  #each(values, kind, within = this.root, give) {
    for (const [name, value] of Object.entries(values)) {
      for (const place of within.querySelectorAll(`[data-${kind}="${name}"]`)) give(place, value ?? "");
      for (const place of within.querySelectorAll(`[data-if="${name}"]`)) place.hidden = !value;
    }
  }

  /** Do what `button` asks for, once at a time; a failure is told beside it, where data-task begins. */
  async attempt(button, task) {
    if (button.ariaBusy) return;
    const place = this.part("refusal", button.closest("[data-task]"));
    button.ariaBusy = "true";
    say(place, "");
    try {
      await task();
    } catch (reason) {
      say(place, reason instanceof Refusal ? reason.message : this.text("unreachable"));
    } finally {
      button.ariaBusy = null;
    }
  }

  // The window

  get isShown() {
    return this.dialog.open;
  }

  get hasFocus() {
    return this.dialog.contains(this.root.activeElement);
  }

  get #isOut() {
    return this.launcher.hasAttribute("data-shown");
  }

  /** `opener` gets the focus back; without one the focus stays where it is. */
  show(opener) {
    this.opener = opener ?? this.opener ?? this.launcher.link;
    if (this.isShown) return;
    const before = document.activeElement;
    this.#out(true);
    this.#open();
    if (opener) return;
    this.root.activeElement?.blur();
    before?.focus();
  }

  hide() {
    const hadFocus = this.hasFocus || !this.isShown;
    this.#out(false);
    this.dialog.close();
    if (hadFocus) this.opener.focus();
    this.hidden();
  }

  /** Focus the field of the step, or its heading. */
  focus() {
    const kinds = ["[data-heading]", "h3[tabindex]", '[role="log"]'];
    if (!TOUCH.matches) kinds.unshift("[data-focus]");
    const places = kinds.flatMap((kind) => [...this.dialog.querySelectorAll(kind)]);
    places.find((place) => place.offsetParent)?.focus();
  }

  /** Speak politely, whether the window is open or not. */
  announce(sentence) {
    const line = document.createElement("p");
    line.textContent = sentence;
    const place = this.part("announcer", this.isShown ? this.dialog : this.root);
    setTimeout(() => place.append(line), 100); // it may have been shown just now
    setTimeout(() => line.remove(), SPOKEN_WITHIN);
  }

  #out(isOut) {
    this.launcher.toggleAttribute("data-shown", isOut);
    this.launcher.link.setAttribute("aria-expanded", isOut);
  }

  #open() {
    if (covers.matches) this.dialog.showModal();
    else this.dialog.show();
    this.#fit();
  }

  #reopen() {
    if (!this.isShown) return;
    const focused = this.root.activeElement;
    this.dialog.close();
    this.#open();
    focused?.focus();
  }

  /** Stay above the keyboard of a phone, which covers the page. */
  #fit() {
    this.dialog.style.setProperty("--atencion-height", `${visualViewport.height}px`);
  }

  #escaped(event) {
    event.preventDefault();
    if (!this.escape()) this.hide();
  }
}

/** A form: its values, and the errors beside its fields. */
export class Form {
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

/** The log of messages, and the composer. */
export class Talk {
  #pieces = new Map(); // by client_id
  #following = true;

  constructor(view, lang, send) {
    Object.assign(this, { view, send });
    const country = navigator.languages.find((own) => own.startsWith(lang)); // es-CO for es
    this.clock = new Intl.DateTimeFormat(country ?? lang, { timeStyle: "short" });
    this.log = view.part("log");
    this.scroller = view.part("scroller");
    this.composer = view.part("composer");
    this.field = this.composer.querySelector("textarea");
    for (const box of [this.scroller, view.dialog]) box.addEventListener("scroll", () => this.#scrolled());
    new ResizeObserver(() => this.#follow()).observe(this.scroller);
    this.field.addEventListener("input", () => this.#count());
    this.field.addEventListener("keydown", (event) => this.#key(event));
    this.composer.addEventListener("submit", (event) => this.#submitted(event));
  }

  get draft() {
    return this.field.value;
  }

  set draft(text) {
    this.field.value = text;
    this.#count();
  }

  clear() {
    this.#pieces.clear();
    this.log.replaceChildren();
    this.draft = "";
  }

  /** Show what the service has: a new message, or one of ours that was unsent. */
  show(message) {
    const piece = this.#pieces.get(message.client_id) ?? this.#piece(message);
    const place = this.log.querySelector("[data-unsent]");
    for (const mark of ["data-unsent", "data-refused"]) piece.removeAttribute(mark);
    const time = piece.querySelector("time");
    time.dateTime = new Date(message.at).toISOString(); // HTML takes no microseconds
    time.textContent = this.clock.format(new Date(message.at));
    // What changes or moves is read out again: only when it must.
    if (this.view.part("text", piece).textContent !== message.text) this.#say(piece, message.text);
    if (!piece.parentNode || (place && place !== piece)) this.log.insertBefore(piece, place);
    this.#note(piece, "");
  }

  showUnsent(messages) {
    this.#following = true;
    for (const message of messages) {
      const piece = this.#piece({ ...message, author: "citizen" });
      piece.setAttribute("data-unsent", "");
      this.log.append(piece);
      setTimeout(() => {
        if (piece.hasAttribute("data-unsent")) this.#note(piece, this.view.text("unsent"));
      }, SHOW_UNSENT_AFTER);
    }
    this.#follow();
  }

  /** The service will not have it: the text comes back to an empty composer. */
  refuse(id, reason) {
    const piece = this.#pieces.get(id);
    piece.removeAttribute("data-unsent");
    piece.setAttribute("data-refused", "");
    this.#note(piece, this.view.text("refused", { reason }));
    this.draft ||= this.view.part("text", piece).textContent;
  }

  #piece({ client_id: id, author, name, text }) {
    const piece = this.view.copy("message");
    piece.dataset.author = author;
    this.view.fill({ name: author === "citizen" ? this.view.text("you") : name }, piece);
    this.#say(piece, text);
    this.#pieces.set(id, piece);
    return piece;
  }

  #say(piece, text) {
    const parts = text.split(LINK).map((part, at) => (at % 2 ? this.#link(part) : part));
    this.view.part("text", piece).replaceChildren(...parts);
  }

  #link(href) {
    return Object.assign(this.view.copy("link"), { href, textContent: href });
  }

  #note(piece, sentence) {
    say(this.view.part("state", piece), sentence);
    this.#follow();
  }

  /** What scrolls: the log, or on low screens the whole window. */
  get #box() {
    return this.scroller.scrollHeight > this.scroller.clientHeight ? this.scroller : this.view.dialog;
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.#box;
    this.#following = scrollHeight - scrollTop - clientHeight < NEAR_THE_END;
  }

  #follow() {
    if (this.#following) this.#box.scrollTop = this.#box.scrollHeight;
  }

  #key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.composer.requestSubmit();
  }

  #submitted(event) {
    event.preventDefault();
    const message = { client_id: newId(), text: this.draft.trim() };
    this.field.focus();
    if (!message.text) return;
    this.draft = "";
    this.showUnsent([message]);
    this.send(message);
  }

  #count() {
    const number = this.field.maxLength - this.draft.length;
    const near = this.field.maxLength > 0 && number < SHOW_LEFT_BELOW;
    this.view.part("left").textContent = near ? this.view.text("characters", { number }) : "";
  }
}

/** Show `sentence` in `place`; none hides it. */
export function say(place, sentence) {
  place.textContent = sentence;
  place.hidden = !sentence;
}
