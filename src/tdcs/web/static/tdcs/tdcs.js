// The few things a page needs beyond its HTML: keys, the rail on a phone, theme, confirmation, digits.
const root = document.documentElement;
const saved = localStorage.getItem("theme");
if (saved) root.dataset.theme = saved;

document.addEventListener("keydown", (event) => {
  if (event.key === "/" && !/INPUT|TEXTAREA|SELECT/.test(document.activeElement.tagName)) {
    const find = document.querySelector("#find");
    if (find) { event.preventDefault(); find.focus(); }
  }
  if (event.key === "Escape") {
    document.querySelector(".rail.open")?.classList.remove("open");
    document.querySelectorAll("details.menu[open]").forEach((menu) => menu.removeAttribute("open"));
  }
});

// From the search field down into what it suggests, and back.
document.querySelector(".find")?.addEventListener("keydown", (event) => {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Escape") document.querySelector("#suggestions").replaceChildren();
  if (!by) return;
  const stops = [document.querySelector("#find"), ...document.querySelectorAll("#suggestions a")];
  const next = stops[stops.indexOf(document.activeElement) + by];
  if (next) { event.preventDefault(); next.focus(); }
});

document.addEventListener("click", (event) => {
  const target = event.target.closest("[data-do]");
  if (!target) {
    if (!event.target.closest(".rail")) document.querySelector(".rail.open")?.classList.remove("open");
    return;
  }
  if (target.dataset.do === "rail") document.querySelector(".rail").classList.toggle("open");
  if (target.dataset.do === "theme") {
    const dark = getComputedStyle(root).colorScheme.includes("dark");
    root.dataset.theme = dark ? "light" : "dark";
    localStorage.setItem("theme", root.dataset.theme);
  }
  if (target.dataset.do === "all") {
    document.querySelectorAll(target.dataset.boxes).forEach((box) => { box.checked = target.checked; });
  }
  if (target.dataset.do === "print") window.print();
});

// A column of a table changes places without leaving the list; "Lưu cột" sends them all (components/columns.html).
document.addEventListener("click", (event) => {
  const button = event.target.closest("form[data-columns] [data-move]");
  if (!button) return;
  event.preventDefault();
  const row = button.closest("li");
  const up = button.dataset.move === "up";
  const other = up ? row.previousElementSibling : row.nextElementSibling;
  if (!other || !other.querySelector("[data-move]")) return;
  if (up) other.before(row); else other.after(row);
  button.focus();
});

// Groups of the sidebar: the server folds what does not fit; what the person folds or unfolds stays so. The group of
// the page is always open.
const folds = JSON.parse(localStorage.getItem("folds") || "{}");
document.querySelectorAll("details[data-fold]").forEach((group) => {
  const chosen = folds[group.dataset.fold];
  if (chosen !== undefined && !group.querySelector("[aria-current]")) group.open = chosen;
  group.querySelector("summary").addEventListener("click", () => {
    folds[group.dataset.fold] = !group.open;
    localStorage.setItem("folds", JSON.stringify(folds));
  });
});

document.addEventListener("submit", (event) => {
  const words = event.submitter?.dataset.confirm || event.target.dataset.confirm;
  if (words && !window.confirm(words)) event.preventDefault();
});

// Filters apply themselves; the address carries them.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-auto]");
  if (form) form.requestSubmit();
});

document.addEventListener("input", (event) => {
  const form = event.target.form;
  // Boxes ticked in a list are no work that is lost; words, figures and files are, in every form that is posted.
  if (!form || form.method !== "post" || form.matches(".find, [data-draft]")) return;
  if (form.hasAttribute("data-dirty") || event.target.matches("textarea, input:not([type=checkbox], [type=radio])")) {
    form.dataset.changed = "1";
  }
});
window.addEventListener("beforeunload", (event) => {
  if (document.querySelector("form[data-changed]")) event.preventDefault();
});
document.addEventListener("submit", (event) => { delete event.target.dataset.changed; });
document.addEventListener("htmx:beforeRequest", (event) => {
  const form = event.target.closest?.("form[data-changed]");
  // What only asks leaves the words unsaved.
  if (form && event.detail.requestConfig?.verb !== "get") delete form.dataset.changed;
});

// The document beside its reading opens at the words of the chosen task.
const words = document.querySelector(".doc p.on");
if (words) {
  const box = words.closest(".doc");
  box.scrollTop = words.offsetTop - box.offsetTop - 60;
}

// What scrolls and holds nothing to stop at is a stop of the keyboard itself.
const reachable = () => document.querySelectorAll(".scroll").forEach((frame) => {
  const inside = frame.querySelector("a[href], button, input, select, textarea, summary");
  const scrolls = frame.scrollWidth > frame.clientWidth || frame.scrollHeight > frame.clientHeight;
  if (scrolls && !inside) frame.tabIndex = 0;
  else if (!frame.hasAttribute("role") && inside) frame.removeAttribute("tabindex");
});
reachable();
// Letters that come late make tables wider.
document.fonts.ready.then(reachable);
window.addEventListener("load", reachable);
window.addEventListener("resize", reachable);
document.addEventListener("htmx:afterSettle", reachable);
