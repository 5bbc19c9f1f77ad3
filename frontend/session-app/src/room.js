// What the app is of: sessions, unless another entry (inspect/main.js) says otherwise before the first page is drawn.
import { Book } from "./book.js";

export const room = {
  address: "/phien/ung-dung/",
  cases: "/phien/thiet-bi/",
  name: "Phiên giao dịch",
  heading: "Phiên giao dịch xã",
  yours: "Phiên của bạn",
  none: "Không có phiên nào đã chuẩn bị mà bạn có trong tổ giao dịch.",
  take: "Lấy gói phiên",
  pin: "PIN của bạn cho phiên này",
  open: "Mở phiên",
  parts: "Các phần của phiên",
  waits: "Có dòng chờ người xử lý ở phòng giao dịch.",
  forget: "Xóa phiên khỏi máy",
  tabs: [["", "Tổ"], ["/tim", "Tìm"], ["/giai-ngan", "Giải ngân"], ["/quy", "Quỹ"], ["/ket-thuc", "Kết thúc"], ["/dong-bo", "Nộp về"]],
  book: (body) => new Book(body),
  // A session's key is a number, an inspection's begins with "kt-": both kinds of packs lie in one store.
  holds: (session) => typeof session === "number",
  // Whether one approves what another did, by a key that the server certifies.
  approves: true,
  // Before a piece of a log goes out, and when all of it leaves the device.
  before: async () => {},
  forgot: async () => {},
};

// Where the server takes packs and logs of a session or an inspection.
export const addressOf = (session) => typeof session === "number" ? `/phien/${session}/` : `/kiem-tra/dot/${session.slice(3)}/`;
