// The end of a session: the count that meets the book or says why not, the meeting's conclusion, the seal.
import { app, write } from "../app.js";
import { approve, confirm } from "../ask.js";
import { field, h, toast } from "../dom.js";
import { dong } from "../money.js";
import { frame, go, here } from "../shell.js";
import { minutes, printed } from "../papers.js";
import { problemWords, t } from "../words.js";
import { notesInput } from "./notes.js";

export function closing() {
  const { book } = app;
  if (book.sealed) {
    return frame(t("Kết thúc phiên"), h("p", { class: "msg ok" }, t("Nhật ký đã chốt. Nộp về khi có mạng.")),
      h("div", { class: "acts" }, h("a", { class: "btn main", href: here("/dong-bo") }, t("Nộp về")), minutesButton()));
  }
  frame(t("Kết thúc phiên"), counting(), concluding(), sealing(), h("p", {}, minutesButton()));
}

function counting() {
  const { book } = app;
  const said = h("p", { class: "big" }, "0", h("small", {}, t("đếm được")));
  const why = h("input", { maxLength: 300 });
  const notes = notesInput(t("Số tờ theo mệnh giá"), true, (total) => {
    said.replaceChildren(dong(total), h("small", {}, total === book.cash ? t("khớp") : `${t("chênh lệch")} ${dong(total - book.cash)}`));
  });
  const token = crypto.randomUUID();
  const done = book.count ? h("p", { class: `msg ${book.isCounted() ? "ok" : "soon"}` },
    `${t("Đã đếm")} ${dong(book.count.counted)}, ${t("phải có")} ${dong(book.count.expected)}.`, book.isCounted() ? "" : ` ${t("Tiền đã thay đổi sau lần đếm: đếm lại.")}`) : null;
  return h("form", {
    class: "panel form",
    onsubmit: async (event) => {
      event.preventDefault();
      const counted = notes.total();
      if (counted !== book.cash && !why.value.trim()) return toast(t("Chênh lệch phải có lý do."), "late");
      const by = await approve(t("Kiểm quỹ cuối phiên"), "controller");
      if (!by) return;
      const data = { notes: notes.values() ?? {}, counted, expected: book.cash, why: why.value.trim() };
      await entered([by.act({ kind: "count", data })], token, t("Đã ghi kiểm quỹ."));
    },
  }, h("h2", {}, t("1. Kiểm quỹ")), done, h("p", {}, `${t("Tiền phải có")}: ${dong(book.cash)}`), notes.box, said,
  field(t("Lý do chênh lệch (nếu có)"), why), h("button", { class: "btn main" }, t("Ghi kiểm quỹ")));
}

function concluding() {
  const words = h("textarea", { rows: 5, required: true, maxLength: 4000, value: app.book.conclusion });
  const token = crypto.randomUUID();
  return h("form", {
    class: "panel form",
    onsubmit: async (event) => {
      event.preventDefault();
      await entered([{ kind: "conclusion", data: { words: words.value.trim() } }], token, t("Đã ghi kết luận giao ban."));
    },
  }, h("h2", {}, t("2. Kết luận giao ban")), field(t("Kết luận giao ban với UBND xã"), words), h("button", { class: "btn" }, t("Ghi kết luận")));
}

function sealing() {
  const { book } = app;
  const open = app.pack.body.groups.filter((one) => book.progress(one).done < one.loans.length).length;
  return h("section", { class: "panel" }, h("h2", {}, t("3. Chốt nhật ký")),
    open ? h("p", { class: "msg soon" }, `${open} ${t("tổ chưa xong.")}`) : null,
    book.isCounted() ? null : h("p", { class: "msg soon" }, t("Chốt được sau khi kiểm quỹ.")),
    h("button", {
      class: "btn main", disabled: !book.isCounted(),
      onclick: async () => {
        const rows = [[t("Dòng nhật ký"), String(book.last())], [t("Tiền đếm được"), dong(book.count.counted)]];
        if (!(await confirm(t("Chốt nhật ký? Sau đó không ghi thêm được."), rows, t("Chốt")))) return;
        const by = await approve(t("Chốt nhật ký"), "leader");
        if (!by) return;
        await entered([by.act({ kind: "seal", by: by.id, data: {} })], `seal-${app.session}`, t("Đã chốt nhật ký."));
        go(here("/dong-bo"));
      },
    }, t("Chốt nhật ký")));
}

const minutesButton = () => h("button", { class: "btn", type: "button", onclick: () => printed(minutes()) }, t("In biên bản phiên và kết luận giao ban"));

async function entered(acts, token, words) {
  try {
    await write(acts, token);
    toast(words);
    closing();
  } catch (error) {
    toast(problemWords(error), "late");
  }
}
