// Savings in and out of members of a group, whether they have a loan or not.
import { app, write } from "../app.js";
import { approve } from "../ask.js";
import { dialog, field, h, toast } from "../dom.js";
import { dong, parsed } from "../money.js";
import { go, here } from "../shell.js";
import { problemWords, t } from "../words.js";

function accountsOf(group) {
  const found = new Map();
  for (const loan of group.loans) if (loan.account) found.set(loan.account, { account: loan.account, name: loan.name, savings: loan.savings });
  for (const one of group.savers) found.set(one.account, one);
  return [...found.values()];
}

export function saverRows(group) {
  const rows = accountsOf(group);
  if (!rows.length) return [];
  // Sixty accounts are drawn when somebody asks for them.
  const list = h("div", {});
  const box = h("details", {
    class: "savers",
    ontoggle: () => box.open && !list.firstChild && list.append(...rows.map((one) => row(group, one))),
  }, h("summary", {}, `${t("Gửi riêng, rút tiền gửi")} (${rows.length})`), list);
  return [box];
}

function row(group, one) {
  const now = one.savings + (app.book.accounts.get(one.account) ?? 0);
  return h("div", { class: "entered" }, h("span", { class: "grow" }, h("b", {}, one.name), h("small", {}, `${t("số dư")} ${dong(now)}`)),
    h("button", { class: "btn small", onclick: () => move(group, one, "in", now) }, t("Gửi")),
    h("button", { class: "btn small", onclick: () => move(group, one, "out", now) }, t("Rút")));
}

async function move(group, one, way, now) {
  const title = `${way === "in" ? t("Gửi") : t("Rút")}: ${one.name}`;
  const token = crypto.randomUUID();
  const amount = await dialog(title, (done) => {
    const typed = h("input", { inputMode: "numeric", autocomplete: "off", required: true });
    const wrong = h("p", { class: "bad", role: "alert" });
    return h("form", {
      onsubmit: (event) => {
        event.preventDefault();
        const n = parsed(typed.value);
        if (!n || (way === "out" && n > now)) wrong.textContent = way === "out" ? t("Số tiền lớn hơn số dư, hoặc không hợp lệ.") : t("Số tiền không hợp lệ.");
        else done(n);
      },
    }, field(t("Số tiền (đồng)"), typed), wrong, h("div", { class: "acts" }, h("button", { class: "btn main" }, t("Ghi")),
      h("button", { class: "btn", type: "button", onclick: () => done(null) }, t("Quay lại"))));
  });
  if (!amount) return;
  // Money that leaves the bank is approved by a second person.
  const by = way === "out" ? await approve(title, "controller") : null;
  if (way === "out" && !by) return;
  try {
    const act = { kind: "savings", data: { group: group.id, account: one.account, way, amount } };
    const [line] = await write([by ? by.act(act) : act], token);
    toast(t("Đã ghi."));
    if (line && way === "in") return go(here(`/bien-lai/${line.seq}`));
    const { sheet } = await import("./sheet.js");
    await sheet(group.id);
  } catch (error) {
    toast(problemWords(error), "late");
  }
}
