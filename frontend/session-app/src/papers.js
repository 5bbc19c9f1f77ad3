// Papers that are printed at the session itself: minutes with the count, conclusions of the meeting with the commune.
import { app } from "./app.js";
import { h } from "./dom.js";
import { dong, vnDay } from "./money.js";
import { t } from "./words.js";

// Only the paper is on the page while the printer takes it.
export function printed(...content) {
  const paper = h("div", { class: "paper" }, ...content);
  document.body.append(paper);
  print();
  paper.remove();
}

const rows = (pairs) => pairs.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]);
const signatures = (...roles) => h("div", { class: "signatures" }, roles.map((one) => h("div", {}, h("b", {}, one), h("small", {}, t("(ký, ghi rõ họ tên)")))));

export function minutes() {
  const { session, people } = app.pack.body;
  const { book } = app;
  const { sums, count } = book;
  const came = app.pack.body.groups.filter((one) => book.progress(one).sum > 0).length;
  const notes = Object.entries(count?.notes ?? {}).sort(([a], [b]) => b - a);
  return [
    h("section", { class: "sheet" },
      h("h1", {}, t("BIÊN BẢN PHIÊN GIAO DỊCH")),
      h("p", {}, `${session.name} · ${vnDay(session.day)} · ${session.place}`),
      h("dl", { class: "kv" }, rows([
        ...people.map((one) => [t(one.role), one.name]),
        [t("Tổ đến giao dịch"), `${came}/${app.pack.body.groups.length}`],
        [t("Thu lãi"), dong(sums.interest)], [t("Thu gốc"), dong(sums.principal)], [t("Nhận tiền gửi"), dong(sums.savings)],
        [t("Rút tiền gửi"), dong(sums.withdrawn)], [t("Giải ngân"), dong(sums.disbursed)],
        [t("Tiền phải có"), dong(book.cash)], [t("Tiền đếm được"), count ? dong(count.counted) : "–"],
        ...(count?.why ? [[t("Lý do chênh lệch"), count.why]] : []),
      ])),
      notes.length ? h("table", { class: "sheet13" }, h("thead", {}, h("tr", {}, [t("Mệnh giá"), t("Số tờ"), t("Thành tiền")].map((one) => h("th", {}, one)))),
        h("tbody", {}, notes.map(([value, n]) => h("tr", {}, [dong(Number(value)), dong(n), dong(value * n)].map((one) => h("td", { class: "num" }, one)))))) : null,
      signatures(t("Giao dịch viên"), t("Kiểm soát viên"), t("Tổ trưởng tổ giao dịch"))),
    h("section", { class: "sheet" },
      h("h1", {}, t("KẾT LUẬN GIAO BAN")),
      h("p", {}, `${session.name} · ${vnDay(session.day)}`),
      h("p", { class: "words" }, book.conclusion || "…"),
      signatures(t("Tổ trưởng tổ giao dịch"), t("Đại diện UBND xã"))),
  ];
}
