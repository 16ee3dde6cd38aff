/**
 * One conversation of those side by side: its head with the time left, and how it may end.
 */

import { clockFace, LITTLE_TIME } from "./desk-clock.js";
import { fill } from "./desk-dom.js";
import { DeskLog } from "./desk-log.js";

export class DeskThread {
  #root;
  #store;
  #texts;
  #number;
  #log;

  /** `number`: the place, counted from 0. */
  constructor(root, store, texts, number) {
    this.#root = root;
    this.#store = store;
    this.#texts = texts;
    this.#number = number;
    this.#log = new DeskLog(root, store, texts, number);
    this.#part("back").addEventListener("click", () => store.closePane(number));
    this.#part("close").addEventListener("click", () => store.closePane(number));
    this.#part("put-away").addEventListener("click", () => store.putAway(this.#open.id));
    this.#part("next").addEventListener("click", () => store.accept(store.waiting[0].id));
    for (const button of root.querySelectorAll("[data-end]")) {
      button.addEventListener("click", () => this.#askToEnd(button.dataset.end));
    }
    this.#part("misuse").addEventListener("click", () => store.tellMisuse(this.#open));
    root.addEventListener("focusin", () => store.activate(number));
    root.addEventListener("pointerdown", () => store.activate(number));
    store.addEventListener("change", () => this.render());
  }

  get #open() {
    return this.#store.inPane(this.#number);
  }

  render() {
    const { waiting, line, panes, active } = this.#store;
    const open = this.#open;
    this.#root.hidden = this.#number >= panes.length;
    this.#root.classList.toggle("is-active", this.#number === active);
    this.#part("close").hidden = panes.length < 2;
    this.#part("nothing").hidden = Boolean(open);
    this.#part("conversation").hidden = !open;
    this.#part("next").hidden = waiting.length === 0;
    this.#part("next").disabled = line !== "open";
    if (open) this.#renderOpen(open);
    this.#log.render();
  }

  /** What changes with the second alone. */
  tick() {
    const remaining = this.#open?.remaining ?? null;
    this.#part("writing").classList.toggle("is-writing", Boolean(this.#open?.writing));
    const clock = this.#part("clock");
    clock.hidden = remaining === null;
    if (remaining === null) return;
    fill(clock, { remaining: clockFace(remaining), elapsed: clockFace(this.#open.elapsed) });
    clock.classList.toggle("is-urgent", remaining <= LITTLE_TIME);
    const { accepted_at, expires_at } = this.#open.card;
    const whole = (Date.parse(expires_at) - Date.parse(accepted_at)) / 1000;
    clock.querySelector("progress").value = whole > 0 ? remaining / whole : 0;
  }

  #renderOpen(open) {
    fill(this.#root, { title: open.card.name, reference: open.card.reference });
    fill(this.#part("over"), { reason: open.card.end_text ?? "" });
    fill(this.#part("writing"), { writer: open.card.name });
    this.#close(open);
    for (const button of this.#root.querySelectorAll("[data-end], [data-part='misuse']")) {
      button.disabled = this.#store.line !== "open";
    }
    this.#part("misuse").hidden = !open.context?.misuse;
    this.tick();
  }

  /** Show how it ended in the place of the composer, and leave the focus there too. */
  #close(open) {
    const { ended } = open;
    const [composer, over] = [this.#part("composer"), this.#part("over")];
    const held = !composer.hidden && this.#root.contains(document.activeElement);
    over.hidden = !ended;
    composer.hidden = ended || !this.#store.staff.attends(open);
    if (ended && held) over.focus();
  }

  async #askToEnd(reason) {
    const open = this.#open;
    const dialog = document.querySelector(`dialog[data-ending="${reason}"]`);
    fill(dialog, { name: open.card.name });
    dialog.returnValue = "";
    dialog.showModal();
    await new Promise((closed) => dialog.addEventListener("close", closed, { once: true }));
    if (dialog.returnValue === "yes") this.#store.end(open.id, reason);
    // It may have ended while the question stood.
    if (this.#open?.ended) this.#part("over").focus();
  }

  #part(name) {
    return this.#root.querySelector(`[data-part="${name}"]`);
  }
}
