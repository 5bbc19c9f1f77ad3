// The log of a session on this device: chained, signed, appended in one transaction, encrypted at rest.
import { canonical, sha256, toHex } from "./bytes.js";
import { atRest, fromRest, sign } from "./keys.js";
import { Problem } from "./problem.js";
import { ofSession, store, written } from "./store.js";

const FORM = 1;
const BEGINNING = "0".repeat(64);
const NOTHING = { seq: 0, hash: BEGINNING, sealed: false, proof: null };

export async function headOf(session) {
  return (await (await store()).get("heads", session)) ?? NOTHING;
}

async function closed(keys, line) {
  const hash = await sha256(canonical(line));
  return { ...line, hash, signature: toHex(await sign(keys, hash)) };
}

async function chained(keys, header, head, acts) {
  const lines = [];
  let { seq, hash } = head;
  for (const act of acts) {
    const bare = {
      form: FORM, device: header.device, session: header.session, pack: header.pack,
      seq: seq + 1, previous: hash, kind: act.kind, by: act.by, at: act.at, data: act.data,
    };
    // Who approves signs the line with its place in the chain: the approval fits no other line.
    const data = act.approve ? { ...act.data, approval: await act.approve(await sha256(canonical(bare))) } : act.data;
    const line = await closed(keys, { ...bare, data });
    lines.push(line);
    ({ seq, hash } = line);
  }
  return lines;
}

// Put the lines where the log still stands as they were made for; "moved" when another tab was faster.
async function put(session, head, rows, token) {
  return written(["lines", "heads", "tokens"], async (tx) => {
    const there = await tx.objectStore("tokens").get(token);
    if (there) return { again: there };
    const now = (await tx.objectStore("heads").get(session)) ?? NOTHING;
    if (now.sealed) throw new Problem("log_sealed");
    if (now.hash !== head.hash) return { moved: true };
    const last = rows.at(-1);
    for (const row of rows) await tx.objectStore("lines").add(row.kept);
    const next = { ...now, seq: last.line.seq, hash: last.line.hash, sealed: last.line.kind === "seal" };
    await tx.objectStore("heads").put(next, session);
    await tx.objectStore("tokens").put({ session, seq: last.line.seq }, token);
    return {};
  });
}

// Acts of the page as the next lines: all or none; an act that is pressed twice (same token) is written once.
export async function append(keys, header, acts, token) {
  const session = header.session;
  return navigator.locks.request(`log-${session}`, async () => {
    for (;;) {
      const head = await headOf(session);
      if (head.sealed) throw new Problem("log_sealed");
      const lines = await chained(keys, header, head, acts);
      const rows = [];
      for (const line of lines) {
        rows.push({ line, kept: { session, seq: line.seq, hash: line.hash, ...(await atRest(keys, line)) } });
      }
      const said = await put(session, head, rows, token);
      if (said.again) return [];
      if (!said.moved) return lines;
    }
  });
}

// The lines after a place, read and checked against their chain. Throws log_damaged.
export async function linesAfter(keys, session, after, most = Infinity) {
  const db = await store();
  const range = IDBKeyRange.bound([session, after + 1], [session, Infinity]);
  const kept = await db.getAll("lines", range, most === Infinity ? undefined : most);
  const lines = [];
  let previous = after ? (await db.get("lines", [session, after]))?.hash : BEGINNING;
  for (const row of kept) {
    let line;
    try {
      line = await fromRest(keys, row);
    } catch {
      throw new Problem("log_damaged", { seq: row.seq });
    }
    const { hash, signature, ...covered } = line;
    const right = line.seq === row.seq && line.previous === previous && (await sha256(canonical(covered))) === hash;
    if (!right || !signature) throw new Problem("log_damaged", { seq: row.seq });
    lines.push(line);
    previous = hash;
  }
  return lines;
}

// All of a session leaves the device: only when the server has proved that it has every line of a sealed log.
export async function forget(session) {
  await written(["lines", "heads", "packs", "failures", "drafts"], async (tx) => {
    const head = (await tx.objectStore("heads").get(session)) ?? NOTHING;
    const proof = head.proof?.statement;
    const proved = head.seq === 0 || (head.sealed && proof?.sealed && proof.seq === head.seq && proof.hash === head.hash);
    if (!proved) throw new Problem("not_proved");
    await tx.objectStore("lines").delete(ofSession(session));
    await tx.objectStore("failures").delete(ofSession(session));
    await tx.objectStore("drafts").delete(IDBKeyRange.bound([session], [session, []]));
    await tx.objectStore("heads").delete(session);
    await tx.objectStore("packs").delete(session);
  });
}
