// What borrowers ask for at the session: rescheduling (08/TD), extension (09/TD); written down, decided by the office.
import { app, write } from "../app.js";
import { field, h, toast } from "../dom.js";
import { vnDay } from "../money.js";
import { frame } from "../shell.js";
import { problemWords, t } from "../words.js";

const KINDS = { reschedule: "Điều chỉnh kỳ hạn (08/TD)", extend: "Gia hạn nợ (09/TD)" };

export function requests() {
  const names = new Map();
  for (const group of app.pack.body.groups) for (const loan of group.loans) names.set(loan.loan, loan);
  const old = app.pack.body.requests.map((one) => item(names.get(one.loan), one, t("đang chờ")));
  const made = app.book.requests.map((line) => item(names.get(line.data.loan), line.data, `${t("dòng")} ${line.seq}`));
  frame(t("Đề nghị của người vay"), h("div", { class: "list" }, old, made), app.book.sealed ? null : writing(names));
}

const item = (loan, one, said) => h("div", { class: "entered" },
  h("span", { class: "grow" }, h("b", {}, loan?.name ?? ""), h("small", {}, `${loan?.number ?? ""} · ${t(KINDS[one.kind] ?? one.kind)} · ${one.cause}`)),
  h("span", { class: "num" }, one.until ? vnDay(one.until) : ""), h("small", {}, said));

function writing(names) {
  const options = [...names.values()].map((one) => h("option", { value: one.number }, one.name));
  const loan = h("input", { required: true, autocomplete: "off" });
  loan.setAttribute("list", "loans");
  const kind = h("select", {}, Object.entries(KINDS).map(([value, words]) => h("option", { value }, t(words))));
  const until = h("input", { type: "date", required: true, min: app.pack.body.session.day });
  const cause = h("textarea", { required: true, maxLength: 300, rows: 3 });
  const token = crypto.randomUUID();
  return h("form", {
    class: "panel form",
    onsubmit: async (event) => {
      event.preventDefault();
      const chosen = [...names.values()].find((one) => one.number === loan.value.trim());
      if (!chosen) return toast(t("Chọn khế ước trong danh sách."), "late");
      const data = { loan: chosen.loan, kind: kind.value, until: until.value, cause: cause.value.trim() };
      try {
        await write([{ kind: "request", data }], token);
        toast(t("Đã ghi đề nghị."));
        requests();
      } catch (error) {
        toast(problemWords(error), "late");
      }
    },
  }, h("h2", {}, t("Ghi đề nghị mới")), field(t("Số khế ước"), loan), h("datalist", { id: "loans" }, options), field(t("Loại"), kind),
  field(t("Đến ngày"), until), field(t("Lý do"), cause), h("button", { class: "btn main" }, t("Ghi đề nghị")));
}
