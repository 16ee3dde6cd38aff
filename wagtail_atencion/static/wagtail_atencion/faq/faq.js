/**
 * The questions on any page. They all work without this: it opens the answer that an address points
 * at in older browsers, shows answers while one types, and asks whether they were useful.
 */

import { Opinions } from "./opinions.js";
import { suggest } from "./suggestions.js";
import { Visit } from "./visit.js";

const settings = document.querySelector("[data-atencion-faq]");

function openAnswer() {
  const answer = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const item = answer?.closest("details:not([open])");
  if (!item) return;
  item.open = true;
  answer.scrollIntoView();
}

function follow() {
  const visit = new Visit(settings.dataset);
  const opinions = new Opinions(settings, visit);
  const read = (answer) => {
    visit.open(Number(answer.dataset.faq));
    opinions.ask(answer);
  };
  // "toggle" does not bubble, but is heard on its way down.
  document.addEventListener(
    "toggle",
    ({ target }) => target.open && target.matches("details[data-faq]") && read(target),
    true,
  );
  for (const shown of document.querySelectorAll("details[data-faq][open], article[data-faq]")) read(shown);
  document.addEventListener("click", ({ target }) => {
    const way = target.closest?.("[data-outcome]");
    if (way) visit.end(way.dataset.outcome);
  });
  suggest(settings.dataset, visit);
}

window.addEventListener("hashchange", openAnswer);
openAnswer();
if (settings) follow();
