/**
 * Ending a conversation for misuse: one dialog, filled in with what was said, restricts the citizen.
 */

import { fill } from "./desk-dom.js";

export class DeskMisuse {
  #dialog;
  #form;
  #store;
  #about = null;

  constructor(dialog, store) {
    this.#dialog = dialog;
    this.#form = dialog.querySelector("form");
    this.#store = store;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    dialog.querySelector("[data-action='cancel']").addEventListener("click", () => dialog.close());
    store.addEventListener("restricted", ({ detail }) => {
      if (detail === this.#about) dialog.close();
    });
    store.addEventListener("refused", (event) => this.#refused(event));
  }

  open(conversation) {
    const offered = conversation?.context?.misuse;
    if (!offered || conversation.ended) return;
    this.#about = conversation;
    this.#form.reset();
    const { evidence, days, device, network } = this.#form.elements;
    evidence.value = offered.evidence;
    days.value = offered.days ?? "";
    device.closest("label").hidden = !offered.has_device;
    device.checked = offered.has_device;
    network.closest("label").hidden = !offered.ip;
    this.#shared(false);
    fill(this.#dialog, {
      name: conversation.card.name,
      email: conversation.card.email,
      ip: offered.ip,
      problem: "",
    });
    this.#dialog.showModal();
  }

  #send() {
    const { clause, scope, days, evidence, device, network, shared } = this.#form.elements;
    const frame = {
      type: "restrict",
      conversation: this.#about.id,
      clause: clause.value,
      scope: scope.value,
      evidence: evidence.value,
      device: device.checked,
      network: network.checked,
      although_shared: shared.checked,
    };
    if (days.value) frame.days = Number(days.value);
    this.#store.ask(frame);
  }

  /** Why it was refused, beside the form. */
  #refused(event) {
    const { conversation, client_id, message, fields } = event.detail;
    if (!this.#dialog.open || client_id || conversation !== this.#about.id) return;
    event.preventDefault();
    if (fields?.although_shared) this.#shared(true);
    fill(this.#dialog, { problem: Object.values(fields ?? {})[0] ?? message });
  }

  #shared(asked) {
    this.#form.elements.shared.closest("label").hidden = !asked;
  }
}
