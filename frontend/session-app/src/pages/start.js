// Before a session: this device, the packs that it holds, sessions that can be taken along.
import { app, enter } from "../app.js";
import { field, h, toast } from "../dom.js";
import { fits, makeKeys, remember } from "../keys.js";
import { headOf } from "../log.js";
import { vnDay } from "../money.js";
import * as packs from "../pack.js";
import { Problem } from "../problem.js";
import { room } from "../room.js";
import * as server from "../server.js";
import { frame, go } from "../shell.js";
import { newerProgram, persistence } from "../updates.js";
import { problemWords, setLanguage, t } from "../words.js";

async function asked() {
  try {
    return await server.me();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    return { problem };
  }
}

export async function start() {
  if (!fits()) return frame(t("Trình duyệt này không dùng được"), h("p", {}, problemWords(new Problem("browser_old"))));
  let keys;
  try {
    keys = await makeKeys();
  } catch {
    return frame(t("Trình duyệt này không dùng được"), h("p", {}, problemWords(new Problem("browser_old"))));
  }
  app.keys = keys;
  const kept = (await packs.packs()).filter((row) => room.holds(row.header.session));
  const waiting = h("div", {});
  frame(t(room.heading), ...(await heldPacks(kept)), waiting, await ground());
  const me = await asked();
  if (me.problem) {
    waiting.replaceChildren(signInOrWait(me.problem));
    return;
  }
  app.known = me;
  const row = me.devices.find((one) => one.signing_key === keys.signing_public);
  if (row) app.keys = await remember({ id: row.id, name: row.name, server_key: me.server_key });
  waiting.replaceChildren(...(row ? takeable(me, kept) : [registering(me, keys)]));
}

function signInOrWait(problem) {
  if (problem.code === "sign_in") {
    return h("p", { class: "msg soon" }, t("Chưa đăng nhập."), " ",
      h("a", { class: "btn", href: `/tai-khoan/login/?next=${room.address}` }, t("Đăng nhập")));
  }
  return h("p", { class: "msg soon" }, problem.code === "offline" ? t("Không có mạng: chỉ mở được gói đã lấy.") : problemWords(problem));
}

async function heldPacks(kept) {
  const found = [];
  for (const row of kept) {
    const head = await headOf(row.header.session);
    found.push(h("section", { class: "panel" },
      h("h2", {}, `${row.title.name}, ${vnDay(row.title.day)}`),
      h("p", { class: "soft" }, row.title.place, head.sealed ? ` · ${t("đã chốt")}` : "", ` · ${head.seq} ${t("dòng nhật ký")}`),
      opening(row)));
  }
  return found;
}

function opening(row) {
  const able = row.people.filter((one) => row.members[one.id]);
  const who = h("select", {}, able.map((one) => h("option", { value: String(one.id) }, `${one.name} (${t(one.role)})`)));
  const pin = h("input", { type: "password", autocomplete: "off", required: true });
  const wrong = h("p", { class: "bad", role: "alert" });
  return h("form", {
    class: "form",
    onsubmit: async (event) => {
      event.preventDefault();
      wrong.textContent = "";
      try {
        performance.mark("unpack-from");
        await enter(row.header.session, Number(who.value), pin.value);
        performance.measure("unpack", "unpack-from");
        go(`#/phien/${row.header.session}`);
      } catch (problem) {
        if (!(problem instanceof Problem)) throw problem;
        wrong.textContent = problemWords(problem);
      }
    },
  }, field(t("Ai dùng máy"), who), field(t("PIN"), pin), wrong, h("button", { class: "btn main" }, t(room.open)));
}

function registering(me, keys) {
  const name = h("input", { required: true, maxLength: 80 });
  const public_keys = h("dl", { class: "kv keys" },
    h("dt", {}, t("Khóa ký (Ed25519)")), h("dd", {}, keys.signing_public),
    h("dt", {}, t("Khóa mã hóa (P-256)")), h("dd", {}, keys.agreement_public));
  const form = h("form", {
    class: "form",
    onsubmit: async (event) => {
      event.preventDefault();
      try {
        await server.register({ name: name.value, signing: keys.signing_public, agreement: keys.agreement_public });
        toast(t("Đã đăng ký thiết bị."));
        await start();
      } catch (problem) {
        if (!(problem instanceof Problem)) throw problem;
        toast(problemWords(problem), "late");
      }
    },
  }, field(t("Tên thiết bị"), name), h("button", { class: "btn main" }, t("Đăng ký thiết bị này")));
  return h("section", { class: "panel" }, h("h2", {}, t("Thiết bị chưa đăng ký")),
    me.may_plan ? form : h("p", {}, t("Nhờ trưởng phòng đăng nhập trên máy này để đăng ký, hoặc chép hai khóa vào trang Thiết bị.")), public_keys);
}

function takeable(me, kept) {
  const held = new Map(kept.map((row) => [row.header.session, row]));
  const rows = me.sessions.map((one) => h("section", { class: "panel" },
    h("h2", {}, `${one.name}, ${vnDay(one.day)}`),
    held.has(one.id) ? joining(held.get(one.id), me) : taking(one, me)));
  return [h("h2", {}, t(room.yours)), ...(rows.length ? rows : [h("p", { class: "soft" }, t(room.none))])];
}

const secretInput = () => h("input", { type: "password", autocomplete: "new-password", required: true });

function taking(one, me) {
  const first = secretInput();
  const second = secretInput();
  const wrong = h("p", { class: "bad", role: "alert" });
  const button = h("button", { class: "btn main" }, t(room.take));
  return h("form", {
    class: "form",
    onsubmit: async (event) => {
      event.preventDefault();
      wrong.textContent = "";
      button.disabled = true;
      try {
        if (first.value !== second.value) throw new Problem("pin_differs");
        packs.requireSecret(first.value);
        const taken = await server.takePack(one.id, app.keys.id);
        const body = await packs.unlock(app.keys, taken);
        if (taken.header.session !== one.id) throw new Problem("pack_other_session");
        const signer = room.approves ? await certified(one.id, taken.header.pack, me) : null;
        await packs.keep(app.keys, taken, body, me.user.id, first.value, signer);
        toast(t("Gói đã nằm trong máy. Từ đây không cần mạng."));
        await start();
      } catch (problem) {
        if (!(problem instanceof Problem)) throw problem;
        wrong.textContent = problemWords(problem);
      } finally {
        button.disabled = false;
      }
    },
  }, h("p", {}, `${t("Người lấy gói")}: ${me.user.name}`),
  field(t(room.pin), first, t("Từ 6 chữ số, hoặc câu mật khẩu từ 10 ký tự.")), field(t("Nhập lại PIN"), second), wrong, button);
}

// The key by which the person signed in will approve, of which the server says that it is his.
async function certified(session, pack, me) {
  const signer = await packs.makeSigner();
  const answer = await server.certify(session, app.keys.id, pack, signer.key);
  await packs.requireCertified(app.keys, pack, me.user.id, signer.key, answer);
  return signer;
}

function joining(row, me) {
  if (row.members[me.user.id]) return h("p", { class: "soft" }, t("Bạn đã có PIN cho gói này. Mở phiên ở trên."));
  const present = h("select", {}, row.people.filter((one) => row.members[one.id]).map((one) => h("option", { value: String(one.id) }, one.name)));
  const theirs = h("input", { type: "password", autocomplete: "off", required: true });
  const mine = secretInput();
  const wrong = h("p", { class: "bad", role: "alert" });
  return h("form", {
    class: "form",
    onsubmit: async (event) => {
      event.preventDefault();
      try {
        packs.requireSecret(mine.value);
        const signer = room.approves ? await certified(row.header.session, row.header.pack, me) : null;
        const who = { id: Number(present.value), secret: theirs.value };
        await packs.admit(app.keys, row.header.session, who, { id: me.user.id, secret: mine.value }, signer);
        toast(t("Đã đặt PIN."));
        await start();
      } catch (problem) {
        if (!(problem instanceof Problem)) throw problem;
        wrong.textContent = problemWords(problem);
      }
    },
  }, h("p", {}, `${t("Đặt PIN cho")} ${me.user.name}`), field(t("Người có mặt"), present), field(t("PIN của người có mặt"), theirs),
  field(t(room.pin), mine, t("Từ 6 chữ số, hoặc câu mật khẩu từ 10 ký tự.")), wrong, h("button", { class: "btn main" }, t("Đặt PIN")));
}

// The ground that the app stands on: its program, whether the browser keeps what it stores.
async function ground() {
  const keeps = await persistence();
  const newer = await newerProgram();
  return h("footer", { class: "small soft" },
    h("p", { class: keeps ? "" : "msg soon" }, keeps
      ? t("Trình duyệt giữ dữ liệu lâu dài.")
      : t("Trình duyệt chưa hứa giữ dữ liệu khi bộ nhớ đầy: cài ứng dụng vào máy, nộp về sớm.")),
    newer ? h("p", { class: "msg soon" }, t("Có bản mới của ứng dụng; dùng sau khi chốt phiên."), " ",
      h("button", { class: "btn", onclick: newer }, t("Dùng bản mới"))) : null,
    h("p", {}, h("button", { class: "btn small", onclick: () => setLanguage("vi") }, "Tiếng Việt"), " ",
      h("button", { class: "btn small", onclick: () => setLanguage("en") }, "English")));
}
