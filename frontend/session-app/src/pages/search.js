// A member by any part of the name, with or without accents.
import { app } from "../app.js";
import { h } from "../dom.js";
import { dong, fold } from "../money.js";
import { frame, go, here } from "../shell.js";
import { t } from "../words.js";

const MOST = 40;
let index = null;

function indexed() {
  if (index?.of === app.pack) return index.rows;
  const rows = [];
  for (const group of app.pack.body.groups) {
    const lent = new Map();
    for (const loan of group.loans) lent.set(loan.household, [...(lent.get(loan.household) ?? []), loan]);
    for (const member of group.members) {
      const loans = lent.get(member.household) ?? [];
      rows.push({ group, name: member.name, loans, words: fold(`${member.name} ${loans.map((one) => one.number).join(" ")}`) });
    }
  }
  index = { of: app.pack, rows };
  return rows;
}

export function found(words) {
  const parts = fold(words).split(/\s+/).filter(Boolean);
  if (!parts.length) return [];
  return indexed().filter((row) => parts.every((part) => row.words.includes(part))).slice(0, MOST);
}

export function search() {
  const list = h("div", { class: "list", "aria-live": "polite" });
  const input = h("input", {
    type: "search", autocomplete: "off", "aria-label": t("Tìm thành viên"), placeholder: t("Tên hoặc số khế ước, không cần dấu"),
    oninput: () => list.replaceChildren(...found(input.value).map(row)),
  });
  const row = (one) => h("button", { class: "row", onclick: () => open(one) },
    h("span", { class: "grow" }, h("b", {}, one.name), h("small", {}, one.group.name || one.group.code)),
    h("span", { class: "num" }, one.loans.length ? dong(one.loans.reduce((all, loan) => all + loan.balance, 0)) : t("không vay")));
  frame(t("Tìm thành viên"), input, list,
    h("p", {}, h("a", { class: "btn", href: here("/de-nghi") }, t("Đề nghị gia hạn, điều chỉnh kỳ hạn")), " ",
      h("a", { class: "btn", href: here("/kiem-tra") }, t("Kiểm tra biên lai"))));
  input.focus();
}

function open(one) {
  go(here(`/to/${one.group.id}`));
  if (one.loans.length) reveal(`loan-${one.loans[0].loan}`, 60);
}

// The member's card, which is drawn some frames after the sheet.
function reveal(id, frames) {
  const there = document.getElementById(id);
  if (there) {
    there.scrollIntoView({ block: "center" });
    there.querySelector("input").focus({ preventScroll: true });
  } else if (frames) requestAnimationFrame(() => reveal(id, frames - 1));
}
