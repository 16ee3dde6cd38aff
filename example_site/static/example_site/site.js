// The menu folds behind a button on narrow screens; without this script it is simply open.

document.documentElement.classList.add("va-js");

document.addEventListener("DOMContentLoaded", () => {
  const button = document.querySelector(".va-menu__button");
  button.addEventListener("click", () => {
    const open = button.getAttribute("aria-expanded") === "true";
    button.setAttribute("aria-expanded", String(!open));
  });
});
