// The drawer of the matrix: a cell opens its obligation beside the table; without this script it is a link.
const drawer = document.querySelector("dialog.drawer");

document.addEventListener("click", (event) => {
  const close = event.target.closest("[data-drawer-close]");
  if (close || event.target === drawer) { drawer.close(); return; }
  if (!drawer || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
  const cell = event.target.closest(".mx tbody td a");
  if (!cell) return;
  event.preventDefault();
  drawer.querySelector("[data-drawer-page]").href = cell.href;
  htmx.ajax("GET", cell.getAttribute("href"), { target: "#one", swap: "outerHTML" })
    .then(() => { if (!drawer.open) drawer.showModal(); drawer.scrollTop = 0; });
  drawer.dataset.changed = "";
});

// What was decided in the drawer shows in the table when the drawer is shut.
document.addEventListener("htmx:afterRequest", (event) => {
  if (drawer?.open && event.detail.requestConfig.verb === "post" && event.detail.successful) {
    drawer.dataset.changed = "1";
  }
});
drawer?.addEventListener("close", () => {
  if (drawer.dataset.changed) htmx.ajax("GET", window.location.href, { target: "#matrix", swap: "innerHTML" });
});

// "Chosen: 12" beside the buttons that act on the chosen ones.
const count = () => document.querySelectorAll("[data-chosen]").forEach((place) => {
  place.textContent = document.querySelectorAll(`${place.dataset.chosen}:checked`).length;
});
document.addEventListener("change", count);
document.addEventListener("click", () => setTimeout(count));
count();
