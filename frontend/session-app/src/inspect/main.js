// The first file of the app of inspections: the same device, packs, log and handing in as sessions have, other pages.
import { app, refresh } from "../app.js";
import { toast } from "../dom.js";
import { device } from "../keys.js";
import { packs } from "../pack.js";
import { handed, handing } from "../pages/handing.js";
import { start } from "../pages/start.js";
import { room } from "../room.js";
import { go, signs } from "../shell.js";
import { onSync, sync } from "../sync.js";
import { install } from "../updates.js";
import { problemWords } from "../words.js";
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

const PAGES = [
  [/^$/, () => list()], [/^\/to$/, () => group()], [/^\/ho\/(\d+)$/, (key) => borrower(Number(key))],
  [/^\/ket-thuc$/, () => ending()], [/^\/dong-bo$/, () => handing()],
];

async function show() {
  try {
    const at = /^#\/phien\/(kt-\d+)(.*)$/.exec(location.hash);
    if (!at || !app.book || app.session !== at[1]) return await start();
    await refresh();
    for (const [pattern, page] of PAGES) {
      const found = pattern.exec(at[2]);
      if (found) return await page(...found.slice(1));
    }
    go(`#/phien/${app.session}`);
  } catch (error) {
    toast(problemWords(error), "late");
    throw error;
  } finally {
    scrollTo(0, 0);
  }
}

// Every inspection in the store is handed in as far as it goes.
async function syncAll() {
  const keys = await device();
  if (!keys?.id) return;
  for (const row of await packs()) if (room.holds(row.header.session)) sync(keys, row.header.session).catch(() => {});
}

addEventListener("hashchange", show);
addEventListener("online", () => (signs(), syncAll()));
addEventListener("offline", signs);
addEventListener("unhandledrejection", (event) => toast(problemWords(event.reason), "late"));
onSync(() => {
  if (app.book && location.hash.endsWith("/dong-bo")) handed();
  else signs();
});

await show();
install().catch(() => {});
syncAll();
