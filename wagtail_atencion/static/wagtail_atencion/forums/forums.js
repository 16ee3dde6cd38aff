/**
 * <atencion-forums>: keeps a list of forums right on a page that may be cached or stay open.
 *
 * It asks the server for the list as it is now, once and whenever a forum opens or closes. What has
 * the keyboard's attention is never replaced under it: the list waits until it has moved on.
 */

const SOONEST = 1000; // milliseconds
const LATEST = 6 * 60 * 60 * 1000;
const AFTER_A_FAILURE = 60_000;

class AtencionForums extends HTMLElement {
  #timer;

  connectedCallback() {
    if (this.dataset.now) this.#ask(); // a preview has none
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
  }

  async #ask() {
    let wait = AFTER_A_FAILURE; // what was told last stays
    try {
      const reply = await fetch(this.dataset.now);
      if (!reply.ok) throw new Error(`forums ${reply.status}`);
      const page = new DOMParser().parseFromString(await reply.text(), "text/html");
      const list = page.querySelector("[data-listed]");
      wait = Date.parse(list.dataset.next) - Date.parse(list.dataset.at) + SOONEST;
      this.#show(list);
    } catch {
      // asked again below
    }
    if (Number.isNaN(wait)) return; // nothing will open or close any more
    this.#timer = setTimeout(() => this.#ask(), Math.min(Math.max(wait, SOONEST), LATEST));
  }

  #show(list) {
    const shown = this.querySelector("[data-listed]");
    if (list.textContent === shown.textContent) return;
    if (shown.contains(document.activeElement)) {
      shown.addEventListener("focusout", () => setTimeout(() => this.#show(list)), { once: true });
      return;
    }
    shown.replaceWith(list);
  }
}

customElements.get("atencion-forums") ?? customElements.define("atencion-forums", AtencionForums);
