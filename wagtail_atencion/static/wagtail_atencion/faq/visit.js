/**
 * What was opened and how the visit ended, told once when the page is left: words and numbers of
 * questions, nothing about the reader. Nothing is stored on the device.
 */

export class Visit {
  #opened = new Set();
  #outcome = "left";
  #typed = "";
  #told = false;

  constructor({ outcomes, lang, query }) {
    this.address = `${outcomes}?${new URLSearchParams({ lang })}`;
    this.query = query; // what this page was searched for; the service knows of it already
    addEventListener("pagehide", () => this.#tell());
    document.addEventListener("visibilitychange", () => document.hidden && this.#tell());
  }

  open(faq) {
    this.#opened.add(faq);
  }

  /** A question typed, for which answers were shown; only the last one was meant. */
  type(question) {
    this.#typed = question;
  }

  end(outcome) {
    this.#outcome = outcome;
  }

  #tell() {
    if (!this.#opened.size && !this.#typed && this.#outcome === "left") return;
    const query = this.#told ? "" : this.#typed || this.query;
    const body = { query, opened: [...this.#opened], outcome: this.#outcome, door: "page" };
    // Kept alive while the page goes; if it is lost, a count is lost.
    fetch(this.address, {
      method: "POST",
      keepalive: true,
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    }).catch(() => {});
    this.#told = true;
    this.#opened.clear();
    this.#typed = "";
    this.#outcome = "left";
  }
}
