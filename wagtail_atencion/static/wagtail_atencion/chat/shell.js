/**
 * The window of the chat. A shadow root keeps the page's style out (resets, frameworks) and ours in;
 * --atencion-* properties pass through, and the markup inside comes from templates.
 */

/** Small or much enlarged screens: there the window covers the page, and is modal. */
export const covers = matchMedia("(max-width: 30em), (max-height: 30em)");

const TOUCH = matchMedia("(pointer: coarse)"); // a focused field throws the keyboard up

export class Shell {
  /** `escape()` is true if it had something of its own to close. */
  constructor(launcher, markup, { escape, hidden }) {
    Object.assign(this, { launcher, escape, hidden });
    const host = document.createElement("atencion-panel");
    this.root = host.attachShadow({ mode: "open" });
    this.root.innerHTML = markup;
    this.dialog = this.root.querySelector("dialog");
    this.styled = this.#styled();
    launcher.append(host);
    document.addEventListener("keydown", (event) => {
      const here = event.key === "Escape" && !event.defaultPrevented && this.isShown;
      if (here && !this.dialog.matches(":modal")) this.#escaped(event); // else "cancel" comes
    });
    this.dialog.addEventListener("cancel", (event) => this.#escaped(event));
    // Esc twice closes a modal dialog, whatever "cancel" is answered.
    this.dialog.addEventListener("close", () => this.#isOut && !this.isShown && this.hide());
    covers.addEventListener("change", () => this.#reopen());
    visualViewport.addEventListener("resize", () => this.#fit());
  }

  get isShown() {
    return this.dialog.open;
  }

  get hasFocus() {
    return this.dialog.contains(this.root.activeElement);
  }

  get #isOut() {
    return this.launcher.hasAttribute("data-shown");
  }

  /** `opener` gets the focus back; without one the focus stays where it is. */
  show(opener) {
    this.opener = opener ?? this.opener ?? this.launcher.link;
    if (this.isShown) return;
    const before = document.activeElement;
    this.#out(true);
    this.#open();
    if (opener) return;
    this.root.activeElement?.blur();
    before?.focus();
  }

  hide() {
    const hadFocus = this.hasFocus || !this.isShown;
    this.#out(false);
    this.dialog.close();
    if (hadFocus) this.opener.focus();
    this.hidden();
  }

  /** Focus the field of the step, or its heading. */
  focus() {
    const kinds = ["[data-heading]", "h3[tabindex]", '[role="log"]'];
    if (!TOUCH.matches) kinds.unshift("[data-focus]");
    const places = kinds.flatMap((kind) => [...this.dialog.querySelectorAll(kind)]);
    places.find((place) => place.offsetParent)?.focus();
  }

  /** Speak politely, whether the window is open or not. */
  announce(sentence) {
    const place = this.root.querySelector(`${this.isShown ? "dialog " : ""}[data-part="announcer"]`);
    place.textContent = "";
    setTimeout(() => (place.textContent = sentence), 100);
  }

  #styled() {
    const sheets = [...this.root.querySelectorAll("link")];
    return Promise.all(sheets.map((sheet) => new Promise((done) => (sheet.onload = sheet.onerror = done))));
  }

  #out(isOut) {
    this.launcher.toggleAttribute("data-shown", isOut);
    this.launcher.link.setAttribute("aria-expanded", isOut);
  }

  #open() {
    if (covers.matches) this.dialog.showModal();
    else this.dialog.show();
    this.#fit();
  }

  #reopen() {
    if (!this.isShown) return;
    const focused = this.root.activeElement;
    this.dialog.close();
    this.#open();
    focused?.focus();
  }

  /** Stay above the keyboard of a phone, which covers the page. */
  #fit() {
    this.dialog.style.setProperty("--atencion-height", `${visualViewport.height}px`);
  }

  #escaped(event) {
    event.preventDefault();
    if (!this.escape()) this.hide();
  }
}
