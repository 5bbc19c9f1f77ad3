// What an app's first file starts: which page an address shows; sync when the app opens and when the network comes back.
import { app, refresh } from "./app.js";
import { toast } from "./dom.js";
import { device } from "./keys.js";
import { packs } from "./pack.js";
import { handed } from "./pages/handing.js";
import { start } from "./pages/start.js";
import { room } from "./room.js";
import { go, signs } from "./shell.js";
import { onSync, sync } from "./sync.js";
import { install } from "./updates.js";
import { problemWords } from "./words.js";

// pages: pattern of the address behind a pack's own → what draws it.
async function show(pages) {
  try {
    const at = /^#\/phien\/([\w-]+)(.*)$/.exec(location.hash);
    if (!at || !app.book || String(app.session) !== at[1]) return await start();
    await refresh();
    for (const [pattern, page] of pages) {
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

// Every pack of the app in the store is handed in as far as it goes; a browser without background sync does it here too.
async function syncAll() {
  const keys = await device();
  if (!keys?.id) return;
  for (const row of await packs()) if (room.holds(row.header.session)) sync(keys, row.header.session).catch(() => {});
}

export async function run(pages) {
  addEventListener("hashchange", () => show(pages));
  addEventListener("online", () => (signs(), syncAll()));
  addEventListener("offline", signs);
  addEventListener("unhandledrejection", (event) => toast(problemWords(event.reason), "late"));
  onSync(() => {
    if (app.book && location.hash.endsWith("/dong-bo")) handed();
    else signs();
  });
  await show(pages);
  install().catch(() => {});
  syncAll();
}
