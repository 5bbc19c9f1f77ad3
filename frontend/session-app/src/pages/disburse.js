// Money paid out to borrowers in person: confirmed by the borrower, approved by the controller.
import { app, write } from "../app.js";
import { approve } from "../ask.js";
import { dialog, h, toast } from "../dom.js";
import { dong } from "../money.js";
import { frame } from "../shell.js";
import { problemWords, t } from "../words.js";
import { notesInput } from "./notes.js";
import { undo } from "./sheet.js";

export function disburse() {
  const groups = new Map(app.pack.body.groups.map((one) => [one.id, one.name || one.code]));
  const rows = app.pack.body.disbursements.map((one) => {
    const done = app.book.disbursed.has(one.application);
    const line = app.book.lines.find((it) => it.kind === "disburse" && it.data.application === one.application && !app.book.voided.has(it.seq));
    return h("div", { class: "entered" },
      h("span", { class: "grow" }, h("b", {}, one.name), h("small", {}, `${one.number} · ${one.programme} · ${groups.get(one.group) ?? ""}`)),
      h("b", { class: "num" }, dong(one.amount)),
      done
        ? [h("span", { class: "sign ok" }, t("đã giải ngân")), app.book.sealed ? null : h("button", { class: "btn small", onclick: () => undo(line, disburse) }, t("Hủy dòng"))]
        : h("button", { class: "btn small main", onclick: () => pay(one) }, t("Giải ngân")));
  });
  frame(t("Giải ngân"), h("p", { class: "sums" }, `${t("Tiền phải có")} ${dong(app.book.cash)}`),
    rows.length ? h("div", { class: "list" }, rows) : h("p", { class: "soft" }, t("Không có món nào chờ giải ngân tại phiên này.")));
}

async function pay(one) {
  const token = crypto.randomUUID();
  const title = `${t("Giải ngân")} ${dong(one.amount)}: ${one.name}`;
  if (one.amount > app.book.cash) return toast(t("Tiền của phiên không đủ cho món này."), "late");
  const notes = notesInput(t("Các loại tiền đã chi (nếu có)"));
  const confirmed = await dialog(title, (done) => {
    const seen = h("input", { type: "checkbox", required: true });
    const signed = h("input", { type: "checkbox", required: true });
    return h("form", { onsubmit: (event) => (event.preventDefault(), done({ notes: notes.values() })) },
      h("label", { class: "tick" }, seen, t("Đã đối chiếu giấy tờ: đúng người vay.")),
      h("label", { class: "tick" }, signed, t("Người vay xác nhận đã nhận đủ tiền và đã ký (điểm chỉ).")), notes.box,
      h("div", { class: "acts" }, h("button", { class: "btn main" }, t("Người vay xác nhận")),
        h("button", { class: "btn", type: "button", onclick: () => done(null) }, t("Quay lại"))));
  });
  if (!confirmed) return;
  const by = await approve(title, "controller");
  if (!by) return;
  const data = { application: one.application, amount: one.amount, confirmed: true, ...(confirmed.notes ? { notes: confirmed.notes } : {}) };
  try {
    await write([by.act({ kind: "disburse", data })], token);
    toast(`${t("Đã giải ngân")} ${dong(one.amount)}.`);
  } catch (error) {
    toast(problemWords(error), "late");
  }
  disburse();
}
