// What the server has and what it has not: proof, failures with a way to try again, leaving the session.
import { app, leave } from "../app.js";
import { confirm } from "../ask.js";
import { h, toast } from "../dom.js";
import { forget, headOf } from "../log.js";
import { Problem } from "../problem.js";
import { room as of } from "../room.js";
import { frame, go, signs } from "../shell.js";
import { failuresOf, nudge, sync } from "../sync.js";
import { room } from "../updates.js";
import { problemWords, t } from "../words.js";

const STATES = { received: "đã nhận", posted: "đã hạch toán", applied: "đã ghi vào cuộc kiểm tra", noted: "đã ghi nhận", voided: "đã hủy", case: "thành việc chờ xử lý", resolved: "đã xử lý" };

// The parts of the page that change while lines are handed in; the button stays under the finger.
let shown = null;

export async function handing() {
  const button = h("button", { class: "btn main", id: "again", onclick: again });
  shown = { facts: h("div", {}), button, rest: h("div", {}) };
  frame(t("Nộp về"), shown.facts, button, shown.rest);
  await handed();
}

// What the server has now, on the page that is shown already.
export async function handed() {
  const page = shown;
  const head = await headOf(app.session);
  const failures = await failuresOf(app.session);
  const space = await room();
  if (page !== shown || !page.button.isConnected) return;
  const proof = head.proof?.statement;
  const left = head.seq - (proof?.seq ?? 0);
  const isProved = head.sealed && proof?.sealed && left === 0;
  const states = Object.entries(proof?.states ?? {}).map(([state, n]) => `${n} ${t(STATES[state] ?? state)}`).join(", ");
  page.button.disabled = left === 0;
  page.button.textContent = left ? t("Nộp ngay") : t("Đã nộp đủ");
  page.facts.replaceChildren(...[
    h("dl", { class: "kv" },
      h("dt", {}, t("Dòng trong máy")), h("dd", {}, String(head.seq)), h("dt", {}, t("Máy chủ đã xác nhận")), h("dd", { id: "proved" }, String(proof?.seq ?? 0)),
      h("dt", {}, t("Nhật ký")), h("dd", {}, head.sealed ? t("đã chốt") : t("đang mở")), states ? [h("dt", {}, t("Trên máy chủ")), h("dd", {}, states)] : [],
      h("dt", {}, t("Bộ nhớ còn (MB)")), h("dd", {}, String(space ?? "–"))),
    proof?.states?.case ? h("p", { class: "msg soon" }, t(of.waits), " ", h("a", { href: of.cases }, t("Xem"))) : null,
  ].filter(Boolean));
  page.rest.replaceChildren(...[
    failing(failures),
    isProved ? h("button", { class: "btn", onclick: erase }, t(of.forget)) : h("p", { class: "soft" }, t("Chỉ xóa được khi máy chủ đã chứng nhận đủ nhật ký đã chốt.")),
  ].filter(Boolean));
  await signs();
}

function failing(failures) {
  if (!failures.length) return null;
  return h("section", { class: "panel" }, h("h2", {}, t("Chưa nộp được")), failures.map((one) => h("div", { class: "entered", "data-failure": one.code },
    h("span", { class: "grow" }, h("b", {}, `${t("dòng")} ${one.from}–${one.to}`),
      h("small", {}, `${problemWords(new Problem(one.code, one.said))} · ${one.tries} ${t("lần")}`)),
    one.code === "sign_in" ? h("a", { class: "btn small", href: `/tai-khoan/login/?next=${of.address}` }, t("Đăng nhập")) : null,
    h("button", { class: "btn small", onclick: again }, t("Thử lại")))));
}

async function again() {
  nudge();
  sync(app.keys, app.session, false).then((ended) => {
    if (ended !== "done") toast(problemWords(ended), "late");
  }).catch((error) => toast(problemWords(error), "late"));
  await signs();
}

async function erase() {
  if (!(await confirm(`${t(of.forget)}?`, [[t(of.name), app.pack.body.session.name]], t("Xóa")))) return;
  try {
    await forget(app.session);
    await of.forgot(app.session);
    leave();
    go("#/");
  } catch (error) {
    toast(problemWords(error), "late");
  }
}
