/**
 * The right column: who the open conversation is with.
 */

import { dayAndTime } from "./desk-clock.js";
import { fill, webAddress } from "./desk-dom.js";

export class DeskCitizen {
  #root;
  #store;

  constructor(root, store) {
    this.#root = root;
    this.#store = store;
    store.addEventListener("change", () => this.render());
  }

  render() {
    const card = this.#store.open?.card;
    this.#root.hidden = !card;
    if (!card) return;
    fill(this.#root, {
      name: card.name,
      email: card.email,
      ip: card.ip ?? "—",
      reference: card.reference,
      started: dayAndTime(card.created_at),
      site: card.site,
    });
    this.#page(card.page_url);
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
