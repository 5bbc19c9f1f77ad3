// What the pages share: the device's keys, the session that is open, who works on it now.
import * as log from "./log.js";
import * as packs from "./pack.js";
import { device } from "./keys.js";
import { Problem } from "./problem.js";
import { room } from "./room.js";
import { sync } from "./sync.js";

export const app = { keys: null, pack: null, book: null, operator: null, session: null, known: null };

// Whoever is at the device opens the session with his PIN.
export async function enter(session, member, secret) {
  app.keys = await device();
  const pack = await packs.open(app.keys, session, member, secret);
  app.pack = pack;
  app.session = session;
  app.operator = pack.body.people.find((one) => one.id === member);
  app.book = room.book(pack.body);
  await refresh();
}

export function leave() {
  Object.assign(app, { pack: null, book: null, operator: null, session: null });
}

// Lines that another tab wrote are taken in before a page is drawn.
export async function refresh() {
  const fresh = await log.linesAfter(app.keys, app.session, app.book.last());
  if (fresh.length) app.book.add(fresh);
}

// What the server books only when the teller entered it.
const MONEY = new Set(["collect", "savings", "disburse"]);

const stamp = () => {
  const here = new Date(packs.moment(app.pack) + 7 * 3_600_000);
  return `${here.toISOString().slice(0, 19)}+07:00`;
};

// Acts of the page are entered: written first, then shown, then sent when there is a network.
export async function write(acts, token, by = app.operator.id) {
  if (packs.isExpired(app.pack) && !acts.every((one) => ["seal", "count", "conclusion"].includes(one.kind))) {
    throw new Problem("pack_expired");
  }
  if (acts.some((one) => MONEY.has(one.kind)) && app.operator.role !== "teller") throw new Problem("not_teller");
  const at = stamp();
  const lines = await log.append(app.keys, app.pack.header, acts.map((one) => ({ ...one, by: one.by ?? by, at })), token);
  await refresh();
  sync(app.keys, app.session).catch(() => {});
  return lines;
}

export const people = (...roles) => app.pack.body.people.filter((one) => roles.includes(one.role));
