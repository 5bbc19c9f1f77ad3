// The app's own program: installed, updated when the user says so or no session is open; storage asked to be kept.
import { headOf } from "./log.js";
import { packs } from "./pack.js";
import { room as of } from "./room.js";

export async function install() {
  if (!navigator.serviceWorker) return;
  await navigator.serviceWorker.register(`${of.address}sw.js`, { scope: of.address });
}

function told(worker, words) {
  return new Promise((answer) => {
    const timer = setTimeout(() => answer(null), 2_000);
    navigator.serviceWorker.addEventListener("message", (event) => (clearTimeout(timer), answer(event.data)), { once: true });
    worker.postMessage(words);
  });
}

export async function isAnySessionOpen() {
  for (const row of await packs()) {
    const head = await headOf(row.header.session);
    if (head.seq && !head.sealed) return true;
  }
  return false;
}

// A function that changes to the newer program, when there is one; taken by itself while no session is in the middle.
export async function newerProgram() {
  const worker = navigator.serviceWorker?.controller;
  if (!worker) return null;
  const said = await told(worker, "which");
  if (!said || said.newest === said.chosen) return null;
  const change = async () => {
    await told(worker, "use-new");
    location.reload();
  };
  if (await isAnySessionOpen()) return change;
  await change();
  return null;
}

export async function persistence() {
  if (!navigator.storage?.persist) return false;
  return (await navigator.storage.persisted()) || navigator.storage.persist();
}

// Megabytes that are left, null when the browser does not say.
export async function room() {
  const said = await navigator.storage?.estimate?.();
  return said?.quota ? Math.floor((said.quota - said.usage) / 1_000_000) : null;
}
