/**
 * The left column: citizens who wait, and the conversations in hand.
 */

import { clockFace, secondsSince } from "./desk-clock.js";
import { copyOf, fill, syncList } from "./desk-dom.js";

// A citizen who has waited this long is shown as urgent.
const LONG_WAIT = 120; // seconds
export const LITTLE_TIME = 30; // seconds

export class DeskLists {
  #root;
  #store;
  #texts;

  constructor(root, store, texts) {
    this.#root = root;
    this.#store = store;
    this.#texts = texts;
    root.addEventListener("click", (event) => this.#pressed(event.target.closest("button")));
    store.addEventListener("change", () => this.render());
  }

  render() {
    const { waiting, mine } = this.#store;
    this.#list("waiting", waiting, (element, card) => this.#waitingCard(element, card));
    this.#list("mine", mine, (element, conversation) => this.#mineCard(element, conversation));
    this.tick();
  }

  /** What changes with the second alone. */
  tick() {
    for (const element of this.#part("list", "waiting").children) {
      const waited = secondsSince(element.dataset.since);
      fill(element, { waited: clockFace(waited) });
      element.classList.toggle("is-urgent", waited >= LONG_WAIT);
    }
    for (const element of this.#part("list", "mine").children) {
      const { remaining } = this.#store.conversations.get(element.dataset.key);
      fill(element, { remaining: remaining === null ? "" : clockFace(remaining) });
      element.classList.toggle("is-urgent", remaining !== null && remaining <= LITTLE_TIME);
    }
  }

  #pressed(button) {
    const id = button?.closest("[data-key]")?.dataset.key;
    if (!id) return;
    if (button.dataset.action === "accept") this.#store.accept(id);
    if (button.dataset.action === "show") this.#store.show(id);
    if (button.dataset.action === "beside") this.#store.showBeside(id);
  }

  #list(name, items, update) {
    const template = this.#root.querySelector(`template[data-item="${name}"]`);
    syncList(this.#part("list", name), items, {
      key: ({ id }) => id,
      create: () => copyOf(template),
      update,
    });
    this.#part("empty", name).hidden = items.length > 0;
    const count = this.#part("count", name);
    count.textContent = items.length;
    count.hidden = items.length === 0;
  }

  #waitingCard(element, { id, name, question, created_at, reads_like_pqrd }) {
    element.dataset.since = created_at;
    fill(element, { name, question });
    element.querySelector("[data-pqrd]").hidden = !reads_like_pqrd;
    const button = element.querySelector("button");
    button.disabled = this.#store.claiming.has(id) || this.#store.line !== "open";
    button.setAttribute("aria-label", this.#texts.get("accept", { name }));
  }

  #mineCard(element, conversation) {
    const { card, unread, ended, messages } = conversation;
    fill(element, {
      name: card.name,
      excerpt: messages.at(-1)?.text ?? card.question,
      ended: ended ? this.#texts.get("ended") : "",
      unread: unread || "",
      unread_label: unread ? this.#texts.get("unread", { n: unread }) : "",
    });
    element.classList.toggle("is-ended", ended);
    element.classList.toggle("has-unread", unread > 0);
    const { openId, open: current, panes, room } = this.#store;
    const button = element.querySelector("button");
    if (conversation.id === openId) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
    element.classList.toggle("is-shown", panes.includes(conversation.id));
    const beside = element.querySelector("[data-action='beside']");
    beside.hidden = !current || panes.includes(conversation.id) || panes.length >= room;
    beside.setAttribute("aria-label", this.#texts.get("beside", { name: card.name }));
  }

  #part(kind, name) {
    return this.#root.querySelector(`[data-${kind}="${name}"]`);
  }
}
