/**
 * The agent's own status, the colleagues at their desks, what they attend, and the service itself.
 */

import { clockFace, secondsUntil, settled } from "./desk-clock.js";
import { fill, markCurrent, showList } from "./desk-dom.js";

export class DeskTeam {
  #root;
  #staff;
  #store;
  #texts;
  /** When the time of a colleague's conversation is over, by its id. */
  #deadlines = new Map();

  /** `root`: the whole desk. */
  constructor(root, staff, store, texts) {
    this.#root = root;
    this.#staff = staff;
    this.#store = store;
    this.#texts = texts;
    this.#find("[data-me]").addEventListener("change", ({ target }) => staff.setStatus(target.value));
    this.#list("team").addEventListener("click", ({ target }) => this.#putOff(target));
    this.#list("others").addEventListener("click", ({ target }) => this.#watch(target));
    const service = this.#find("[data-part='service']");
    service.addEventListener("click", () => this.#find("dialog[data-service]").showModal());
    this.#find("dialog[data-service] form").addEventListener("submit", (event) => this.#served(event));
    staff.addEventListener("change", () => this.#own());
    store.addEventListener("change", () => this.render());
  }

  render() {
    const { me, team, others } = this.#staff;
    showList(this.#root, "team", team, {
      facts: (colleague) => this.#facts(colleague),
      show: (element, facts) => this.#colleague(element, facts),
    });
    this.#find("[data-part='others']").hidden = !me.supervises;
    this.#others(others);
  }

  /** What the server says of the agent: not more often, or it would undo a choice just made. */
  #own() {
    const { me, services } = this.#staff;
    const status = this.#find("[data-me]");
    if (status.value !== me.status) status.value = me.status;
    this.#find("[data-part='staff']").dataset.status = me.status;
    fill(this.#find("[data-part='staff']"), {
      load: this.#texts.get("load", { n: me.in_hand, most: me.capacity }),
    });
    this.#service(me.supervises ? services : []);
  }

  tick() {
    for (const element of this.#list("others").children) {
      const until = this.#deadlines.get(element.dataset.key);
      fill(element, { remaining: clockFace(secondsUntil(until)) });
    }
  }

  #facts({ name, status, in_hand, capacity }) {
    const mayPutOff = this.#staff.me.supervises && status !== "off";
    return { name, status, load: { n: in_hand, most: capacity }, mayPutOff };
  }

  #colleague(element, { name, status, load, mayPutOff }) {
    element.dataset.status = status;
    fill(element, {
      name,
      status: this.#texts.get(`status-${status}`),
      load: this.#texts.get("load", load),
    });
    const button = element.querySelector("button");
    button.hidden = !mayPutOff;
    button.setAttribute("aria-label", this.#texts.get("put-off", { name }));
  }

  #others(others) {
    this.#deadlines = new Map(
      others.map(({ id, remaining }) => [id, settled(this.#deadlines.get(id), remaining ?? 0)]),
    );
    showList(this.#root, "others", others, {
      facts: ({ id, name, agent, topic }) => {
        return { name, agent, topic: topic?.name, isCurrent: id === this.#store.openId };
      },
      show: (element, { isCurrent, ...values }) => {
        fill(element, values);
        markCurrent(element.querySelector("button"), isCurrent);
      },
    });
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

  #list(name) {
    return this.#find(`[data-list="${name}"]`);
  }

  #find(selector) {
    return this.#root.querySelector(selector);
  }
}
