// Fields that browsers show each in its own way: dates as dd/mm/yyyy, months as mm/yyyy, money in groups and in words.
import { dong, group, inWords } from "./amounts.js";

const KINDS = {
  date: { sizes: [2, 2, 4], order: [2, 1, 0] },
  month: { sizes: [2, 4], order: [1, 0] },
};
const ICON = `<svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true"><path fill="none" stroke="currentColor"
  stroke-width="1.5" d="M2 4h12v10H2zM2 7.2h12M5 2v3M11 2v3"/></svg>`;
const said = document.body.dataset;

const shown = (iso) => iso.split("-").reverse().join("/");

// 05/03/2026, 5.3.2026 or 2026-03-05 as the browser's own field wants it; "" for anything else.
function written(text, kind) {
  const words = text.trim();
  const numbers = words.split(/[/.\-\s]+/);
  const first = KINDS[kind].order.length;
  if (numbers.length !== first || numbers.some((number) => !/^\d{1,4}$/.test(number))) return "";
  const parts = numbers[0].length === 4 ? numbers : KINDS[kind].order.map((at) => numbers[at]);
  if (parts[0].length !== 4 || parts.slice(1).some((part) => part.length > 2)) return "";
  return parts.map((part, at) => part.padStart(at ? 2 : 4, "0")).join("-");
}

// Signs between the digits come by themselves while one types at the end; who corrects in the middle is left alone.
function spaced(field, event, kind) {
  if (!/^\d$/.test(event.data ?? "") || field.selectionStart !== field.value.length) return;
  const digits = field.value.replace(/\D/g, "");
  if (!/^[\d/]*$/.test(field.value) || /\/\d?\//.test(field.value) || /^\d\//.test(field.value)) return;
  let at = 0;
  const parts = KINDS[kind].sizes.map((size) => digits.slice(at, (at += size)));
  field.value = parts.filter(Boolean).join("/");
}

// The browser's field stays: it holds the value that is sent, its bounds, and opens the calendar. The person sees ours.
function dateField(native) {
  const kind = native.type;
  const typed = document.createElement("input");
  const frame = document.createElement("span");
  frame.className = "date-field";
  Object.assign(typed, { type: "text", inputMode: "numeric", autocomplete: "off", maxLength: 10 });
  typed.placeholder = kind === "date" ? said.dateForm : said.monthForm;
  for (const name of ["aria-label", "aria-describedby", "aria-labelledby", "aria-invalid", "required", "disabled"]) {
    if (native.hasAttribute(name)) typed.setAttribute(name, native.getAttribute(name));
  }
  native.required = false;
  if (native.id) { typed.id = native.id; native.id += "-value"; }
  native.before(frame);
  frame.append(typed, native);
  native.classList.add("date-value");
  native.tabIndex = -1;
  native.setAttribute("aria-hidden", "true");
  native.dataset.typed = kind;

  const show = () => { typed.value = native.value ? shown(native.value) : ""; typed.setCustomValidity(""); };
  const take = () => {
    native.value = typed.value.trim() ? written(typed.value, kind) : "";
    const wrong = typed.value.trim() && !native.value;
    typed.setCustomValidity(wrong ? said.dateWrong : native.validationMessage);
    if (typed.validationMessage) typed.setAttribute("aria-invalid", "true"); else typed.removeAttribute("aria-invalid");
    return !typed.validationMessage;
  };
  typed.addEventListener("input", (event) => { spaced(typed, event, kind); take(); });
  typed.addEventListener("change", (event) => {
    // A list is not asked for anew by a date that is none.
    if (take()) show(); else { event.stopPropagation(); typed.reportValidity(); }
  });
  native.addEventListener("input", show);
  native.addEventListener("change", show);
  window.addEventListener("pageshow", show);
  if (typeof native.showPicker === "function") {
    const open = document.createElement("button");
    Object.assign(open, { type: "button", className: "date-open", innerHTML: ICON, disabled: native.disabled });
    open.setAttribute("aria-label", said.dateOpen);
    open.addEventListener("click", () => native.showPicker());
    frame.append(open);
  }
  show();
}

// Money outside the collection sheet, which has its own sums: the amount in words below the field.
function moneyField(field) {
  const words = document.createElement("p");
  words.className = "h";
  words.setAttribute("role", "status");
  field.after(words);
  field.dataset.typed = "money";
  const show = (event) => { group(field, event); words.textContent = inWords(dong(field)); };
  field.addEventListener("input", show);
  show(null);
}

function dress(part) {
  part.querySelectorAll("input[type=date]:not([data-typed]), input[type=month]:not([data-typed])").forEach(dateField);
  part.querySelectorAll("form:not([data-sheet]) [data-money]:not([data-typed])").forEach(moneyField);
}

dress(document);
document.addEventListener("htmx:load", (event) => dress(event.detail.elt));
