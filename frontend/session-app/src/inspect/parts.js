// What the pages of an inspection share: questions, place, findings and photos of the group or of a borrower.
import { app } from "../app.js";
import { field, h, toast } from "../dom.js";
import { dong, vnDay } from "../money.js";
import { language, problemWords, t } from "../words.js";
import { entered, metresFrom, place } from "./acts.js";
import { keepPhoto, shrunk } from "./photos.js";

export const said = (item) => (language() === "en" ? item.en : item.vi);
const ANSWERS = [["yes", "Có"], ["no", "Không"], ["none", "Không áp dụng"]];

// One choice among a few, for a thumb.
export function choice(name, legend, options, chosen, required = true) {
  return h("fieldset", { class: "q" }, h("legend", {}, legend), options.map(([code, words]) =>
    h("label", {}, h("input", { type: "radio", name, value: code, checked: chosen === code, required }), t(words))));
}

export const questions = (items, answers, required = true) =>
  items.map((item) => choice(`a-${item.code}`, said(item), ANSWERS, answers[item.code] ?? "", required));

export function answersOf(form, items) {
  const found = {};
  for (const item of items) {
    const value = form.elements[`a-${item.code}`]?.value;
    if (value) found[item.code] = value;
  }
  return found;
}

// A button that asks the device where it is; `.spot` is null until it answered.
export function placing() {
  const words = h("p", { class: "soft", role: "status" });
  const box = h("div", { class: "f" }, h("button", {
    class: "btn", type: "button",
    onclick: async () => {
      try {
        box.spot = await place();
        const { centre, elsewhere_metres: most } = app.pack.body.inspection;
        const metres = centre ? metresFrom(centre, box.spot) : null;
        words.textContent = `${box.spot.latitude}, ${box.spot.longitude}`
          + (metres !== null && metres > most ? ` · ${t("cách trung tâm xã")} ${dong(metres)} m: ${t("sẽ được đánh dấu")}` : "");
      } catch (error) {
        words.textContent = problemWords(error);
      }
    },
  }, t("Lấy vị trí")), words);
  box.spot = null;
  return box;
}

// Findings of the group (loan 0) or of a borrower, with a form for the next.
export function findings(loan, items, again) {
  const { book } = app;
  const rows = book.findings.filter((one) => one.loan === loan).map((one) => h("div", { class: "entered" },
    h("span", { class: "grow" }, h("b", {}, one.words), h("small", {}, said(items.find((item) => item.code === one.item) ?? { vi: one.item, en: one.item }))),
    one.seq && !book.sealed ? undoing(one.seq, again) : null));
  return h("section", { class: "panel" }, h("h2", {}, t("Tồn tại, kiến nghị")), rows,
    book.sealed ? null : h("details", { open: book.missing().some((one) => one.loan === loan && one.why === "bad") }, h("summary", {}, t("Ghi tồn tại")), raising(loan, items, again)));
}

function undoing(seq, again) {
  const token = crypto.randomUUID();
  return h("button", { class: "btn small", onclick: () => entered([{ kind: "void", data: { seq } }], token, t("Đã hủy dòng."), again) }, t("Hủy dòng"));
}

function raising(loan, items, again) {
  const { owners, severities } = app.pack.body;
  const bad = app.book.missing().find((one) => one.loan === loan && one.why === "bad");
  const item = h("select", {}, items.map((one) => h("option", { value: one.code, selected: one.code === bad?.item.code }, said(one))));
  const severity = h("select", {}, h("option", { value: "" }, t("theo danh mục")), severities.map((one) => h("option", { value: one.code }, t(one.words))));
  const owner = h("select", {}, owners.map((one) => h("option", { value: String(one.id) }, one.name)));
  const [words, cause, recommendation] = [1, 2, 3].map(() => h("input", { required: true, maxLength: 500 }));
  const due = h("input", { type: "date", required: true });
  const token = crypto.randomUUID();
  return h("form", {
    class: "form",
    onsubmit: async (event) => {
      event.preventDefault();
      const data = {
        loan, item: item.value, severity: severity.value, words: words.value.trim(), cause: cause.value.trim(),
        recommendation: recommendation.value.trim(), owner: Number(owner.value), due: due.value,
      };
      await entered([{ kind: "finding", data }], token, t("Đã ghi tồn tại."), again);
    },
  }, field(t("Nội dung kiểm tra"), item), field(t("Mức độ"), severity), field(t("Tồn tại"), words), field(t("Nguyên nhân"), cause),
  field(t("Kiến nghị"), recommendation), field(t("Người khắc phục"), owner), field(t("Hạn khắc phục"), due), h("button", { class: "btn main" }, t("Ghi tồn tại")));
}

// Photos of the group (loan 0) or of a borrower.
export function photos(loan, again) {
  const { book } = app;
  const rows = book.photos.filter((one) => one.loan === loan).map((one) => h("div", { class: "entered" },
    h("span", { class: "grow" }, h("b", {}, one.title || t("Ảnh")), h("small", {}, `${Math.ceil(one.size / 1000)} kB`)),
    book.sealed ? null : undoing(one.seq, again)));
  if (book.sealed) return h("section", { class: "panel" }, h("h2", {}, t("Ảnh")), rows);
  const file = h("input", { type: "file", accept: "image/*", capture: "environment", required: true });
  const title = h("input", { maxLength: 200 });
  const spot = placing();
  const token = crypto.randomUUID();
  return h("section", { class: "panel" }, h("h2", {}, t("Ảnh")), rows, h("form", {
    class: "form",
    onsubmit: async (event) => {
      event.preventDefault();
      try {
        const bytes = await shrunk(file.files[0]);
        const sha = await keepPhoto(app.keys, app.session, bytes);
        const data = { sha256: sha, size: bytes.length, title: title.value.trim(), loan, ...(spot.spot ?? {}) };
        await entered([{ kind: "photo", data }], token, t("Đã ghi ảnh."), again);
      } catch (error) {
        toast(problemWords(error), "late");
      }
    },
  }, field(t("Ảnh, thu nhỏ trên máy"), file), field(t("Nội dung ảnh"), title), spot, h("button", { class: "btn" }, t("Ghi ảnh"))));
}

export const facts = (one) => h("dl", { class: "kv" },
  [["Số khế ước", one.number], ["Chương trình", one.programme], ["Dư nợ theo sổ", dong(one.balance)], ["Lãi phải trả", dong(one.interest_due)],
    ["Tiền gửi", dong(one.savings)], ["Số tiền vay", dong(one.principal)], ["Giải ngân ngày", vnDay(one.disbursed_on)],
    ["Mục đích vay", one.purpose || "–"], ...(one.by_day ? [["Kiểm tra trước ngày", vnDay(one.by_day)]] : [])]
    .flatMap(([name, value]) => [h("dt", {}, t(name)), h("dd", {}, value)]));
