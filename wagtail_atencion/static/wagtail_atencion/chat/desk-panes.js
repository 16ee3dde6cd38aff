/**
 * Conversations side by side: as many places as there is room for, made when they are first needed.
 */

import { DeskComposer } from "./desk-composer.js";
import { DeskRole } from "./desk-role.js";
import { DeskThread } from "./desk-thread.js";

// What a conversation needs to be read and answered with ease.
const WIDTH = 380; // pixels
const MOST = 3;

export class DeskPanes {
  #root;
  #store;
  #texts;
  #replies;
  #threads = [];

  /** `root`: what holds the places, with the first of them and a template of the others. */
  constructor(root, store, texts, replies) {
    this.#root = root;
    this.#replies = replies;
    this.#store = store;
    this.#texts = texts;
    this.#begin(root.querySelector("[data-pane]"));
    store.addEventListener("change", () => this.render());
    new ResizeObserver(() => this.#measure()).observe(root.parentElement);
  }

  render() {
    while (this.#threads.length < this.#store.panes.length) this.#add();
    this.#root.closest("atencion-desk").toggleAttribute("data-split", this.#store.panes.length > 1);
  }

  tick() {
    for (const thread of this.#threads) thread.tick();
  }

  #add() {
    const pane = this.#root
      .querySelector("template[data-panes]")
      .content.firstElementChild.cloneNode(true);
    rename(pane, this.#threads.length + 1);
    this.#root.append(pane);
    this.#begin(pane);
  }

  #begin(pane) {
    const number = this.#threads.length;
    const thread = new DeskThread(pane, this.#store, this.#texts, number);
    this.#threads.push(thread);
    const composer = pane.querySelector("[data-part='composer']");
    new DeskComposer(composer, this.#store, this.#texts, number, this.#replies).render();
    new DeskRole(pane, this.#store, this.#texts, number).render();
    thread.render();
  }

  /** The lists keep their width; the details of the citizen give theirs to a second conversation. */
  #measure() {
    const lists = this.#root.parentElement.querySelector("[data-part='lists']");
    const free = this.#root.parentElement.clientWidth - lists.offsetWidth;
    const room = Math.max(1, Math.min(MOST, Math.floor(free / WIDTH)));
    if (room !== this.#store.room) this.#store.makeRoom(room);
    this.#root.closest("atencion-desk").toggleAttribute("data-roomy", room > 1);
  }
}

/** Give what has an id in a copy one of its own, and those that point to it. */
function rename(pane, number) {
  for (const attribute of ["id", "for", "aria-describedby", "aria-labelledby", "aria-controls"]) {
    for (const element of pane.querySelectorAll(`[${attribute}]`)) {
      const ids = element.getAttribute(attribute).split(" ");
      const own = ids.map((id) => (id === "atencion-desk-citizen" ? id : `${id}-${number}`));
      element.setAttribute(attribute, own.join(" "));
    }
  }
}
