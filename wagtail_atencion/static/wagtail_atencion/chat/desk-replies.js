/**
 * Canned replies: `/` and some letters of a shortcut or a title offer them, by keyboard alone.
 *
 * The field stays a text box with a list of suggestions (ARIA: aria-autocomplete, aria-controls and
 * aria-activedescendant): the focus never leaves it.
 */

import { copyOf, fill } from "./desk-dom.js";

const MOST = 8; // suggestions at once
const CALL = /(^|\s)\/([^\s/]*)$/;

/** Letters without accents and capitals: what agents type in a hurry. */
export function folded(text) {
  return text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase();
}

/** All replies in use, asked for once. */
export class Replies {
  #all = [];

  async load(address) {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const { replies } = await answer.json();
    this.#all = replies.map((reply) => ({
      ...reply,
      keys: [folded(reply.shortcut), folded(`${reply.title} ${reply.category}`), folded(reply.text)],
    }));
  }

  /** Those that `letters` may mean, the likeliest first. */
  find(letters, { language, site_id: site } = {}) {
    const wanted = folded(letters);
    const ranked = [];
    for (const reply of this.#all) {
      if (reply.language && language && reply.language !== language) continue;
      if (reply.site && site && reply.site !== site) continue;
      const [shortcut, title, text] = reply.keys;
      const rank = shortcut.startsWith(wanted)
        ? 0
        : [shortcut.includes(wanted), title.includes(wanted), text.includes(wanted)].indexOf(true) + 1;
      if (rank > 0 || shortcut.startsWith(wanted)) ranked.push({ rank, reply });
    }
    ranked.sort((one, other) => one.rank - other.rank);
    return ranked.slice(0, MOST).map(({ reply }) => reply);
  }
}

/** Fill in the places of a reply: `{nombre}` becomes the citizen's name. */
export function filled(text, { card, context }, agent) {
  const values = {
    nombre: card.name,
    agente: agent.name,
    referencia: card.reference,
    entidad: context?.entity,
    pqrd: context?.pqrd_url,
  };
  return text.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
}

/** The list of suggestions over one field. */
export class ReplyPicker {
  #field;
  #list;
  #template;
  #replies;
  #store;
  #texts;
  #found = [];
  #active = 0;

  /** `conversation()` is the one that the field writes to; `insert(text, from)` takes a reply. */
  constructor(field, list, { replies, store, texts, conversation, insert }) {
    Object.assign(this, { conversation, insert });
    this.#field = field;
    this.#list = list;
    this.#template = document.querySelector("template[data-item='reply']");
    this.#replies = replies;
    this.#store = store;
    this.#texts = texts;
    field.addEventListener("input", () => this.#look());
    field.addEventListener("click", () => this.#look());
    field.addEventListener("blur", () => this.close());
    // Before the field loses the focus.
    list.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role='option']");
      if (option) this.#take([...list.children].indexOf(option));
    });
  }

  get isOpen() {
    return !this.#list.hidden;
  }

  /** Take a key if the list is open and wants it; whether it did. */
  key(event) {
    if (!this.isOpen || event.isComposing) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.#activate((this.#active + step + this.#found.length) % this.#found.length);
    else if (event.key === "Enter" || event.key === "Tab") this.#take(this.#active);
    else if (event.key === "Escape") this.close();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  /** Begin a suggestion where the caret stands. */
  begin() {
    const { selectionStart: at, value } = this.#field;
    const gap = at === 0 || /\s/.test(value[at - 1]) ? "" : " ";
    this.#field.setRangeText(`${gap}/`, at, this.#field.selectionEnd, "end");
    this.#field.focus();
    this.#field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  close() {
    this.#list.hidden = true;
    this.#field.removeAttribute("aria-activedescendant");
  }

  /** What stands between the slash and the caret, or null. */
  get #called() {
    const { selectionStart: at, selectionEnd: end, value } = this.#field;
    return at === end ? (CALL.exec(value.slice(0, at))?.[2] ?? null) : null;
  }

  #look() {
    const letters = this.#called;
    const conversation = this.conversation();
    if (letters === null || !conversation) return this.close();
    const before = this.#found.length;
    this.#found = this.#replies.find(letters, conversation.context ?? {});
    if (!this.#found.length) return this.close();
    const wasOpen = this.isOpen;
    this.#list.replaceChildren(...this.#found.map((reply, at) => this.#option(reply, at)));
    this.#list.hidden = false;
    this.#activate(0);
    if (!wasOpen || before !== this.#found.length) {
      this.#store.say(this.#texts.get("replies", { n: this.#found.length }));
    }
  }

  #option({ title, shortcut, category, text }, at) {
    const option = copyOf(this.#template);
    option.id = `${this.#list.id}-${at}`;
    const shown = filled(text, this.conversation(), this.#store.agent);
    fill(option, { title, shortcut: `/${shortcut}`, category, text: shown });
    return option;
  }

  #activate(at) {
    this.#active = at;
    for (const [place, option] of [...this.#list.children].entries()) {
      option.setAttribute("aria-selected", String(place === at));
      if (place === at) option.scrollIntoView({ block: "nearest" });
    }
    this.#field.setAttribute("aria-activedescendant", this.#list.children[at].id);
  }

  #take(at) {
    const reply = this.#found[at];
    const length = this.#called?.length ?? 0;
    this.close();
    const from = this.#field.selectionStart - length - 1;
    const text = filled(reply.text, this.conversation(), this.#store.agent);
    this.insert(text, from);
  }
}
