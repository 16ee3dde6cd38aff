/**
 * The agent's desk: `<atencion-desk>` joins the connection, what is known, and the columns.
 */

import { DeskAlerts } from "./desk-alerts.js";
import { DeskBell } from "./desk-bell.js";
import { DeskCitizen } from "./desk-citizen.js";
import { fill, Texts } from "./desk-dom.js";
import { DeskFaq } from "./desk-faq.js";
import { DeskKeys } from "./desk-keys.js";
import { DeskLine } from "./desk-line.js";
import { DeskMine } from "./desk-mine.js";
import { DeskMisuse } from "./desk-misuse.js";
import { DeskPanes } from "./desk-panes.js";
import { Replies } from "./desk-replies.js";
import { DeskStaff } from "./desk-staff.js";
import { DeskStore } from "./desk-store.js";
import { DeskTeam } from "./desk-team.js";
import { DeskWaiting } from "./desk-waiting.js";

class AtencionDesk extends HTMLElement {
  #line;
  #store;
  #texts;
  #second;

  connectedCallback() {
    const part = (name) => this.querySelector(`[data-part="${name}"]`);
    this.#texts = new Texts(this.querySelector("template[data-texts]"));
    const { socket, news, operations, token } = this.dataset;
    this.#line = new DeskLine({ socket: socketAddress(socket), news, operations, token });
    const staff = new DeskStaff(this.#line);
    const store = new DeskStore(this.#line, staff);
    this.#store = store;
    const waiting = new DeskWaiting(part("lists"), store, this.#texts);
    const mine = new DeskMine(part("lists"), store, this.#texts);
    const alerts = new DeskAlerts(part("voice"), store, this.#texts);
    new DeskCitizen(part("citizen"), store, this.#texts);
    const replies = new Replies();
    replies.load(this.dataset.replies);
    const bell = new DeskBell(this, store, this.#texts);
    const faq = new DeskFaq(part("faq"), store, this.#texts, this.dataset.faq);
    store.addEventListener("faq", ({ detail }) => faq.open(detail));
    const misuse = new DeskMisuse(part("restrict"), store);
    store.addEventListener("misuse", ({ detail }) => misuse.open(detail));
    store.addEventListener("opened", ({ detail }) => this.#opened(detail));
    const panes = new DeskPanes(part("thread"), store, this.#texts, replies);
    const team = new DeskTeam(this, staff, store, this.#texts);
    store.addEventListener("gone", ({ detail: { card } }) => {
      this.#notice(this.#texts.get("gone", { name: card.name }));
    });
    const faqOfPane = () => this.querySelector("[data-pane].is-active [data-action='faq']").click();
    new DeskKeys(this, store, {
      isOn: () => bell.keys,
      acts: {
        f: () => store.open && !store.open.ended && faqOfPane(),
        m: () => misuse.open(store.open),
        n: () => store.open && !store.open.ended && store.switchMode(),
        s: () => bell.choose("sound"),
      },
    });
    store.addEventListener("change", () => this.#showLine());
    store.addEventListener("notice", ({ detail }) => this.#notice(detail.message));
    part("notice").addEventListener("click", ({ target }) => {
      if (target.closest("button")) part("notice").hidden = true;
    });
    this.addEventListener("click", ({ target }) => {
      if (target.closest("[data-part='details']")) this.#details();
    });
    this.#second = setInterval(() => {
      store.resendUnconfirmed();
      for (const each of [waiting, mine, panes, team, alerts, bell]) each.tick();
    }, 1000);
    this.#line.open();
  }

  disconnectedCallback() {
    clearInterval(this.#second);
    this.#line.close();
  }

  #showLine() {
    const line = this.querySelector("[data-part='line']");
    if (line.dataset.line === this.#store.line) return;
    line.dataset.line = this.#store.line;
    fill(line, { line: this.#texts.get(`line-${this.#store.line}`) });
  }

  #notice(message) {
    const notice = this.querySelector("[data-part='notice']");
    notice.hidden = false;
    fill(notice, { notice: message });
  }

  /** In a narrow window one column shows at a time: the lists, or the conversation. */
  #opened(conversation) {
    this.toggleAttribute("data-conversing", Boolean(conversation));
    this.querySelector("[data-part='notice']").hidden = true;
    if (!conversation) this.querySelector("[data-part='lists'] h2").focus({ preventScroll: true });
  }

  #details() {
    const shown = this.toggleAttribute("data-details");
    for (const button of this.querySelectorAll("[data-part='details']")) {
      button.setAttribute("aria-expanded", String(shown));
    }
  }
}

function socketAddress(path) {
  const address = new URL(path, window.location.href);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  return address.href;
}

customElements.define("atencion-desk", AtencionDesk);
