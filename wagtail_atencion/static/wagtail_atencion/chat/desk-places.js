/**
 * Which conversations stand side by side, and in which of them the agent works.
 */

import { keep, PANES, remembered } from "./desk-memory.js";
import { DeskSignals } from "./desk-signals.js";

export class DeskPlaces extends DeskSignals {
  /** Those at the desk, by id. */
  conversations = new Map();
  /** The conversations that stand side by side, by id; there is always one place. */
  panes = [null];
  /** The place where the agent works. */
  active = 0;
  /** How many places there is room for. */
  room = 1;
  #before = remembered(PANES).ids ?? [];

  get openId() {
    return this.panes[this.active];
  }

  get open() {
    return this.inPane(this.active);
  }

  /** The conversation at place `number`, or null. */
  inPane(number) {
    return this.conversations.get(this.panes[number]) ?? null;
  }

  /** Work with a conversation: where it stands already, else in the place of the one open. */
  show(id) {
    const stands = id === null ? -1 : this.panes.indexOf(id);
    if (stands >= 0) this.active = stands;
    else if (id === null && this.panes.length > 1) this.#close(this.active);
    else this.panes[this.active] = id;
    this.#arranged();
  }

  /** Work with a conversation beside the one open, if there is room. */
  showBeside(id) {
    if (this.open && !this.panes.includes(id) && this.panes.length < this.room) {
      this.active = this.panes.push(id) - 1;
    }
    this.show(id);
  }

  /** The agent goes on in another place. */
  activate(number) {
    if (number === this.active || number >= this.panes.length) return;
    this.active = number;
    this.showNow();
  }

  /** No more places than `room`: the one where the agent works stays. */
  makeRoom(room) {
    this.room = room;
    while (this.panes.length > room) this.#close(this.active === 0 ? 1 : 0);
    this.showNow();
  }

  closePane(number) {
    this.#close(number);
    this.#arranged();
  }

  /** The places as they were before the page was loaded. */
  restore() {
    const ids = this.#before.filter((id) => this.conversations.has(id)).slice(0, this.room);
    this.#before = [];
    if (!ids.length) return;
    this.panes = ids;
    this.showNow();
  }

  #close(number) {
    if (this.panes.length === 1) this.panes = [null];
    else this.panes.splice(number, 1);
    if (number < this.active) this.active -= 1;
    this.active = Math.min(this.active, this.panes.length - 1);
  }

  #arranged() {
    keep(PANES, { ids: this.panes });
    this.showNow();
    this.tell("opened", this.open);
  }
}
