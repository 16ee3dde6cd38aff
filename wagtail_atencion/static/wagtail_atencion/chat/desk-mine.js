/**
 * The conversations in hand: the time left in each, and what is unread.
 */

import { clockFace, LITTLE_TIME } from "./desk-clock.js";
import { fill, markCurrent, showList } from "./desk-dom.js";

export class DeskMine {
  #root;
  #store;
  #texts;
  #list;

  constructor(root, store, texts) {
    this.#root = root;
    this.#store = store;
    this.#texts = texts;
    this.#list = root.querySelector("[data-list='mine']");
    this.#list.addEventListener("click", ({ target }) => this.#pressed(target.closest("button")));
    store.addEventListener("change", () => this.render());
  }

  render() {
    showList(this.#root, "mine", this.#store.mine, {
      facts: (conversation) => this.#facts(conversation),
      show: (element, facts) => this.#show(element, facts),
    });
    this.tick();
  }

  /** What changes with the second alone. */
  tick() {
    for (const element of this.#list.children) {
      const { remaining } = this.#store.conversations.get(element.dataset.key);
      fill(element, { remaining: remaining === null ? "" : clockFace(remaining) });
      element.classList.toggle("is-urgent", remaining !== null && remaining <= LITTLE_TIME);
    }
  }

  #pressed(button) {
    const id = button?.closest("[data-key]").dataset.key;
    if (button?.dataset.action === "show") this.#store.show(id);
    if (button?.dataset.action === "beside") this.#store.showBeside(id);
  }

  #facts({ id, card, unread, ended, messages }) {
    const { open, openId, panes, room } = this.#store;
    const isShown = panes.includes(id);
    return {
      name: card.name,
      excerpt: messages.at(-1)?.text ?? card.question,
      ended,
      unread,
      isCurrent: id === openId,
      isShown,
      fitsBeside: Boolean(open) && !isShown && panes.length < room,
    };
  }

  #show(element, { name, excerpt, ended, unread, isCurrent, isShown, fitsBeside }) {
    fill(element, {
      name,
      excerpt,
      ended: ended ? this.#texts.get("ended") : "",
      unread: unread || "",
      unread_label: unread ? this.#texts.get("unread", { n: unread }) : "",
    });
    element.classList.toggle("is-ended", ended);
    element.classList.toggle("has-unread", unread > 0);
    element.classList.toggle("is-shown", isShown);
    markCurrent(element.querySelector("[data-action='show']"), isCurrent);
    const beside = element.querySelector("[data-action='beside']");
    beside.hidden = !fitsBeside;
    beside.setAttribute("aria-label", this.#texts.get("beside", { name }));
  }
}
