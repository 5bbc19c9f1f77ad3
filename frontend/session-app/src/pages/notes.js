// A list of notes by denomination, and what it comes to.
import { app } from "../app.js";
import { h } from "../dom.js";
import { dong, parsed } from "../money.js";
import { t } from "../words.js";

// `values()`: denomination → notes, null when nothing was typed; `total()`: dong.
export function notesInput(title, isOpen = false, onChange = () => {}) {
  const typed = new Map();
  const sum = h("b", { class: "num" }, "0");
  const total = () => [...typed].reduce((all, [value, n]) => all + value * n, 0);
  const rows = app.pack.body.denominations.map((value) => h("label", { class: "note" }, h("span", {}, dong(value)),
    h("input", {
      inputMode: "numeric", autocomplete: "off", "aria-label": `${t("Số tờ")} ${dong(value)}`,
      oninput: (event) => {
        typed.set(value, parsed(event.target.value) ?? 0);
        sum.textContent = dong(total());
        onChange(total());
      },
    })));
  const box = h("details", { class: "notes", open: isOpen }, h("summary", {}, title, " ", sum), h("div", { class: "grid" }, rows));
  const values = () => {
    const found = Object.fromEntries([...typed].filter(([, n]) => n > 0).map(([value, n]) => [String(value), n]));
    return Object.keys(found).length ? found : null;
  };
  return { box, values, total };
}
