// Whoever writes a time means it: choose "until the time written below".

for (const form of document.querySelectorAll("[data-atencion-control]")) {
  const time = form.querySelector("[type=datetime-local]");
  const chosen = form.querySelector("[type=radio][value=chosen]");
  time.addEventListener("input", () => {
    chosen.checked = chosen.checked || time.value !== "";
  });
}
