// A collection sheet: digits in groups while typing, sums in the foot, the amount in words, Enter down the column.
const DIGITS = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"];
const SCALES = ["", "nghìn", "triệu"];

const bare = (words) => words.replace(/\./g, "");
const grouped = (digits) => digits.replace(/\B(?=(\d{3})+$)/g, ".");
const whole = (words) => /^(\d{0,15}|\d{1,3}(\.\d{3}){1,4})$/.test(words);

// The dong in a field; 0 for what is no amount, which the server names.
const dong = (field) => (whole(field.value) ? Number(bare(field.value)) : 0);

function three(value, full) {
  const hundreds = Math.floor(value / 100), tens = Math.floor((value % 100) / 10), ones = value % 10;
  const words = hundreds || full ? [`${DIGITS[hundreds]} trăm`] : [];
  if (tens === 0) {
    if (ones) words.push(...(words.length ? ["linh", DIGITS[ones]] : [DIGITS[ones]]));
    return words.join(" ");
  }
  words.push(tens === 1 ? "mười" : `${DIGITS[tens]} mươi`);
  if (ones) words.push(ones === 1 && tens > 1 ? "mốt" : ones === 5 ? "lăm" : DIGITS[ones]);
  return words.join(" ");
}

// Below a billion, then the billions before it, as documents/numbers.py says it.
function below(value, full) {
  const parts = [];
  for (let at = 2; at >= 0; at -= 1) {
    const part = Math.floor(value / 1000 ** at) % 1000;
    if (part) parts.push(`${three(part, full || parts.length > 0)} ${SCALES[at]}`.trim());
  }
  return parts.join(" ");
}

export function inWords(value) {
  if (!value) return "";
  const billions = Math.floor(value / 1e9), rest = value % 1e9;
  const words = billions ? `${below(billions, false)} tỷ` : "";
  const all = [words, rest ? below(rest, billions > 0) : ""].filter(Boolean).join(" ");
  return `${all[0].toUpperCase()}${all.slice(1)} đồng`;
}

// One digit more or less in a well-grouped amount is grouped anew. What was typed otherwise ("1,5", "2.5") stays as it
// is: taking its sign away would make fifteen of it.
function group(field, event) {
  const typed = event && (/^delete/.test(event.inputType) || /^\d+$/.test(event.data ?? ""));
  const sound = whole(field.value) || (typed && !field.hasAttribute("data-odd") && /^[\d.]*$/.test(field.value));
  field.toggleAttribute("data-odd", !sound);
  if (sound) field.removeAttribute("aria-invalid"); else field.setAttribute("aria-invalid", "true");
  if (!sound) return;
  const after = bare(field.value.slice(field.selectionStart)).length;
  field.value = grouped(bare(field.value).replace(/^0+(?=\d)/, ""));
  let at = field.value.length;
  for (let left = after; left > 0 && at > 0; at -= 1) if (field.value[at - 1] !== ".") left -= 1;
  if (document.activeElement === field) field.setSelectionRange(at, at);
}

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

for (const field of document.querySelectorAll("form:not([data-sheet]) [data-money]")) {
  const words = document.createElement("p");
  words.className = "h";
  words.setAttribute("role", "status");
  field.after(words);
  const show = (event) => { group(field, event); words.textContent = inWords(dong(field)); };
  field.addEventListener("input", show);
  show(null);
}
document.querySelector("[data-faults]")?.focus();
