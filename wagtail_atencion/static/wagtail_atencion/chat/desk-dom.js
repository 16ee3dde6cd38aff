/**
 * Small helpers for the desk's document. What people wrote only ever enters it as text.
 */

/** The translated sentences of the page's template, by key; `{name}` places are filled in. */
export class Texts {
  #texts = new Map();

  constructor(template) {
    for (const node of template.content.querySelectorAll("[data-text]")) {
      this.#texts.set(node.dataset.text, node.textContent.trim());
    }
  }

  get(key, values = {}) {
    return (this.#texts.get(key) ?? key).replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
  }
}

/** The first element of a fresh copy of a template. */
export function copyOf(template) {
  return template.content.firstElementChild.cloneNode(true);
}

/** Write `values` as text into the `data-slot` places of `element`, only where they changed. */
export function fill(element, values) {
  for (const [slot, value] of Object.entries(values)) {
    const place = element.querySelector(`[data-slot="${slot}"]`);
    const text = value == null ? "" : String(value);
    if (place && place.textContent !== text) place.textContent = text;
  }
}

/**
 * Make the children of `list` match `items`, keeping the elements that stay (and so their focus).
 *
 * `create(item)` makes an element, `update(element, item)` refreshes it. If the element that held
 * the focus goes away, its neighbour takes it, else `list`'s labelled region.
 */
export function syncList(list, items, { key, create, update }) {
  const before = new Map([...list.children].map((element) => [element.dataset.key, element]));
  const focused = [...list.children].findIndex((element) => element.contains(document.activeElement));
  let place = list.firstElementChild;
  for (const item of items) {
    const name = String(key(item));
    let element = before.get(name);
    before.delete(name);
    if (!element) {
      element = create(item);
      element.dataset.key = name;
    }
    update(element, item);
    if (element === place) place = place.nextElementSibling;
    else list.insertBefore(element, place);
  }
  const lost = [...before.values()].some((element) => element.contains(document.activeElement));
  for (const element of before.values()) element.remove();
  if (lost) focusNear(list, focused);
}

function focusNear(list, index) {
  const neighbour = list.children[Math.min(index, list.children.length - 1)];
  const target = neighbour?.querySelector("button") ?? list.closest("section").querySelector("h2");
  target.focus({ preventScroll: true });
}

/** An address a citizen's page sent, if a link to it is safe to follow; else null. */
export function webAddress(text) {
  try {
    const address = new URL(text);
    return ["http:", "https:"].includes(address.protocol) ? address : null;
  } catch {
    return null;
  }
}
