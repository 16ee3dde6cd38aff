/**
 * <atencion-forum>: keeps the phase of a forum right on a page that may be cached or stay open.
 *
 * It asks the server once, and again when the answer says that the phase changes. What is shown comes
 * from the server whole; only the countdown is counted here, on the server's clock.
 */

import { Debate } from "./debate.js";

const SOONEST = 1000; // milliseconds
const LATEST = 6 * 60 * 60 * 1000;
const AFTER_A_FAILURE = 60_000;
const TICK = 30_000;
const UNITS = [["day", 86_400], ["hour", 3_600], ["minute", 60]];

class AtencionForum extends HTMLElement {
  #next = NaN;
  #ahead = 0; // how far the server's clock is ahead of this one
  #timer;
  #ticking;
  #debate;

  connectedCallback() {
    if (!this.dataset.now) return; // a preview
    this.#ask();
    this.#debate = new Debate(this);
    this.#ticking = setInterval(() => this.#count(), TICK);
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    clearInterval(this.#ticking);
    this.#debate?.end();
  }

  async #ask() {
    try {
      const reply = await fetch(this.dataset.now);
      if (!reply.ok) throw new Error(`forum ${reply.status}`);
      const page = new DOMParser().parseFromString(await reply.text(), "text/html");
      this.#show(page.querySelector("[data-phase]"));
    } catch {
      this.#askIn(AFTER_A_FAILURE); // what was told last stays
    }
  }

  #askIn(milliseconds) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), Math.min(Math.max(milliseconds, SOONEST), LATEST));
  }

  #show(moment) {
    if (moment.dataset.phase !== this.dataset.phase) {
      for (const part of moment.querySelectorAll("[data-part]")) {
        this.querySelector(`[data-part="${part.dataset.part}"]`)?.replaceChildren(...part.childNodes);
      }
      this.dataset.phase = moment.dataset.phase;
      this.querySelector(":scope > [role=status]").textContent = moment.dataset.news;
    }
    this.#ahead = Date.parse(moment.dataset.at) - Date.now();
    this.#next = Date.parse(moment.dataset.next);
    this.#count();
    if (!Number.isNaN(this.#next)) this.#askIn(this.#next - this.#now() + SOONEST);
  }

  #now() {
    return Date.now() + this.#ahead;
  }

  #count() {
    const place = this.querySelector("[data-countdown]");
    if (!place || Number.isNaN(this.#next)) return;
    const seconds = Math.max(60, (this.#next - this.#now()) / 1000);
    const [unit, length] = UNITS.find(([, size]) => seconds >= size);
    const words = new Intl.RelativeTimeFormat(document.documentElement.lang || undefined, { numeric: "always" });
    place.textContent = `(${words.format(Math.round(seconds / length), unit)})`;
  }
}

customElements.define("atencion-forum", AtencionForum);
