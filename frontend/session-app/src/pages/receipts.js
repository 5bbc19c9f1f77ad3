// The receipts of a collection line: one QR for each payer, and the whole to print.
import { app } from "../app.js";
import { dialog, h, svg } from "../dom.js";
import { dong, vnDay } from "../money.js";
import { printed as toPaper } from "../papers.js";
import { qrPath, receiptOf, statementOf } from "../receipt.js";
import { frame, go, here } from "../shell.js";
import { t } from "../words.js";

const PARTS = [["interest", "Lãi"], ["principal", "Gốc"], ["savings", "Tiền gửi"]];

// Of a line: what each payer gave. A deposit without a payment of debt is a line of its own.
export function partsOf(line) {
  if (line.kind === "collect") return line.data.lines;
  const isDeposit = line.kind === "savings" && line.data.way === "in";
  return isDeposit ? [{ loan: 0, account: line.data.account, interest: 0, principal: 0, savings: line.data.amount }] : [];
}

function payersOf(group) {
  const loans = new Map((group?.loans ?? []).map((one) => [one.loan, one]));
  const savers = new Map((group?.loans ?? []).filter((one) => one.account).map((one) => [one.account, { name: one.name, number: one.number }]));
  for (const one of group?.savers ?? []) savers.set(one.account, one);
  return { of: (part) => (part.loan ? loans.get(part.loan) : savers.get(part.account)) };
}

export async function receipts(seq) {
  const line = app.book.lines.find((one) => one.seq === seq && partsOf(one).length);
  if (!line) return go(here());
  const group = app.pack.body.groups.find((one) => one.id === line.data.group);
  const names = payersOf(group);
  const rows = partsOf(line).map((part) => {
    const loan = names.of(part);
    const sum = part.interest + part.principal + part.savings;
    return h("button", { class: "row", onclick: () => show(line, part, loan) },
      h("span", { class: "grow" }, h("b", {}, loan?.name ?? ""), h("small", {}, loan?.number ?? "")), h("b", { class: "num" }, dong(sum)), h("span", {}, "QR"));
  });
  frame(`${t("Biên lai")}: ${group?.name ?? ""}`,
    h("p", { class: "soft" }, t("Chọn người nộp để hiện mã QR; người nộp quét để kiểm tra.")),
    h("div", { class: "list" }, rows),
    h("div", { class: "foot noprint" }, h("a", { class: "btn", href: here(`/to/${line.data.group}`) }, t("Bảng kê của tổ")),
      h("button", { class: "btn", onclick: () => printed(line, group, names) }, t("In biên lai và bảng kê")),
      h("a", { class: "btn main", href: here() }, t("Tổ khác"))));
}

async function qrOf(line, part) {
  const words = await receiptOf(app.keys, app.pack.body.verify_at, statementOf(line, app.pack.body.session.day, part));
  const { n, path } = qrPath(words);
  const drawn = svg(n, path, t("Mã QR của biên lai"));
  drawn.dataset.words = words;
  return drawn;
}

async function show(line, part, loan) {
  const drawn = await qrOf(line, part);
  await dialog(loan?.name ?? "", (done) => [drawn,
    h("dl", { class: "kv" }, PARTS.flatMap(([name, words]) => (part[name] ? [h("dt", {}, t(words)), h("dd", {}, dong(part[name]))] : []))),
    h("div", { class: "acts" }, h("button", { class: "btn main", onclick: () => done(true) }, t("Xong")))]);
}

async function printed(line, group, names) {
  const { session } = app.pack.body;
  const made = [];
  for (const part of partsOf(line)) {
    const loan = names.of(part);
    made.push(h("section", { class: "receipt" }, await qrOf(line, part), h("div", {}, h("b", {}, t("BIÊN LAI THU")), h("p", {}, loan?.name ?? ""),
      h("p", {}, `${loan?.number ?? ""} · ${vnDay(session.day)} · ${session.name}`),
      h("p", {}, PARTS.filter(([name]) => part[name]).map(([name, words]) => `${t(words)}: ${dong(part[name])}`).join("; ")))));
  }
  const sum = (name) => partsOf(line).reduce((all, one) => all + one[name], 0);
  const table = h("table", { class: "sheet13" }, h("caption", {}, `13/TD · ${group?.name ?? ""} · ${vnDay(session.day)}`),
    h("thead", {}, h("tr", {}, [t("Khế ước"), t("Họ tên"), ...PARTS.map(([, words]) => t(words)), t("Ký")].map((one) => h("th", {}, one)))),
    h("tbody", {}, partsOf(line).map((part) => h("tr", {}, h("td", {}, names.of(part)?.number ?? ""), h("td", {}, names.of(part)?.name ?? ""),
      PARTS.map(([name]) => h("td", { class: "num" }, dong(part[name]))), h("td", {})))),
    h("tfoot", {}, h("tr", {}, h("td", { colSpan: 2 }, t("Tổng")), PARTS.map(([name]) => h("td", { class: "num" }, dong(sum(name)))), h("td", {}))));
  toPaper(table, made);
}
