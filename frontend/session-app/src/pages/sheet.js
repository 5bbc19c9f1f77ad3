// A group's collection sheet: amounts prefilled, changed by hand, entered as one line of the log.
import { app, write } from "../app.js";
import { approve, confirm } from "../ask.js";
import { faultOf, markOf } from "../book.js";
import { dialog, h, svg, toast } from "../dom.js";
import { atRest, fromRest } from "../keys.js";
import { dong, parsed } from "../money.js";
import { Problem } from "../problem.js";
import { qrPath } from "../receipt.js";
import { frame, go, here } from "../shell.js";
import { store, written } from "../store.js";
import { vietQr } from "../vietqr.js";
import { problemWords, t } from "../words.js";
import { notesInput } from "./notes.js";
import { saverRows } from "./savers.js";

const PARTS = ["interest", "principal", "savings"];
const WORDS = { interest: "Lãi", principal: "Gốc", savings: "Tiền gửi" };

// So many cards fill a telephone or tablet; the others are drawn right after, a few at a time.
const FIRST = 6;

// What is not seen yet must not keep a finger waiting; Safari has no idle callback.
const whenIdle = (work) => (globalThis.requestIdleCallback ? requestIdleCallback(work, { timeout: 1_000 }) : setTimeout(work));

const draftKey = (group) => [app.session, `sheet-${group}`];

async function draftOf(group) {
  const kept = await (await store()).get("drafts", draftKey(group));
  return kept ? fromRest(app.keys, kept) : null;
}

async function keepDraft(group, draft) {
  const kept = await atRest(app.keys, draft);
  await written(["drafts"], (tx) => tx.objectStore("drafts").put(kept, draftKey(group)));
}

// The typed amounts of a sheet, its marks and sums; drawn again only where something changed.
class Sheet {
  constructor(group, draft) {
    this.group = group;
    this.token = draft?.token ?? crypto.randomUUID();
    this.rows = group.loans.map((loan) => {
      const left = app.book.left(loan);
      const typed = draft?.rows[loan.loan];
      const plain = { interest: left.interest, principal: Math.min(left.principal, left.balance), savings: 0, absent: app.book.absent.has(loan.loan) };
      const isOpen = !app.book.loans.has(loan.loan);
      const row = { loan, left, ...(typed ?? (isOpen ? plain : { interest: 0, principal: 0, savings: 0, absent: false })) };
      this.judge(row);
      return row;
    });
    this.totals = h("div", { class: "totals", "aria-live": "off" });
    this.saving = null;
  }

  draft() {
    const rows = {};
    for (const { loan, interest, principal, savings, absent } of this.rows) rows[loan.loan] = { interest, principal, savings, absent };
    return { token: this.token, rows };
  }

  changed(row) {
    performance.mark("key-from");
    this.mark(row);
    this.total();
    performance.measure("totals", "key-from");
    clearTimeout(this.saving);
    this.saving = setTimeout(() => keepDraft(this.group.id, this.draft()).catch((error) => toast(problemWords(error), "late")), 300);
  }

  judge(row) {
    const fault = PARTS.some((name) => row[name] === null) ? "not_an_amount" : faultOf(row.loan, row.left, row);
    row.fault = row.absent ? "" : fault;
  }

  mark(row) {
    this.judge(row);
    const mark = row.absent ? "absent" : markOf(row.left, row);
    row.box.dataset.mark = row.fault ? "fault" : mark;
    row.said.textContent = row.fault ? problemWords(new Problem(row.fault)) : t(`mark_${mark}`);
    for (const name of PARTS) row.inputs[name].disabled = row.absent;
    row.away.setAttribute("aria-pressed", String(row.absent));
  }

  sum() {
    const sum = { interest: 0, principal: 0, savings: 0, all: 0, faults: 0, payers: 0 };
    for (const row of this.rows) {
      if (row.absent) continue;
      if (row.fault) sum.faults++;
      const before = sum.all;
      for (const name of PARTS) {
        sum[name] += row[name] ?? 0;
        sum.all += row[name] ?? 0;
      }
      if (sum.all > before) sum.payers++;
    }
    return sum;
  }

  total() {
    const sum = this.sum();
    const parts = PARTS.map((name) => `${t(WORDS[name])} ${dong(sum[name])}`).join(" · ");
    this.totals.replaceChildren(h("b", { class: "all" }, dong(sum.all)), h("small", {}, parts));
    this.button.disabled = sum.faults > 0 || this.isBusy;
  }

  card(row) {
    const { loan, left } = row;
    row.said = h("small", { class: "mark" });
    row.inputs = Object.fromEntries(PARTS.map((name) => [name, h("input", {
      inputMode: "numeric", autocomplete: "off", value: dong(row[name] ?? 0),
      "aria-label": `${t(WORDS[name])}, ${loan.name}`,
      onfocus: (event) => event.target.select(),
      oninput: (event) => {
        row[name] = parsed(event.target.value);
        this.changed(row);
      },
      onblur: (event) => {
        if (row[name] !== null) event.target.value = dong(row[name]);
      },
    })]));
    row.away = h("button", { class: "btn small away", type: "button", onclick: () => ((row.absent = !row.absent), this.changed(row)) }, t("Vắng"));
    const due = [
      left.principal ? `${t("gốc đến hạn")} ${dong(left.principal)}` : "", loan.overdue ? `${t("quá hạn")} ${dong(loan.overdue)}` : "",
      loan.frozen ? t("khoanh nợ") : "", `${t("dư nợ")} ${dong(left.balance)}`,
    ].filter(Boolean).join(" · ");
    row.box = h("article", { class: "card", id: `loan-${loan.loan}` },
      h("div", { class: "top" }, h("span", { class: "grow" }, h("b", {}, loan.name), h("small", {}, `${loan.number} · ${loan.programme}`)), row.away),
      h("small", { class: "soft" }, due),
      h("div", { class: "three" }, PARTS.map((name) => h("label", {}, h("span", {}, t(WORDS[name])), row.inputs[name]))),
      h("div", { class: "under" }, row.said, app.pack.body.qr ? h("button", { class: "btn small", type: "button", onclick: () => transfer(this, row) }, t("Chuyển khoản")) : null));
    this.mark(row);
    return row.box;
  }

  // The cards from a place on: at first what can be seen, then the rest, a few in each frame.
  draw(cards, from = 0) {
    cards.append(...this.rows.slice(from, from + FIRST).map((row) => this.card(row)));
    if (from + FIRST < this.rows.length) whenIdle(() => cards.isConnected && this.draw(cards, from + FIRST));
  }

  acts(notes) {
    const lines = this.rows.filter((row) => !row.absent && row.interest + row.principal + row.savings > 0)
      .map(({ loan, interest, principal, savings }) => ({ loan: loan.loan, interest, principal, savings, account: savings ? loan.account : null }));
    const absent = this.rows.filter((row) => row.absent && !app.book.absent.has(row.loan.loan)).map((row) => row.loan.loan);
    const acts = [];
    if (lines.length) acts.push({ kind: "collect", data: { group: this.group.id, lines, ...(notes ? { notes } : {}) } });
    if (absent.length) acts.push({ kind: "absent", data: { group: this.group.id, loans: absent } });
    return acts;
  }

  async enter(notes) {
    const sum = this.sum();
    const acts = this.acts(notes);
    if (sum.faults || !acts.length || this.isBusy) return;
    this.isBusy = true;
    this.button.disabled = true;
    try {
      const rows = [[t("Người nộp"), String(sum.payers)], ...PARTS.map((name) => [t(WORDS[name]), dong(sum[name])]), [t("Tổng thu"), dong(sum.all)]];
      if (!(await confirm(t("Ghi bảng kê của tổ?"), rows, t("Ghi thu")))) return;
      await write(acts, this.token);
      clearTimeout(this.saving);
      await written(["drafts"], (tx) => tx.objectStore("drafts").delete(draftKey(this.group.id)));
      toast(`${t("Đã ghi thu")} ${dong(sum.all)}.`);
      const made = app.book.sheets.get(this.group.id)?.at(-1);
      if (made && sum.all) go(here(`/bien-lai/${made.seq}`));
      else await sheet(this.group.id);
    } catch (error) {
      toast(problemWords(error), "late");
    } finally {
      this.isBusy = false;
      this.button.disabled = false;
    }
  }
}

export async function sheet(id) {
  performance.mark("sheet-from");
  const group = app.pack.body.groups.find((one) => one.id === id);
  if (!group) return go(here());
  const draft = await draftOf(id);
  // Whoever went to another page meanwhile is not brought back.
  if (location.hash !== here(`/to/${id}`)) return null;
  const made = new Sheet(group, draft);
  const notes = notesInput(t("Bảng kê các loại tiền của tổ (nếu có)"));
  made.button = h("button", { class: "btn main wide", type: "button", onclick: () => made.enter(notes.values()) }, t("Ghi thu"));
  const cards = h("div", { class: "cards" });
  made.draw(cards);
  const rest = group.loans.length ? [] : [h("p", { class: "soft" }, t("Tổ không có khoản vay đang hoạt động."))];
  frame(group.name || group.code,
    h("p", { class: "soft" }, `${group.leader ? `${t("Tổ trưởng")} ${group.leader} · ` : ""}${group.members.length} ${t("thành viên")}`),
    ...entered(group), ...rest,
    cards,
    ...saverRows(group), notes.box,
    h("div", { class: "foot" }, made.totals, made.button));
  made.total();
  performance.measure("sheet", "sheet-from");
  return made;
}

// A payer with a telephone: the code for his bank's app. It is no cash: once he has paid, his card asks for none.
async function transfer(sheet, row) {
  const sum = PARTS.reduce((all, name) => all + (row[name] ?? 0), 0);
  if (!sum) return toast(t("Ghi số tiền trước khi hiện mã."), "late");
  const { qr } = app.pack.body;
  const said = `TDCS ${app.session} ${row.loan.number}`;
  const words = vietQr(qr, sum, said);
  const { n, path } = qrPath(words);
  const drawn = svg(n, path, t("Mã VietQR"));
  drawn.dataset.words = words;
  const isPaid = await dialog(row.loan.name, (done) => [drawn, h("p", { class: "big" }, dong(sum), h("small", {}, t("đồng"))),
    h("dl", { class: "kv" }, h("dt", {}, t("Số tài khoản")), h("dd", {}, qr.account), h("dt", {}, t("Ngân hàng")), h("dd", {}, qr.bank_bin),
      h("dt", {}, t("Nội dung")), h("dd", {}, said)),
    h("p", {}, t("Tiền chuyển khoản không vào quỹ của phiên: không ghi trên bảng kê; phòng giao dịch ghi theo báo có của ngân hàng.")),
    h("div", { class: "acts" }, h("button", { class: "btn main", onclick: () => done(true) }, t("Đã chuyển khoản")),
      h("button", { class: "btn", onclick: () => done(null) }, t("Quay lại")))]);
  if (!isPaid) return;
  for (const name of PARTS) {
    row[name] = 0;
    row.inputs[name].value = dong(0);
  }
  sheet.changed(row);
}

// What was entered for the group already, each with its receipts and the way back.
function entered(group) {
  const lines = app.book.sheets.get(group.id) ?? [];
  return lines.map((line) => {
    const sum = line.data.lines.reduce((all, one) => all + one.interest + one.principal + one.savings, 0);
    return h("div", { class: "entered" },
      h("span", { class: "grow" }, h("b", {}, dong(sum)), h("small", {}, `${t("dòng")} ${line.seq} · ${line.at.slice(11, 16)} · ${line.data.lines.length} ${t("khoản")}`)),
      h("a", { class: "btn small", href: here(`/bien-lai/${line.seq}`) }, t("Biên lai")),
      app.book.sealed ? null : h("button", { class: "btn small", onclick: () => undo(line, () => sheet(group.id)) }, t("Hủy dòng")));
  });
}

export async function undo(line, then) {
  const by = await approve(`${t("Hủy dòng")} ${line.seq}`, "controller", "leader");
  if (!by) return;
  try {
    await write([by.act({ kind: "void", data: { seq: line.seq } })], `void-${app.session}-${line.seq}`);
    toast(t("Đã hủy dòng."));
    await then();
  } catch (error) {
    toast(problemWords(error), "late");
  }
}
