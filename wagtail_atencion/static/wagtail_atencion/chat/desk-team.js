/**
 * The agent's own status, the colleagues at their desks, what they attend, and the service itself.
 */

import { deadlineIn, clockFace, secondsUntil } from "./desk-clock.js";
import { copyOf, fill, syncList } from "./desk-dom.js";

export class DeskTeam {
  #root;
  #staff;
  #store;
  #texts;

  /** `root`: the whole desk. */
  constructor(root, staff, store, texts) {
    this.#root = root;
    this.#staff = staff;
    this.#store = store;
    this.#texts = texts;
    this.#find("[data-me]").addEventListener("change", ({ target }) => staff.setStatus(target.value));
    this.#list("team").addEventListener("click", ({ target }) => this.#putOff(target));
    this.#list("others").addEventListener("click", ({ target }) => this.#watch(target));
    this.#list("waiting").addEventListener("click", ({ target }) => this.#pass(target));
    const service = this.#find("[data-part='service']");
    service.addEventListener("click", () => this.#find("dialog[data-service]").showModal());
    this.#find("dialog[data-service] form").addEventListener("submit", (event) => this.#served(event));
    staff.addEventListener("change", () => this.render());
    store.addEventListener("change", () => this.#offers());
  }

  render() {
    const { me, team, others, services } = this.#staff;
    const status = this.#find("[data-me]");
    if (document.activeElement !== status || status.value !== me.status) status.value = me.status;
    this.#find("[data-part='staff']").dataset.status = me.status;
    fill(this.#find("[data-part='staff']"), {
      load: this.#texts.get("load", { n: me.in_hand, most: me.capacity }),
    });
    this.#sync("team", team, (element, colleague) => this.#colleague(element, colleague));
    this.#find("[data-part='others']").hidden = !me.supervises;
    this.#sync("others", others, (element, card) => this.#otherCard(element, card));
    this.#service(me.supervises ? services : []);
  }

  tick() {
    for (const element of this.#list("others").children) {
      fill(element, { remaining: clockFace(secondsUntil(Number(element.dataset.deadline))) });
    }
    for (const element of this.#list("waiting").querySelectorAll("[data-offered-until]")) {
      const left = secondsUntil(Number(element.dataset.offeredUntil));
      fill(element, { left: clockFace(left) });
    }
  }

  #colleague(element, { name, status, in_hand, capacity }) {
    element.dataset.status = status;
    fill(element, {
      name,
      status: this.#texts.get(`status-${status}`),
      load: this.#texts.get("load", { n: in_hand, most: capacity }),
    });
    const button = element.querySelector("button");
    button.hidden = !this.#staff.me.supervises || status === "off";
    button.setAttribute("aria-label", this.#texts.get("put-off", { name }));
  }

  #otherCard(element, card) {
    element.dataset.deadline = deadlineIn(card.remaining ?? 0);
    fill(element, { name: card.name, agent: card.agent, topic: card.topic?.name });
    const button = element.querySelector("button");
    if (card.id === this.#store.openId) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }

  /** What the cards of those who wait say of their topic, and of whom they are offered to. */
  #offers() {
    for (const card of this.#store.waiting) {
      const element = this.#list("waiting").querySelector(`[data-key="${card.id}"]`);
      const { topic, offered, transfer } = card;
      const mine = offered?.agent === this.#staff.agent?.id;
      const facts = element?.querySelector("[data-part='offer']");
      if (!facts) continue;
      fill(element, {
        topic: topic?.name,
        note: transfer && this.#texts.get("passed", { by: transfer.by, note: transfer.note }),
        offer: offered && this.#texts.get(mine ? "offered-you" : "offered", offered),
      });
      facts.hidden = !offered;
      element.classList.toggle("is-offered", Boolean(mine));
      element.querySelector("[data-action='decline']").hidden = !mine;
      if (!offered) delete facts.dataset.offeredUntil;
      else if (facts.dataset.told !== `${offered.agent} ${offered.remaining}`) {
        facts.dataset.told = `${offered.agent} ${offered.remaining}`;
        facts.dataset.offeredUntil = deadlineIn(offered.remaining);
      }
      const accept = element.querySelector("[data-action='accept']");
      accept.disabled ||= Boolean(offered) && !mine && !this.#staff.me.supervises;
      accept.disabled ||= this.#staff.me.status === "off";
    }
    this.tick();
  }

  #service([first, ...more]) {
    const button = this.#find("[data-part='service']");
    button.hidden = !first;
    if (!first) return;
    button.dataset.open = String(first.open);
    fill(button, { service: first.words });
    const select = this.#find("dialog[data-service] [name='site']");
    const sites = [first, ...more];
    if (select.options.length !== sites.length) {
      select.replaceChildren(...sites.map(({ site, name }) => new Option(name, site)));
    }
    select.closest("label").hidden = sites.length < 2;
    fill(this.#find("dialog[data-service]"), {
      now: sites.map(({ name, words }) => (more.length ? `${name}: ${words}` : words)).join(" "),
    });
  }

  #served(event) {
    const { site, minutes, reason } = event.target.elements;
    const action = event.submitter?.value;
    if (!action) return;
    const facts = { minutes: Number(minutes.value), reason: reason.value.trim() };
    this.#staff.service(Number(site.value), action, action === "resume" ? {} : facts);
    reason.value = "";
  }

  #putOff(target) {
    const id = target.closest("button")?.closest("[data-key]").dataset.key;
    if (id) this.#staff.setStatus("off", Number(id));
  }

  #watch(target) {
    const id = target.closest("button")?.closest("[data-key]").dataset.key;
    if (id) this.#store.watch(id);
  }

  #pass(target) {
    const button = target.closest("[data-action='decline']");
    if (button) this.#staff.decline(button.closest("[data-key]").dataset.key);
  }

  #sync(name, items, update) {
    const template = this.#root.querySelector(`template[data-item="${name}"]`);
    syncList(this.#list(name), items, { key: ({ id }) => id, create: () => copyOf(template), update });
    this.#find(`[data-empty="${name}"]`).hidden = items.length > 0;
    this.#find(`[data-count="${name}"]`).textContent = items.length || "";
  }

  #list(name) {
    return this.#find(`[data-list="${name}"]`);
  }

  #find(selector) {
    return this.#root.querySelector(selector);
  }
}
