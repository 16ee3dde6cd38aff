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

/** Make `element` carry `aria-current` or not. */
export function markCurrent(element, isCurrent) {
  if (isCurrent) element.setAttribute("aria-current", "true");
  else element.removeAttribute("aria-current");
}

/**
 * Show `items` in the list of `root` that is called `name`, with how many they are and the sentence
 * for when there are none, while what is looked at stays in its place. `facts` and `show` are those
 * of `syncList`.
 */
export function showList(root, name, items, { facts, show }) {
  const template = root.querySelector(`template[data-item="${name}"]`);
  const list = root.querySelector(`[data-list="${name}"]`);
  const ids = items.map(({ id }) => String(id));
  const isSame = ids.join() === [...list.children].map(({ dataset }) => dataset.key).join();
  // To know where things are, the browser has to lay them out: not while no row comes or goes.
  const backInPlace = isSame ? null : holdPlace(list, new Set(ids));
  syncList(list, items, { key: ({ id }) => id, create: () => copyOf(template), facts, show });
  backInPlace?.();
  root.querySelector(`[data-empty="${name}"]`).hidden = items.length > 0;
  fill(root, { [`count-${name}`]: items.length || "" });
}

/**
 * A way to bring the first row in sight that is among `staying` back to where it is now, if the list
 * or what it stands in is scrolled. Browsers do so themselves (scroll anchoring), but Safari does
 * not, and Chromium not at the first change after the agent went elsewhere in the list.
 */
function holdPlace(list, staying) {
  let column = list;
  while (column && !column.scrollTop) column = column.parentElement;
  const row = column && [...list.children].find((each) => staying.has(each.dataset.key) && isSeen(each, column));
  const place = row?.getBoundingClientRect().top;
  return () => {
    const moved = row ? row.getBoundingClientRect().top - place : 0;
    if (Math.abs(moved) >= 1) column.scrollTop += moved;
  };
}

function isSeen(element, column) {
  const [{ top, bottom }, frame] = [element.getBoundingClientRect(), column.getBoundingClientRect()];
  return bottom > Math.max(0, frame.top) && top < Math.min(innerHeight, frame.bottom);
}

/** What each element of a list shows, as JSON. */
const shown = new WeakMap();

/**
 * Make the children of `list` match `items` and touch nothing else: an element that stays keeps its
 * focus, what is selected in it and its place on the screen.
 *
 * `key(item)` names an item; `facts(item)` is all that its element shows, as JSON can tell it;
 * `create()` makes an element; `show(element, facts)` writes the facts into it, if they are others
 * than it shows. If the element that held the focus goes away, its neighbour takes it, else the
 * heading of the list's section.
 */
export function syncList(list, items, { key, facts, create, show }) {
  const held = list.contains(document.activeElement) ? document.activeElement : null;
  const number = held ? [...list.children].findIndex((element) => element.contains(held)) : -1;
  const wanted = new Map(items.map((item) => [String(key(item)), item]));
  const elements = new Map();
  // First away with those that go, so that those that stay need not move.
  for (const element of [...list.children]) {
    if (wanted.has(element.dataset.key)) elements.set(element.dataset.key, element);
    else element.remove();
  }
  let place = list.firstElementChild;
  for (const [name, item] of wanted) {
    const element = elements.get(name) ?? create();
    element.dataset.key = name;
    refresh(element, facts(item), show);
    if (element === place) place = place.nextElementSibling;
    else list.insertBefore(element, place);
  }
  if (!held || held === document.activeElement) return;
  if (held.isConnected) held.focus({ preventScroll: true });
  else focusNear(list, number);
}

function refresh(element, facts, show) {
  const told = JSON.stringify(facts);
  if (shown.get(element) === told) return;
  shown.set(element, told);
  show(element, facts);
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
