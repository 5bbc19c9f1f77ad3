// The pages of an inspection: the list, the group's questions, a borrower, the end.
import { app } from "../app.js";
import { confirm } from "../ask.js";
import { field, h, toast } from "../dom.js";
import { dong, parsed } from "../money.js";
import { frame, go, here } from "../shell.js";
import { t } from "../words.js";
import { entered } from "./acts.js";
import { answersOf, choice, facts, findings, photos, placing, questions, said } from "./parts.js";

const RESULTS = { good: "Đúng quy định", bad: "Có tồn tại", absent: "Vắng mặt" };

export function list() {
  const { book } = app;
  const { borrowers, questions: ofGroup, inspection } = app.pack.body;
  const met = borrowers.filter((one) => book.resultOf(one)).length;
  const answered = ofGroup.filter((one) => book.answers[one.code]).length;
  const rows = [...borrowers].sort((a, b) => Number(b.sampled) - Number(a.sampled)).map((one) => {
    const result = book.resultOf(one);
    return h("a", { class: `row ${result ? "done" : ""}`, href: here(`/ho/${one.loan}`) },
      h("span", { class: "grow" }, h("b", {}, one.name), h("small", {}, [one.number, one.sampled ? t("trong mẫu") : "", one.overdue ? t("quá hạn") : ""].filter(Boolean).join(" · "))),
      h("span", { class: "num" }, h("b", {}, dong(one.balance)), h("small", { class: result === "bad" ? "mark-bad" : "" }, t(RESULTS[result] ?? "chưa gặp"))));
  });
  frame(`${inspection.form} ${inspection.title}`,
    h("p", { class: "sums" }, borrowers.length ? `${t("Đã gặp")} ${met}/${borrowers.length} · ${t("cần gặp ít nhất")} ${inspection.to_visit}` : inspection.body),
    book.started ? null : beginning(),
    h("div", { class: "list" }, h("a", { class: `row ${answered === ofGroup.length ? "done" : ""}`, href: here("/to") },
      h("span", { class: "grow" }, h("b", {}, t("Câu hỏi chung, tồn tại, ảnh")), h("small", {}, inspection.number)),
      h("span", { class: "num" }, h("b", {}, `${answered}/${ofGroup.length}`))), rows));
}

function beginning() {
  const witnesses = h("input", { maxLength: 300 });
  const token = `start-${app.session}`;
  return h("form", {
    class: "panel form",
    onsubmit: async (event) => {
      event.preventDefault();
      await entered([], token, t("Đã bắt đầu cuộc kiểm tra."), list, witnesses.value.trim());
    },
  }, field(t("Người cùng làm việc"), witnesses), h("button", { class: "btn main" }, t("Bắt đầu kiểm tra")));
}

export function group() {
  const { book } = app;
  const items = app.pack.body.questions;
  const token = crypto.randomUUID();
  const form = h("form", {
    class: "panel form",
    onsubmit: async (event) => {
      event.preventDefault();
      await entered([{ kind: "answers", data: { answers: answersOf(form, items) } }], token, t("Đã ghi trả lời."), group);
    },
  }, h("h2", {}, t("Câu hỏi chung")), questions(items, book.answers, false), book.sealed ? null : h("button", { class: "btn main" }, t("Ghi trả lời")));
  frame(app.pack.body.session.name, items.length ? form : null, findings(0, items, group), photos(0, group));
}

export function borrower(key) {
  const one = app.pack.body.borrowers.find((row) => row.loan === key);
  if (!one) return go(here());
  const again = () => borrower(key);
  const items = app.pack.body.household_questions;
  frame(one.name, h("section", { class: "panel" }, facts(one)), app.book.sealed ? null : visiting(one, items),
    findings(one.loan, items, again), photos(one.loan, again));
}

function visiting(one, items) {
  const before = app.book.visits.get(one.loan) ?? { answers: {} };
  const { amounts } = app.pack.body.inspection;
  const [rightly, wrongly, told] = [before.rightly, before.wrongly, before.told].map((value) =>
    h("input", { inputMode: "numeric", value: value === null || value === undefined ? "" : dong(value) }));
  const words = h("input", { maxLength: 500, value: before.words ?? "" });
  const by = h("input", { maxLength: 120, value: before.confirmed_by ?? "" });
  const sure = h("input", { type: "checkbox", checked: Boolean(before.confirmed_by) });
  const spot = placing();
  const asked = h("div", {}, questions(items, before.answers, false));
  const token = crypto.randomUUID();
  const form = h("form", {
    class: "panel form",
    onsubmit: async (event) => {
      event.preventDefault();
      const result = form.elements.result.value;
      const answers = answersOf(form, items);
      const agrees = { yes: true, no: false }[form.elements.agrees.value] ?? null;
      const wrong = faultOf({ result, answers, items, agrees, amounts: [rightly, wrongly, told].map((box) => parsed(box.value)), told, sure, by });
      if (wrong) return toast(t(wrong), "late");
      const whole = (box) => (box.value.trim() === "" ? null : parsed(box.value));
      const data = {
        loan: one.loan, balance: one.balance, result, answers, rightly: whole(rightly), wrongly: whole(wrongly), words: words.value.trim(),
        agrees, told: agrees === false ? whole(told) : null, confirmed_by: sure.checked ? by.value.trim() : "", ...(spot.spot ?? {}),
      };
      await entered([{ kind: "visit", data }], token, t("Đã ghi kết quả tại hộ."), () => go(here()));
    },
  }, h("h2", {}, t("Kiểm tra tại hộ")), choice("result", t("Kết quả"), Object.entries(RESULTS), before.result ?? ""), asked,
  amounts ? [field(t("Sử dụng đúng mục đích (đồng)"), rightly), field(t("Sử dụng sai mục đích (đồng)"), wrongly)] : null,
  choice("agrees", `${t("Hộ nhận dư nợ")} ${dong(one.balance)}`, [["yes", "Khớp"], ["no", "Không khớp"]],
    before.agrees === true ? "yes" : before.agrees === false ? "no" : "", false),
  field(t("Dư nợ theo hộ, nếu không khớp (đồng)"), told), field(t("Ghi chú"), words), spot,
  h("label", { class: "tick" }, sure, t("Người vay đã nghe đọc lại và xác nhận kết quả.")), field(t("Người xác nhận"), by),
  h("button", { class: "btn main" }, t("Ghi kết quả")));
  return form;
}

// Why a visit cannot be written as it is; "" when it can.
export function faultOf({ result, answers, items, agrees, amounts, told, sure, by }) {
  if (amounts.some((one) => one === null)) return "Số tiền không hợp lệ.";
  if (result !== "absent" && items.some((one) => !answers[one.code])) return "Trả lời mọi câu hỏi, hoặc ghi vắng mặt.";
  if (agrees === false && told.value.trim() === "") return "Ghi dư nợ theo hộ khi không khớp.";
  if (agrees === false && result === "good") return "Số dư không khớp là có tồn tại.";
  if (sure.checked && !by.value.trim()) return "Ghi tên người xác nhận.";
  return "";
}

export function ending() {
  const { book } = app;
  if (book.sealed) {
    return frame(t("Kết thúc"), h("p", { class: "msg ok" }, t("Nhật ký đã chốt. Nộp về khi có mạng.")), h("a", { class: "btn main", href: here("/dong-bo") }, t("Nộp về")));
  }
  const missing = book.missing();
  const words = h("textarea", { rows: 5, required: true, maxLength: 8000 });
  const rows = missing.map((one) => h("a", { class: "row", href: here(one.loan ? `/ho/${one.loan}` : "/to") },
    h("span", { class: "grow" }, h("b", {}, said(one.item)), h("small", {}, [one.name, t(one.why === "open" ? "chưa trả lời" : "chưa ghi tồn tại")].filter(Boolean).join(" · ")))));
  frame(t("Kết thúc"), missing.length ? [h("p", { class: "msg soon" }, `${missing.length} ${t("việc chưa xong.")}`), h("div", { class: "list" }, rows)] : null, h("form", {
    class: "panel form",
    onsubmit: async (event) => {
      event.preventDefault();
      const rows = [[t("Dòng nhật ký"), String(book.last())], [t("Tồn tại, kiến nghị"), String(book.findings.length)]];
      if (!(await confirm(t("Chốt nhật ký? Sau đó không ghi thêm được."), rows, t("Chốt")))) return;
      await entered([{ kind: "seal", data: { conclusion: words.value.trim() } }], `seal-${app.session}`, t("Đã chốt nhật ký."), () => go(here("/dong-bo")));
    },
  }, field(t("Nhận xét, kết luận"), words), h("button", { class: "btn main", disabled: missing.length > 0 }, t("Chốt, lập biên bản"))));
}
