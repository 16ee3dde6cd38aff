/**
 * How many citizens wait, in the admin's menu, on every page. The menu is drawn by Wagtail's own
 * code: the number is given to the style sheet and nothing is put into the menu itself.
 */

const EVERY = 10_000; // milliseconds, while somebody looks
const MOST = 99;

// A module has no currentScript.
const { atencionWaiting: address, desk } = document.querySelector(
  "script[data-atencion-waiting]",
).dataset;

async function tell() {
  if (document.hidden) return true;
  try {
    const answer = await fetch(address, {
      headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" },
      redirect: "manual",
    });
    if (!answer.ok) return false;
    show((await answer.json()).waiting);
  } catch {
    // The line is down: the next time.
  }
  return true;
}

function show(waiting) {
  const root = document.documentElement;
  root.toggleAttribute("data-atencion-waiting", waiting > 0);
  root.style.setProperty("--atencion-waiting", `"${waiting > MOST ? `${MOST}+` : waiting}"`);
}

async function keepTelling() {
  if (await tell()) setTimeout(keepTelling, EVERY);
}

// Who has no desk in their menu is not asked about.
if (document.getElementById("wagtail-sidebar-props")?.textContent.includes(desk)) {
  keepTelling();
  document.addEventListener("visibilitychange", () => document.hidden || tell());
}
