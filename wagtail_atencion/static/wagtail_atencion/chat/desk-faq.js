/**
 * The search of the FAQ at the desk: its answers, or their links, go into the agent's reply.
 *
 * It asks the public search, as citizens do: the desk knows nothing else of the FAQ.
 */

import { copyOf, fill } from "./desk-dom.js";

const PAUSE = 250; // milliseconds after the last key
const QUERY_LENGTH = 200;

export class DeskFaq {
  #dialog;
  #query;
  #list;
  #store;
  #texts;
  #address;
  #timer = 0;
  #asking = null;
  #room = Infinity;

  constructor(dialog, store, texts, address) {
    this.#dialog = dialog;
    this.#query = dialog.querySelector("input");
    this.#list = dialog.querySelector("[data-list]");
    this.#store = store;
    this.#texts = texts;
    this.#address = address;
    this.#query.addEventListener("input", () => this.#soon());
    this.#query.addEventListener("keydown", (event) => this.#key(event));
    this.#list.addEventListener("click", ({ target }) => this.#pressed(target.closest("button")));
    this.#list.addEventListener("keydown", (event) => this.#key(event));
    dialog.addEventListener("close", () => this.#asking?.abort());
  }

  /** Search in the citizen's words; `room`: the characters that a reply may have. */
  open(room) {
    const { open } = this.#store;
    if (!open || open.ended) return;
    this.#room = room;
    const asked = open.messages.findLast(({ author }) => author === "citizen");
    this.#query.value = (asked?.text ?? "").replace(/\s+/g, " ").slice(0, QUERY_LENGTH);
    this.#list.replaceChildren();
    this.#dialog.showModal();
    this.#query.select();
    this.#ask();
  }

  #soon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), PAUSE);
  }

  async #ask() {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    this.#asking = new AbortController();
    const query = this.#query.value.trim();
    if (!query) {
      this.#list.replaceChildren();
      return this.#tell("");
    }
    const address = new URL(this.#address, window.location.href);
    address.searchParams.set("q", query);
    address.searchParams.set("lang", this.#store.open?.context?.language ?? document.documentElement.lang);
    try {
      const answer = await fetch(address, { signal: this.#asking.signal, credentials: "omit" });
      const told = await answer.json();
      if (!answer.ok) return this.#tell(told.error.message);
      this.#show(told.results);
    } catch (reason) {
      if (reason.name !== "AbortError") this.#tell(this.#texts.get("faq-failed"));
    }
  }

  #show(results) {
    this.#list.replaceChildren(...results.map((faq) => this.#item(faq)));
    this.#tell(this.#texts.get(results.length ? "faq-found" : "faq-none", { n: results.length }));
  }

  #item(faq) {
    const item = copyOf(this.#dialog.querySelector("template[data-item='faq']"));
    item.faq = faq;
    fill(item, { question: faq.question, answer: plainText(faq.answer) });
    item.querySelector("[data-action='link']").hidden = !faq.url;
    for (const button of item.querySelectorAll("button")) {
      button.setAttribute("aria-label", `${button.textContent.trim()}: ${faq.question}`);
    }
    return item;
  }

  #tell(sentence) {
    fill(this.#dialog, { state: sentence });
  }

  /** Arrows go through the buttons, from the field and back to it. */
  #key(event) {
    if (event.key === "Enter" && event.target === this.#query) {
      event.preventDefault(); // else it would press the button that closes
      this.#ask();
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const stops = [this.#query, ...this.#list.querySelectorAll("[data-action='answer']")];
    const item = event.target.closest("li");
    const here = item ? stops.indexOf(item.querySelector("[data-action='answer']")) : 0;
    const next = stops[Math.max(0, Math.min(stops.length - 1, here + step))];
    event.preventDefault();
    next.focus();
  }

  #pressed(button) {
    const faq = button?.closest("li")?.faq;
    if (!faq) return;
    const url = faq.url && new URL(faq.url, window.location.href).href;
    const text = button.dataset.action === "link" ? `${faq.question}\n${url}` : this.#fitting(faq, url);
    this.#dialog.close();
    this.#store.insert(text, { faq: faq.id });
  }

  /** The answer, or as much of it as a message holds, and where the rest is. */
  #fitting({ answer }, url) {
    const text = plainText(answer);
    if (text.length <= this.#room) return text;
    const rest = url ? `… ${url}` : "…";
    const cut = text.slice(0, Math.max(0, this.#room - rest.length));
    return cut.slice(0, Math.max(cut.lastIndexOf(" "), 1)) + rest;
  }
}

const BLOCKS = new Set(["P", "DIV", "LI", "UL", "OL", "H2", "H3", "H4", "H5", "H6", "TR", "BLOCKQUOTE"]);

/** Rich text as a message: paragraphs and points on lines of their own, links with their address. */
export function plainText(html) {
  // A document that is never shown: it loads nothing and runs nothing.
  const { body } = new DOMParser().parseFromString(html, "text/html");
  const written = write(body);
  return written
    .replace(/[ \t]+/g, " ")
    .replace(/ *\n */g, "\n")
    .replace(/\n{2,}/g, "\n")
    .trim();
}

function write(node) {
  if (node.nodeType === Node.TEXT_NODE) return node.data.replace(/\s+/g, " ");
  if (node.nodeName === "BR") return "\n";
  if (["SCRIPT", "STYLE"].includes(node.nodeName)) return "";
  const inside = [...node.childNodes].map(write).join("");
  if (node.nodeName === "A") return linked(inside, node.getAttribute("href"));
  const start = node.nodeName === "LI" ? "• " : "";
  return BLOCKS.has(node.nodeName) ? `\n${start}${inside}\n` : inside;
}

function linked(text, href) {
  try {
    const address = new URL(href, window.location.href);
    if (!["http:", "https:", "mailto:", "tel:"].includes(address.protocol)) return text;
    const shown = address.protocol.startsWith("http") ? address.href : address.pathname;
    return text.includes(shown) ? text : `${text} (${shown})`;
  } catch {
    return text;
  }
}
