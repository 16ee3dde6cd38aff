/**
 * Beside the conversation: who the citizen is, and what is known of them that this agent may see.
 */

import { dayAndTime } from "./desk-clock.js";
import { copyOf, fill, webAddress } from "./desk-dom.js";

export class DeskCitizen {
  #root;
  #store;
  #texts;
  #shown = null;

  constructor(root, store, texts) {
    this.#root = root;
    this.#store = store;
    this.#texts = texts;
    store.addEventListener("change", () => this.render());
    root.querySelector("[data-action='earlier']").addEventListener("click", () => {
      store.ask({ type: "earlier", conversation: store.openId });
    });
    root.querySelector("[data-draft]")?.addEventListener("submit", ({ target }) => this.#draft(target));
  }

  render() {
    const { open } = this.#store;
    this.#root.hidden = !open;
    if (!open) return;
    const { card, context } = open;
    fill(this.#root, {
      name: card.name,
      email: card.email,
      ip: card.ip ?? "—",
      reference: card.reference,
      started: dayAndTime(card.created_at),
      site: card.site,
      topic: card.topic?.name ?? "—",
      terms: context ? this.#texts.get("terms", { version: context.terms_version }) : "…",
      browser: context?.user_agent || "—",
    });
    this.#page(card.page_url);
    // The lists are built once, not with each second that passes.
    const state = `${open.id} ${Boolean(context)} ${open.earlier?.length}`;
    if (state !== this.#shown) this.#lists(open);
    this.#shown = state;
  }

  #lists({ context, earlier }) {
    const [sanctions, before] = ["sanctions", "before"].map((name) =>
      this.#root.querySelector(`[data-section="${name}"]`),
    );
    sanctions.hidden = !context?.sanctions;
    this.#list(sanctions, context?.sanctions ?? [], (one) => ({
      title: one.clause,
      facts: `${dayAndTime(one.from)} · ${this.#texts.get(one.in_force ? "in-force" : "over-now")}`,
      url: one.url,
    }));
    before.hidden = !context?.may_read_earlier;
    before.querySelector("[data-action='earlier']").hidden = Boolean(earlier);
    this.#list(before, earlier ?? [], (one) => ({
      title: `${one.reference} · ${one.name}`,
      facts: `${dayAndTime(one.at)} · ${one.end_text}`,
      url: one.url,
    }));
    before.querySelector("[data-empty]").hidden = !earlier || earlier.length > 0;
  }

  #list(section, items, describe) {
    const list = section.querySelector("ul");
    const template = this.#root.querySelector("template[data-item='record']");
    list.replaceChildren(
      ...items.map((item) => {
        const element = copyOf(template);
        const { url, ...values } = describe(item);
        fill(element, values);
        element.querySelector("a").href = url;
        return element;
      }),
    );
    const empty = section.querySelector("[data-empty]");
    if (empty) empty.hidden = items.length > 0;
  }

  /** The question goes by POST, so that it is in no address; the name, so that it is taken out. */
  #draft(form) {
    const { open } = this.#store;
    form.elements.question.value = open.messages.at(0)?.text ?? open.card.question;
    form.elements.name.value = open.card.name;
  }

  /** The citizen's page comes from the citizen's browser: a link only if it is a web address. */
  #page(text) {
    const address = webAddress(text);
    const link = this.#root.querySelector("[data-page-link]");
    const plain = this.#root.querySelector("[data-page-plain]");
    link.hidden = !address;
    plain.hidden = Boolean(address);
    plain.textContent = text || "—";
    if (!address) {
      link.removeAttribute("href");
      return;
    }
    link.href = address.href;
    fill(link, { page: decodedPath(address) });
  }
}

function decodedPath({ pathname, search }) {
  try {
    return decodeURI(pathname) + search;
  } catch {
    return pathname + search;
  }
}
