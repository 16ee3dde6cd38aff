/**
 * The people at the desks: how the agent attends, the colleagues, and what may be done with a
 * conversation besides writing in it.
 *
 * Events: "change".
 */

export class DeskStaff extends EventTarget {
  me = { status: "attending", capacity: 1, in_hand: 0, supervises: false };
  agent = null;
  team = [];
  topics = [];
  /** What colleagues attend: for supervisors only. */
  others = [];
  services = [];
  #line;

  constructor(line) {
    super();
    this.#line = line;
    line.addEventListener("frame", ({ detail }) => {
      if (detail.type === "desk") this.#desk(detail);
    });
  }

  /** Whether the agent attends this conversation, or writes in it beside who does. */
  attends({ card }) {
    const id = this.agent?.id;
    return card.agent_id === id || card.beside.some((colleague) => colleague.id === id);
  }

  /** Whether a citizen who waits is offered to the agent. */
  isOffered({ offered }) {
    return Boolean(offered) && offered.agent === this.agent?.id;
  }

  /** Whether the agent may accept a citizen who waits: not those offered to a colleague. */
  mayAccept(card) {
    if (this.me.status === "off") return false;
    return !card.offered || this.isOffered(card) || this.me.supervises;
  }

  setStatus(status, agent) {
    this.#line.send({ type: "status", status, ...(agent && { agent }) });
  }

  /** `to`: {agent: id} or {topic: id}. */
  transfer(conversation, to, note) {
    this.#line.send({ type: "transfer", conversation, ...to, ...(note && { note }) });
  }

  decline(conversation) {
    this.#line.send({ type: "decline", conversation });
  }

  join(conversation) {
    this.#line.send({ type: "join", conversation });
  }

  takeOver(conversation) {
    this.#line.send({ type: "take_over", conversation });
  }

  /** `action`: "open", "close" or "resume"; the first two with `minutes` and `reason`. */
  service(site, action, facts = {}) {
    this.#line.send({ type: "service", site, action, ...facts });
  }

  #desk({ agent, me, team, topics, others, services }) {
    Object.assign(this, { agent, me, team, topics, others, services });
    this.dispatchEvent(new Event("change"));
  }
}
