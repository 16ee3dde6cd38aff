/**
 * What the agent is in one conversation: who attends it, a supervisor who reads along or joined.
 * Also passing it on, with a note for whoever attends next.
 */

import { fill } from "./desk-dom.js";

export class DeskRole {
  #pane;
  #store;
  #staff;
  #texts;
  #number;

  constructor(pane, store, texts, number) {
    this.#pane = pane;
    this.#store = store;
    this.#staff = store.staff;
    this.#texts = texts;
    this.#number = number;
    this.#part("transfer").addEventListener("click", () => this.#passOn());
    const watching = this.#part("watching");
    watching.addEventListener("click", ({ target }) => this.#act(target.closest("button")?.dataset.role));
    store.addEventListener("change", () => this.render());
  }

  render() {
    const open = this.#store.inPane(this.#number);
    if (!open) return;
    const { me } = this.#staff;
    const { card, ended } = open;
    const attends = this.#staff.attends(open);
    const watching = this.#part("watching");
    watching.hidden = ended || attends;
    fill(watching, { attended: this.#texts.get("attended", { name: card.agent ?? "—" }) });
    this.#part("transfer").hidden = ended || !(attends || me.supervises);
    const passed = this.#part("passed");
    passed.hidden = ended || !card.transfer;
    if (card.transfer) {
      const { by, note } = card.transfer;
      fill(passed, { passed: this.#texts.get("passed", { by, note }) });
    }
  }

  #act(role) {
    const open = this.#store.inPane(this.#number);
    if (role === "join") this.#staff.join(open.id);
    if (role === "take-over") this.#staff.takeOver(open.id);
  }

  async #passOn() {
    const open = this.#store.inPane(this.#number);
    const dialog = document.querySelector("dialog[data-transfer]");
    const { to, note } = dialog.querySelector("form").elements;
    this.#choices(to, open.card);
    fill(dialog, { name: open.card.name });
    note.value = "";
    dialog.returnValue = "";
    dialog.showModal();
    await new Promise((closed) => dialog.addEventListener("close", closed, { once: true }));
    if (dialog.returnValue !== "yes" || !to.value) return;
    const [kind, id] = to.value.split(":");
    this.#staff.transfer(open.id, { [kind]: Number(id) }, note.value.trim());
  }

  /** Colleagues who attend now, and the topics. */
  #choices(select, { agent_id }) {
    const { team, topics } = this.#staff;
    const attending = team.filter(({ id, status }) => status === "attending" && id !== agent_id);
    const groups = { agent: attending, topic: topics };
    for (const group of select.querySelectorAll("optgroup")) {
      const kind = group.dataset.kind;
      group.hidden = groups[kind].length === 0;
      group.replaceChildren(
        ...groups[kind].map(({ id, name, in_hand, capacity }) => {
          const load = in_hand === undefined ? "" : this.#texts.get("load", { n: in_hand, most: capacity });
          return new Option(load ? `${name} · ${load}` : name, `${kind}:${id}`);
        }),
      );
    }
    select.value = "";
  }

  #part(name) {
    return this.#pane.querySelector(`[data-part="${name}"]`);
  }
}
