// Questions in dialogs: a PIN, yes or no.
import { app, people } from "./app.js";
import { dialog, field, h } from "./dom.js";
import { signerOf } from "./pack.js";
import { Problem } from "./problem.js";
import { problemWords, t } from "./words.js";

export function confirm(title, rows, yes) {
  return dialog(title, (done) => [
    h("dl", { class: "kv" }, rows.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])),
    h("div", { class: "acts" },
      h("button", { class: "btn main", onclick: () => done(true) }, yes),
      h("button", { class: "btn", onclick: () => done(null) }, t("Quay lại"))),
  ]);
}

// Somebody of these roles approves with his own PIN on this device; answers what an act carries of it, null when he does not.
export function approve(title, ...roles) {
  const able = people(...roles);
  return dialog(title, (done) => {
    const who = h("select", {}, able.map((one) => h("option", { value: String(one.id) }, `${one.name} (${t(one.role)})`)));
    const pin = h("input", { type: "password", autocomplete: "off", required: true, inputMode: "text" });
    const wrong = h("p", { class: "bad", role: "alert" });
    const form = h("form", {
      onsubmit: async (event) => {
        event.preventDefault();
        try {
          const id = Number(who.value);
          const sign = await signerOf(app.keys, app.session, id, pin.value);
          done({ id, act: (one) => ({ ...one, data: { ...one.data, approved_by: id }, approve: sign }) });
        } catch (problem) {
          if (!(problem instanceof Problem)) throw problem;
          wrong.textContent = problemWords(problem);
          pin.value = "";
        }
      },
    },
    field(t("Người duyệt"), who), field(t("PIN của người duyệt"), pin), wrong,
    h("div", { class: "acts" }, h("button", { class: "btn main" }, t("Duyệt")),
      h("button", { class: "btn", type: "button", onclick: () => done(null) }, t("Quay lại"))));
    return form;
  });
}
