// The cash of the session: what must be there, by denomination as far as notes were told, and cash that passes between people.
import { app, write } from "../app.js";
import { field, h, toast } from "../dom.js";
import { dong, parsed } from "../money.js";
import { frame } from "../shell.js";
import { problemWords, t } from "../words.js";
import { notesInput } from "./notes.js";

export function till() {
  const { book, pack } = app;
  const { sums } = book;
  const rows = [
    ["Tiền mang theo", pack.body.cash], ["Thu lãi", sums.interest], ["Thu gốc", sums.principal], ["Nhận tiền gửi", sums.savings],
    ["Rút tiền gửi", -sums.withdrawn], ["Giải ngân", -sums.disbursed], ["Giao nhận trong phiên", sums.handed],
  ];
  const told = [...book.notes].filter(([, n]) => n).sort(([a], [b]) => b - a);
  frame(t("Quỹ của phiên"),
    h("p", { class: "big" }, dong(book.cash), h("small", {}, t("tiền phải có"))),
    h("dl", { class: "kv sums-list" }, rows.flatMap(([words, n]) => [h("dt", {}, t(words)), h("dd", {}, dong(n))])),
    told.length ? h("section", { class: "panel" }, h("h2", {}, t("Theo loại tiền, từ các bảng kê đã ghi")),
      h("dl", { class: "kv" }, told.flatMap(([value, n]) => [h("dt", {}, dong(value)), h("dd", {}, `${n} ${t("tờ")}`)]))) : null,
    h("section", { class: "panel" }, h("h2", {}, t("Giao nhận trong phiên")),
      book.handovers.map((line) => h("div", { class: "entered" }, h("span", { class: "grow" }, line.data.words || "–"),
        h("b", { class: "num" }, dong(line.data.way === "out" ? -line.data.amount : line.data.amount)))),
      book.sealed ? null : passing()));
}

function passing() {
  const way = h("select", {}, h("option", { value: "in" }, t("Giao dịch viên nhận")), h("option", { value: "out" }, t("Giao dịch viên giao")));
  const amount = h("input", { inputMode: "numeric", autocomplete: "off", required: true });
  const words = h("input", { required: true, maxLength: 200 });
  const notes = notesInput(t("Các loại tiền (nếu có)"));
  const token = crypto.randomUUID();
  return h("form", {
    class: "form",
    onsubmit: async (event) => {
      event.preventDefault();
      const n = parsed(amount.value);
      if (!n) return toast(t("Số tiền không hợp lệ."), "late");
      const told = notes.values();
      try {
        await write([{ kind: "handover", data: { way: way.value, amount: n, words: words.value.trim(), ...(told ? { notes: told } : {}) } }], token);
        toast(t("Đã ghi giao nhận."));
        till();
      } catch (error) {
        toast(problemWords(error), "late");
      }
    },
  }, field(t("Chiều"), way), field(t("Số tiền (đồng)"), amount), field(t("Với ai, nội dung"), words), notes.box, h("button", { class: "btn" }, t("Ghi giao nhận")));
}
