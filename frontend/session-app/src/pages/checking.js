// A receipt that somebody shows: was it signed by this device, and is it in the log? No network needed.
import { app } from "../app.js";
import { field, h } from "../dom.js";
import { dong, vnDay } from "../money.js";
import { checked, wordsOnPhoto } from "../receipt.js";
import { frame } from "../shell.js";
import { t } from "../words.js";
import { partsOf } from "./receipts.js";

export function checking() {
  const typed = h("textarea", { rows: 4, autocomplete: "off" });
  const said = h("div", { "aria-live": "polite" });
  const look = async () => said.replaceChildren(await verdict(typed.value.trim()));
  typed.addEventListener("input", look);
  const photo = h("input", {
    type: "file", accept: "image/*", capture: "environment",
    onchange: async () => {
      if (!photo.files[0]) return;
      typed.value = await wordsOnPhoto(photo.files[0]).catch(() => "");
      if (typed.value) await look();
      else said.replaceChildren(h("p", { class: "msg late" }, t("Không thấy mã QR trong ảnh: chụp gần, đủ sáng, chụp lại.")));
    },
  });
  frame(t("Kiểm tra biên lai"), field(t("Chụp mã QR"), photo),
    field(t("Nội dung mã QR"), typed), said);
}

async function verdict(words) {
  if (!words) return "";
  const statement = await checked(app.pack.header.device_key, words);
  if (!statement) return h("p", { class: "msg late" }, t("Không phải biên lai do máy này ký."));
  const line = app.book.lines.find((one) => one.seq === statement.seq);
  const part = line && partsOf(line).find((one) => (statement.loan ? one.loan === statement.loan : one.account === statement.account));
  const isMine = statement.session === app.session && part && ["interest", "principal", "savings"].every((name) => part[name] === statement[name]);
  const rest = app.book.voided.has(statement.seq) ? t("nhưng dòng này đã bị hủy.") : isMine ? t("và khớp nhật ký trong máy.") : t("nhưng không khớp nhật ký của phiên này.");
  return h("div", {}, h("p", { class: `msg ${isMine && !app.book.voided.has(statement.seq) ? "ok" : "late"}` }, `${t("Chữ ký đúng,")} ${rest}`),
    h("dl", { class: "kv" }, h("dt", {}, t("Ngày")), h("dd", {}, vnDay(statement.day)), h("dt", {}, t("Lãi")), h("dd", {}, dong(statement.interest)),
      h("dt", {}, t("Gốc")), h("dd", {}, dong(statement.principal)), h("dt", {}, t("Tiền gửi")), h("dd", {}, dong(statement.savings))));
}
