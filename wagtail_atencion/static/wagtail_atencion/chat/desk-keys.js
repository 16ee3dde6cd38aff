/**
 * The desk by single keys, while no field has the focus, and the sheet that lists them. Whoever
 * speaks to their computer, or types by accident, switches them off in the sheet (WCAG 2.1.4).
 */

export class DeskKeys {
  #root;
  #store;
  #sheet;
  #acts;

  /** `isOn()`: whether the agent wants them; `acts`: what else a key does, by key. */
  constructor(root, store, { isOn, acts }) {
    this.#root = root;
    this.#store = store;
    this.#sheet = root.querySelector("dialog[data-part='keys']");
    this.#acts = {
      "?": () => this.help(),
      a: () => this.#accept(),
      j: () => this.#step(1),
      k: () => this.#step(-1),
      b: () => this.#beside(),
      x: () => store.open && store.closePane(store.active),
      r: () => this.#pane("textarea")?.focus(),
      i: () => this.#press("[data-part='details']"),
      e: () => this.#press("[data-end='agent']"),
      p: () => this.#press("[data-end='redirected_pqrd']"),
      ...acts,
    };
    document.addEventListener("keydown", (event) => {
      if (event.key === "?" || isOn()) this.#pressed(event);
    });
    root.querySelector("[data-part='help']")?.addEventListener("click", () => this.help());
  }

  help() {
    if (!this.#sheet.open) this.#sheet.showModal();
  }

  #pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const { target } = event;
    if (event.key === "Escape" && target.matches("textarea") && this.#root.contains(target)) {
      // Out of the field, so that single keys work; Tab goes back in.
      target.closest("[data-pane]")?.querySelector("[data-log]")?.focus();
      return;
    }
    if (event.defaultPrevented || target.closest("input, textarea, select, dialog, [contenteditable]")) return;
    const number = Number(event.key);
    const act = number ? () => this.#nth(number) : this.#acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  #accept() {
    const [next] = this.#store.waiting;
    if (next && this.#store.line === "open") this.#store.accept(next.id);
  }

  #step(by) {
    const ids = this.#store.mine.map(({ id }) => id);
    if (!ids.length) return;
    const here = ids.indexOf(this.#store.openId);
    const next = here < 0 ? (by > 0 ? 0 : ids.length - 1) : (here + by + ids.length) % ids.length;
    this.#store.show(ids[next]);
  }

  #nth(number) {
    const nth = this.#store.mine[number - 1];
    if (nth) this.#store.show(nth.id);
  }

  /** The next conversation that is not shown yet. */
  #beside() {
    const { mine, panes } = this.#store;
    const next = mine.find(({ id }) => !panes.includes(id));
    if (next) this.#store.showBeside(next.id);
  }

  #pane(selector) {
    return this.#root.querySelector(`[data-pane].is-active ${selector}`);
  }

  #press(selector) {
    const button = this.#pane(selector);
    if (button && !button.disabled && button.offsetParent) button.click();
  }
}
