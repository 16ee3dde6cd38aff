/**
 * Reports open in a dialog on the forum's page. What it shows comes from the form's own page, whole:
 * where anything fails, the link leads there.
 */

let dialog;
let opener;

function frame(label) {
  dialog = document.createElement("dialog");
  dialog.className = "atencion-flag-dialog";
  const close = document.createElement("button");
  close.type = "button";
  close.className = "atencion-button atencion-button--plain";
  close.textContent = label;
  close.addEventListener("click", () => dialog.close());
  dialog.append(document.createElement("div"), close);
  dialog.addEventListener("close", () => opener?.focus());
  dialog.addEventListener("submit", (event) => {
    event.preventDefault();
    const { target: form } = event;
    send(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) })
      .catch(() => form.submit());
  });
  document.body.append(dialog);
}

/** Show the part of the page at `address` that holds the form, or its receipt. */
async function send(address, options) {
  const reply = await fetch(address, options);
  const page = new DOMParser().parseFromString(await reply.text(), "text/html");
  const part = page.querySelector("[data-part=flag]");
  if (!part) throw new Error(`flag ${reply.status}`);
  dialog.firstElementChild.replaceChildren(part);
  const title = part.querySelector("h1");
  dialog.setAttribute("aria-labelledby", title.id);
  if (!dialog.open) dialog.showModal();
  (part.querySelector(".atencion-field__error, [role=alert]")?.closest("fieldset, form")
    ?.querySelector("input:not([type=hidden]), textarea") ?? title).focus();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a.atencion-flag");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  opener = link;
  if (!dialog) frame(link.dataset.close);
  send(link.href).catch(() => location.assign(link.href));
});
