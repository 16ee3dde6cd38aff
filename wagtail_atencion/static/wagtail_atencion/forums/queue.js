/**
 * The moderators' keys: j and k go from one contribution to the next, a, h and r decide, ? explains.
 *
 * They only press what is on the page, which works without them. Whoever does not want them turns
 * them off in the help (WCAG 2.1.4), for this browser.
 */

const OFF = "atencion-queue-keys";
const rows = [...document.querySelectorAll("[data-queue=rows] tbody tr")];
const form = document.querySelector("#atencion-decide");
const help = document.querySelector("dialog[data-queue=keys]");
const toggle = help?.querySelector("[data-queue=on]");
const said = form?.querySelector("[role=status]");

const box = (row) => row?.querySelector("input[name=chosen]");
const here = () => rows.indexOf(document.activeElement?.closest("tr"));
const chosen = () => rows.filter((row) => box(row)?.checked);

/** What may be kept in a browser that keeps nothing. */
function remembered(value) {
  try {
    if (value === undefined) return localStorage.getItem(OFF);
    if (value) localStorage.setItem(OFF, value);
    else localStorage.removeItem(OFF);
  } catch { /* then they are on */ }
  return null;
}

function go(step) {
  if (!rows.length) return;
  const at = here();
  const next = at < 0 ? 0 : Math.min(Math.max(at + step, 0), rows.length - 1);
  rows[next].focus();
  rows[next].scrollIntoView({ block: "nearest" });
}

function tell() {
  if (said) said.textContent = chosen().length ? `${said.dataset.chosen} ${chosen().length}` : "";
}

/** Press the button of `decision` for what is chosen, or for the row with the focus. */
function decide(decision) {
  const button = form.querySelector(`button[value=${decision}]`);
  const row = rows[here()];
  if (!chosen().length && row) {
    box(row).checked = true;
    tell();
  }
  if (decision === "approve") button.click();
  else {
    form.dataset.wanted = decision;
    form.elements.clause.focus();
  }
}

/** On the page of one contribution the keys lead to its buttons. */
function press(key) {
  const button = document.querySelector(`[data-key=${key}]`);
  if (!button) return false;
  const clause = button.form.querySelector("select");
  if (clause && !clause.value) clause.focus();
  else button.focus();
  return true;
}

const KEYS = {
  j: () => go(1),
  k: () => go(-1),
  x: () => box(rows[here()])?.click(),
  o: () => rows[here()]?.querySelector("a[href]")?.click(),
  a: () => (form ? decide("approve") : press("a")),
  h: () => (form ? decide("hold") : press("h")),
  r: () => (form ? decide("remove") : press("r")),
  "?": () => help?.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const typing = event.target.closest?.("select, textarea, [contenteditable], input:not([type=checkbox])");
  // The help is always there: it is where the other keys are turned on again.
  if (typing || (remembered() && event.key !== "?")) return;
  const act = KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

if (form) {
  for (const row of rows) row.tabIndex = -1;
  document.addEventListener("change", (event) => event.target.name === "chosen" && tell());
  form.addEventListener("submit", (event) => {
    const decision = event.submitter?.value;
    if (!chosen().length) said.textContent = said.dataset.none;
    else if (decision !== "approve" && !form.elements.clause.value) {
      said.textContent = said.dataset.clause;
      form.dataset.wanted = decision;
      form.elements.clause.focus();
    } else return;
    event.preventDefault();
  });
  // Enter in a field would press the first button: it presses the one that was meant.
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("select, input")) return;
    event.preventDefault();
    if (form.dataset.wanted) form.querySelector(`button[value=${form.dataset.wanted}]`).click();
  });
  const open = form.querySelector("[data-queue=help]");
  open.hidden = false;
  open.addEventListener("click", () => help.showModal());
  toggle.checked = !remembered();
  toggle.addEventListener("change", () => remembered(toggle.checked ? "" : "off"));
}
