// A collection sheet: sums in the foot, the total in words, Enter down the column, one button to fill a column.
import { dong, group, grouped, inWords } from "../tdcs/amounts.js";

function add(form) {
  const sums = { interest: 0, principal: 0, savings: 0 };
  for (const field of form.querySelectorAll("[data-column]")) sums[field.dataset.column] += dong(field);
  for (const row of form.querySelectorAll("tr[id]")) {
    const shown = row.querySelector("[data-row]");
    if (!shown) continue;
    const total = [...row.querySelectorAll("[data-column]")].reduce((sum, field) => sum + dong(field), 0);
    shown.value = total ? grouped(String(total)) : "";
  }
  sums.total = sums.interest + sums.principal + sums.savings;
  for (const shown of form.querySelectorAll("[data-sum]")) shown.value = grouped(String(sums[shown.dataset.sum]));
  const words = form.querySelector("[data-words]");
  if (words) words.textContent = inWords(sums.total);
}

function fill(form, what) {
  for (const field of form.querySelectorAll("[data-column]")) {
    const { column, due } = field.dataset;
    if (what === "none" || what === column || what === "all") {
      field.removeAttribute("data-odd");
      field.removeAttribute("aria-invalid");
    }
    if (what === "none") field.value = "";
    else if (what === column || (what === "all" && column !== "savings")) {
      field.value = Number(due) ? grouped(due) : "";
    }
  }
  form.dataset.changed = "1";
  add(form);
}

function step(field, by) {
  const column = [...field.form.querySelectorAll(`[data-column="${field.dataset.column}"]:enabled`)];
  const next = column[column.indexOf(field) + by];
  if (next) { next.focus(); next.select(); }
  return Boolean(next);
}

for (const form of document.querySelectorAll("form[data-sheet]")) {
  form.addEventListener("input", (event) => {
    if (event.target.matches("[data-money]")) group(event.target, event);
    event.target.closest("tr.bad")?.classList.remove("bad");
    add(form);
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-fill]");
    if (button) fill(form, button.dataset.fill);
  });
  form.addEventListener("keydown", (event) => {
    if (!event.target.matches("[data-column]")) return;
    const by = { Enter: event.shiftKey ? -1 : 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    // The last Enter reaches the button, never sends a sheet that is half typed.
    if (!step(event.target, by) && event.key === "Enter" && by === 1) {
      if (form.querySelector("tr[id]")) form.querySelector("button[name=step]").focus();
      else form.querySelectorAll("[data-column]:enabled, button[name=step]")[
        [...form.querySelectorAll("[data-column]:enabled")].indexOf(event.target) + 1]?.focus();
    }
  });
  for (const field of form.querySelectorAll("[data-money]")) group(field);
  add(form);
}

document.querySelector("[data-faults]")?.focus();
