// Strings of the app: Vietnamese is the source, english.js its translation; refusals by their code.
import { ENGLISH } from "./english.js";
import { Problem } from "./problem.js";

const CHOICE = "tdcs-session-language";
export const language = () => localStorage.getItem(CHOICE) ?? "vi";

export function setLanguage(code) {
  localStorage.setItem(CHOICE, code);
  location.reload();
}

// Names of roles, and how a payment compares with what is due.
const VIETNAMESE = {
  lead: "trưởng đoàn", member: "thành viên đoàn", leader: "tổ trưởng", controller: "kiểm soát viên", teller: "giao dịch viên", driver: "lái xe", helper: "hỗ trợ",
  mark_full: "đủ", mark_part: "nộp một phần", mark_ahead: "trả trước hạn", mark_nothing: "chưa nộp", mark_absent: "vắng",
};

export function t(words) {
  return language() === "en" ? (ENGLISH[words] ?? VIETNAMESE[words] ?? words) : (VIETNAMESE[words] ?? words);
}

const PROBLEMS = {
  browser_old: ["Cần trình duyệt mới (Chromium 137, Firefox 129, Safari 17 trở lên) và địa chỉ HTTPS.", "A newer browser is needed (Chromium 137, Firefox 129, Safari 17 or later) and an HTTPS address."],
  offline: ["Không có mạng; dữ liệu còn nguyên trong máy và sẽ nộp lại.", "No network; the data stay on the device and will be sent again."],
  sign_in: ["Phải đăng nhập lại mới nộp được; dữ liệu còn nguyên trong máy.", "Sign in again to hand in; the data stay on the device."],
  forbidden: ["Vai trò của bạn không làm được việc này.", "Your role may not do this."],
  server: ["Máy chủ chưa trả lời được ({status}); sẽ thử lại.", "The server could not answer ({status}); it will be tried again."],
  pack_other_device: ["Gói này không dành cho thiết bị này.", "This pack is not for this device."],
  pack_other_session: ["Gói này của phiên khác.", "This pack is of another session."],
  pack_not_signed: ["Gói không do máy chủ đã biết ký. Không dùng gói này, báo phòng giao dịch.", "The pack is not signed by the server that this device knows. Do not use it; tell the office."],
  pack_tampered: ["Gói đã bị thay đổi hoặc hỏng. Lấy lại gói.", "The pack was changed or is damaged. Take it again."],
  pack_expired: ["Gói đã hết hạn: chỉ còn kiểm quỹ, chốt và nộp về được.", "The pack has expired: only counting, sealing and handing in are left."],
  inspection_expired: ["Gói đã hết hạn: chỉ còn chốt và nộp về được.", "The pack has expired: only sealing and handing in are left."],
  photo_unreadable: ["Không đọc được ảnh này ({mb} MB). Chụp lại, hoặc chọn ảnh khác.", "This photo ({mb} MB) cannot be read. Take it again or choose another."],
  no_place: ["Máy không cho biết vị trí.", "The device does not say where it is."],
  pin_short: ["PIN phải từ {pin} chữ số, hoặc câu mật khẩu từ {phrase} ký tự.", "A PIN has at least {pin} digits, a passphrase at least {phrase} characters."],
  pin_differs: ["Hai lần nhập PIN không giống nhau.", "The two PINs differ."],
  pin_wrong: ["PIN không đúng.", "The PIN is wrong."],
  pin_not_set: ["Người này chưa đặt PIN cho gói.", "This person has set no PIN for the pack."],
  pin_wait: ["Sai nhiều lần: chờ {seconds} giây.", "Wrong too often: wait {seconds} seconds."],
  no_signer: ["Người này chưa có khóa duyệt cho gói: đặt lại PIN khi có mạng.", "This person has no approval key for the pack: set the PIN again with a network."],
  key_not_certified: ["Máy chủ không chứng nhận khóa duyệt. Báo phòng giao dịch.", "The server does not certify the approval key. Tell the office."],
  not_teller: ["Chỉ giao dịch viên ghi thu, chi: bấm “Đổi người”.", "Only the teller enters money: press “Change person”."],
  log_sealed: ["Nhật ký đã chốt, không ghi thêm được.", "The log is sealed; nothing can be added."],
  log_damaged: ["Dòng {seq} của nhật ký trong máy bị hỏng. Giữ nguyên máy, báo phòng giao dịch.", "Line {seq} of the log on this device is damaged. Keep the device as it is and tell the office."],
  not_proved: ["Máy chủ chưa chứng nhận đủ nhật ký: không xóa.", "The server has not proved that it has the whole log: nothing is erased."],
  proof_wrong: ["Xác nhận của máy chủ không khớp nhật ký trong máy. Giữ nguyên máy, báo phòng giao dịch.", "What the server confirmed does not fit this device's log. Keep the device as it is and tell the office."],
  proof_short: ["Máy chủ xác nhận ít hơn đã gửi; sẽ gửi lại.", "The server confirmed less than was sent; it will be sent again."],
  interest_above_due: ["Lãi nhiều hơn số phải thu.", "More interest than is due."],
  principal_above_balance: ["Gốc nhiều hơn dư nợ.", "More principal than the balance."],
  no_account: ["Hộ chưa có sổ tiền gửi.", "The household has no savings account."],
  not_an_amount: ["Không phải số tiền.", "Not an amount."],
  storage_full: ["Bộ nhớ của máy đã đầy: dòng vừa rồi CHƯA được ghi. Nộp về, xóa bớt dữ liệu rồi ghi lại.", "The device's storage is full: the last act was NOT written. Hand in, make room, and enter it again."],
  unknown: ["Lỗi của ứng dụng: {words}", "An error of the app: {words}"],
};

export function problemWords(error) {
  if (error?.name === "QuotaExceededError" || error?.inner?.name === "QuotaExceededError") error = new Problem("storage_full");
  if (!(error instanceof Problem)) error = new Problem("unknown", { words: String(error?.message ?? error) });
  const isEnglish = language() === "en";
  if (error.code === "refused") {
    const said = error.said;
    return [isEnglish ? said.message_en : said.message, isEnglish ? (said.next_step_en ?? said.next_step) : said.next_step].filter(Boolean).join(" ");
  }
  const words = (PROBLEMS[error.code] ?? PROBLEMS.unknown)[isEnglish ? 1 : 0];
  return words.replace(/\{(\w+)\}/g, (_all, name) => error.said[name] ?? "");
}
