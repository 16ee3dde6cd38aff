/** Older browsers don't open the disclosure that holds the answer an address points at: do it. */

function openAnswer() {
  const answer = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const item = answer?.closest("details:not([open])");
  if (!item) return;
  item.open = true;
  answer.scrollIntoView();
}

window.addEventListener("hashchange", openAnswer);
openAnswer();
