// What the device keeps, in one IndexedDB. Content of packs, lines and drafts is stored encrypted; see pack.js and log.js.
import { openDB } from "idb";

const NAME = "tdcs-session";
const VERSION = 1;
let opened = null;

export function store() {
  opened ??= openDB(NAME, VERSION, {
    upgrade(db) {
      db.createObjectStore("device"); // "device" → keys and what the server said of them
      db.createObjectStore("packs"); // session → the pack, encrypted at rest
      db.createObjectStore("lines", { keyPath: ["session", "seq"] }); // the log
      db.createObjectStore("heads"); // session → where the log stands
      db.createObjectStore("tokens"); // an action of the page → the line that it became
      db.createObjectStore("failures", { keyPath: ["session", "from"] }); // what the server has not taken yet, and why
      db.createObjectStore("drafts"); // [session, name] → what was typed and not entered yet
    },
    blocking() {
      // A newer program of this app waits in another tab: it goes on after the session, not in the middle.
    },
  });
  return opened;
}

export const ofSession = (session) => IDBKeyRange.bound([session, 0], [session, Infinity]);

// One transaction that is on the disk when it is done.
export async function written(stores, work) {
  const db = await store();
  const tx = db.transaction(stores, "readwrite", { durability: "strict" });
  try {
    const found = await work(tx);
    await tx.done;
    return found;
  } catch (error) {
    tx.done.catch(() => {});
    try {
      tx.abort();
    } catch {
      // It has ended already, by the error itself.
    }
    throw error;
  }
}
