// The log goes to the server in pieces, any number of times; nothing is dropped, what was not taken is listed with its reason.
import { canonical, fromHex } from "./bytes.js";
import { isSigned } from "./keys.js";
import { headOf, linesAfter } from "./log.js";
import { Problem } from "./problem.js";
import { room } from "./room.js";
import { handIn } from "./server.js";
import { ofSession, store, written } from "./store.js";

const MOST = 100;
const LEAST = 5;
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 60_000;
// Such trouble goes away by itself; all else waits for a person.
const PASSING = new Set(["offline", "server"]);

const changed = new EventTarget();
export const onSync = (listener) => changed.addEventListener("sync", listener);
const say = () => changed.dispatchEvent(new Event("sync"));

export async function failuresOf(session) {
  return (await store()).getAll("failures", ofSession(session));
}

// The server's word on what it has: believed only when its key signed it and it fits this device's own chain.
export async function proved(keys, session, answer) {
  const said = answer.statement;
  if (said.session !== session || said.device !== keys.id) throw new Problem("proof_wrong");
  if (!(await isSigned(keys.server_key, canonical(said), fromHex(answer.signature)))) throw new Problem("proof_wrong");
  if (said.seq) {
    const here = await (await store()).get("lines", [session, said.seq]);
    if (here?.hash !== said.hash) throw new Problem("proof_wrong");
  }
  return { statement: said, signature: answer.signature };
}

async function keepProof(session, proof) {
  await written(["heads", "failures"], async (tx) => {
    const head = await tx.objectStore("heads").get(session);
    // An answer that comes late proves no less than a later one did.
    if ((head.proof?.statement.seq ?? -1) <= proof.statement.seq) {
      await tx.objectStore("heads").put({ ...head, proof }, session);
    }
    for (const row of await tx.objectStore("failures").getAll(ofSession(session))) {
      if (row.to <= proof.statement.seq) await tx.objectStore("failures").delete([session, row.from]);
    }
  });
}

async function keepFailure(session, lines, problem) {
  const from = lines[0].seq;
  await written(["failures"], async (tx) => {
    const before = await tx.objectStore("failures").get([session, from]);
    await tx.objectStore("failures").put({
      session, from, to: lines.at(-1).seq, code: problem.code, said: problem.said,
      tries: (before?.tries ?? 0) + 1, at: new Date().toISOString(),
    });
  });
}

// One pass over what the server does not have. Answer: "done", or the problem that stopped it.
async function pass(keys, session) {
  let most = MOST;
  let afresh = false;
  for (;;) {
    const head = await headOf(session);
    const there = afresh ? 0 : (head.proof?.statement.seq ?? 0);
    if (there >= head.seq) return "done";
    const lines = await linesAfter(keys, session, there, most);
    try {
      await room.before(keys, session, lines);
      const proof = await proved(keys, session, await handIn(session, keys.id, lines));
      // A server that has less than it proved before was set back: everything is sent again, it passes over what it has.
      if (proof.statement.seq < there + lines.length) throw new Problem("proof_short");
      await keepProof(session, proof);
      afresh = false;
      say();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      if (problem.code === "refused" && problem.said.code === "log_not_next" && !afresh && there) {
        afresh = true;
        most = Infinity;
        continue;
      }
      await keepFailure(session, lines, problem);
      say();
      if (problem.code !== "offline" || most <= LEAST) return problem;
      most = Math.max(LEAST, Math.floor(most / 4));
      if (!navigator.onLine) return problem;
    }
  }
}

const pause = (ms) => new Promise((go) => {
  const timer = setTimeout(go, ms);
  // The network is back: no reason to wait longer.
  addEventListener("online", () => (clearTimeout(timer), go()), { once: true });
  changed.addEventListener("nudge", () => (clearTimeout(timer), go()), { once: true });
});

// Somebody does not want to wait for the next try.
export const nudge = () => changed.dispatchEvent(new Event("nudge"));

const running = new Map();

// Hand in until it is done or a person is needed; asked twice at once it is one work. ``patient``: wait for the network.
export function sync(keys, session, patient = true) {
  const there = running.get(session);
  if (there) return there;
  const work = navigator.locks.request(`sync-${session}`, async () => {
    for (let tries = 0; ; tries++) {
      const ended = await pass(keys, session);
      if (ended === "done" || !patient || !PASSING.has(ended.code) || tries > 30) return ended;
      const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** tries);
      await pause(wait * (0.5 + Math.random() / 2));
    }
  }).finally(() => (running.delete(session), say()));
  running.set(session, work);
  return work;
}

export const isSyncing = (session) => running.has(session);
