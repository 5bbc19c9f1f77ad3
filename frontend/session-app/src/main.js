// The app's first file: which page an address shows; sync when the app opens and when the network comes back.
import { app, refresh } from "./app.js";
import { toast } from "./dom.js";
import { device } from "./keys.js";
import { packs } from "./pack.js";
import { checking } from "./pages/checking.js";
import { closing } from "./pages/closing.js";
import { disburse } from "./pages/disburse.js";
import { groups } from "./pages/groups.js";
import { handed, handing } from "./pages/handing.js";
import { receipts } from "./pages/receipts.js";
import { requests } from "./pages/requests.js";
import { search } from "./pages/search.js";
import { sheet } from "./pages/sheet.js";
import { start } from "./pages/start.js";
import { till } from "./pages/till.js";
import { room } from "./room.js";
import { go, signs } from "./shell.js";
import { onSync, sync } from "./sync.js";
import { install } from "./updates.js";
import { problemWords } from "./words.js";

const PAGES = [
  [/^$/, () => groups()], [/^\/to\/(\d+)$/, (id) => sheet(Number(id))], [/^\/bien-lai\/(\d+)$/, (seq) => receipts(Number(seq))],
  [/^\/tim$/, () => search()], [/^\/kiem-tra$/, () => checking()], [/^\/de-nghi$/, () => requests()], [/^\/giai-ngan$/, () => disburse()], [/^\/quy$/, () => till()],
  [/^\/ket-thuc$/, () => closing()], [/^\/dong-bo$/, () => handing()],
];

async function show() {
  try {
    const at = /^#\/phien\/(\d+)(.*)$/.exec(location.hash);
    if (!at || !app.book || app.session !== Number(at[1])) return await start();
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

// Every session in the store is handed in as far as it goes; a browser without background sync does it here too.
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
