// The first file of the app of inspections: the same device, packs, log and handing in as sessions have, other pages.
import { run } from "../entry.js";
import { handing } from "../pages/handing.js";
import { room } from "../room.js";
import "./english.js";
import { borrower, ending, group, list } from "./pages.js";
import { forgetPhotos, sendNamed } from "./photos.js";
import { Record } from "./record.js";

Object.assign(room, {
  address: "/kiem-tra/ung-dung/", cases: "/kiem-tra/thiet-bi/", name: "Cuộc kiểm tra", heading: "Kiểm tra tại cơ sở",
  yours: "Cuộc kiểm tra của bạn", none: "Không có cuộc kiểm tra nào bạn có trong đoàn sắp tới ngày.", take: "Lấy gói kiểm tra",
  pin: "PIN của bạn cho cuộc kiểm tra này", open: "Mở cuộc kiểm tra", parts: "Các phần của cuộc kiểm tra",
  waits: "Có dòng chờ người lập kế hoạch kiểm tra xử lý.", forget: "Xóa cuộc kiểm tra khỏi máy",
  tabs: [["", "Hộ vay"], ["/to", "Tổ"], ["/ket-thuc", "Kết thúc"], ["/dong-bo", "Nộp về"]],
  book: (body) => new Record(body), holds: (session) => typeof session === "string", approves: false, before: sendNamed, forgot: forgetPhotos,
});

await run([
  [/^$/, () => list()], [/^\/to$/, () => group()], [/^\/ho\/(\d+)$/, (key) => borrower(Number(key))],
  [/^\/ket-thuc$/, () => ending()], [/^\/dong-bo$/, () => handing()],
]);
