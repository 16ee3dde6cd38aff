/**
 * The panel's markup: data-part is a piece to work on, data-fill takes a text, data-link an address,
 * data-if is shown when its value exists, data-step names the steps in which it is shown.
 */

export class Parts {
  constructor(root) {
    this.root = root;
    this.texts = this.part("texts").content;
  }

  part(name, within = this.root) {
    return within.querySelector(`[data-part="${name}"]`);
  }

  /** A translated sentence, its {braces} filled in. */
  text(key, values) {
    const sentence = this.texts.querySelector(`[data-text="${key}"]`).textContent;
    return sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  }

  copy(name) {
    return this.part(name).content.firstElementChild.cloneNode(true);
  }

  fill(values, within = this.root) {
    this.#each(values, "fill", within, (place, text) => (place.textContent = text));
  }

  link(links, within = this.root) {
    this.#each(links, "link", within, (place, address) => (place.href = address));
  }

  step(name) {
    for (const element of this.root.querySelectorAll("[data-step]")) {
      element.hidden = !element.dataset.step.split(" ").includes(name);
    }
  }

  #each(values, kind, within, give) {
    for (const [name, value] of Object.entries(values)) {
      for (const place of within.querySelectorAll(`[data-${kind}="${name}"]`)) give(place, value ?? "");
      for (const place of within.querySelectorAll(`[data-if="${name}"]`)) place.hidden = !value;
    }
  }
}

/** Show `sentence` in `place`; none hides it. */
export function say(place, sentence) {
  place.textContent = sentence;
  place.hidden = !sentence;
}
