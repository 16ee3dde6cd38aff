/**
 * Citizens who wait: since when, with what question, and to whom one of them is offered.
 */

import { clockFace, secondsSince, secondsUntil, settled } from "./desk-clock.js";
import { fill, showList } from "./desk-dom.js";

// A citizen who has waited this long is shown as urgent.
const LONG_WAIT = 120; // seconds

export class DeskWaiting {
  #root;
  #store;
  #texts;
  #list;
  /** When the offer of a citizen is over, by the citizen's id. */
  #offers = new Map();

  constructor(root, store, texts) {
    this.#root = root;
    this.#store = store;
    this.#texts = texts;
    this.#list = root.querySelector("[data-list='waiting']");
    this.#list.addEventListener("click", ({ target }) => this.#pressed(target.closest("button")));
    store.addEventListener("change", () => this.render());
  }

  render() {
    const { waiting } = this.#store;
    const offered = waiting.filter((card) => card.offered);
    this.#offers = new Map(
      offered.map(({ id, offered: { remaining } }) => [id, settled(this.#offers.get(id), remaining)]),
    );
    showList(this.#root, "waiting", waiting, {
      facts: (card) => this.#facts(card),
      show: (element, facts) => this.#show(element, facts),
    });
    this.tick();
  }

  /** What changes with the second alone. */
  tick() {
    for (const element of this.#list.children) {
      const waited = secondsSince(element.dataset.since);
      fill(element, { waited: clockFace(waited) });
      element.classList.toggle("is-urgent", waited >= LONG_WAIT);
    }
    for (const [id, until] of this.#offers) {
      fill(this.#list.querySelector(`[data-key="${id}"]`), { left: clockFace(secondsUntil(until)) });
    }
  }

  #pressed(button) {
    const id = button?.closest("[data-key]").dataset.key;
    if (button?.dataset.action === "accept") this.#store.accept(id);
    if (button?.dataset.action === "decline") this.#store.staff.decline(id);
  }

  #facts(card) {
    const { id, name, question, created_at, reads_like_pqrd, topic, offered, transfer } = card;
    const { claiming, line, staff } = this.#store;
    const mine = staff.isOffered(card);
    return {
      name,
      question,
      since: created_at,
      isPqrd: reads_like_pqrd,
      topic: topic?.name,
      note: transfer && this.#texts.get("passed", { by: transfer.by, note: transfer.note }),
      offer: offered && this.#texts.get(mine ? "offered-you" : "offered", offered),
      mine,
      may: line === "open" && !claiming.has(id) && staff.mayAccept(card),
    };
  }

  #show(element, { name, question, since, isPqrd, topic, note, offer, mine, may }) {
    element.dataset.since = since;
    element.classList.toggle("is-offered", mine);
    fill(element, { name, question, topic, note, offer });
    element.querySelector("[data-pqrd]").hidden = !isPqrd;
    element.querySelector("[data-part='offer']").hidden = !offer;
    element.querySelector("[data-action='decline']").hidden = !mine;
    const accept = element.querySelector("[data-action='accept']");
    accept.disabled = !may;
    accept.setAttribute("aria-label", this.#texts.get("accept", { name }));
  }
}
