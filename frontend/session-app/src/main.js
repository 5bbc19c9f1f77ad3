// The first file of the app of sessions: which page an address shows.
import { run } from "./entry.js";
import { checking } from "./pages/checking.js";
import { closing } from "./pages/closing.js";
import { disburse } from "./pages/disburse.js";
import { groups } from "./pages/groups.js";
import { handing } from "./pages/handing.js";
import { receipts } from "./pages/receipts.js";
import { requests } from "./pages/requests.js";
import { search } from "./pages/search.js";
import { sheet } from "./pages/sheet.js";
import { till } from "./pages/till.js";

await run([
  [/^$/, () => groups()], [/^\/to\/(\d+)$/, (id) => sheet(Number(id))], [/^\/bien-lai\/(\d+)$/, (seq) => receipts(Number(seq))],
  [/^\/tim$/, () => search()], [/^\/kiem-tra$/, () => checking()], [/^\/de-nghi$/, () => requests()], [/^\/giai-ngan$/, () => disburse()], [/^\/quy$/, () => till()],
  [/^\/ket-thuc$/, () => closing()], [/^\/dong-bo$/, () => handing()],
]);
