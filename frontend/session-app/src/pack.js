// A session's pack: taken from the server, checked, kept so that it opens only on this device with a member's PIN.
import { bytesOf, canonical, fromBase64, fromHex, sha256, toHex } from "./bytes.js";
import { isSigned } from "./keys.js";
import { Problem } from "./problem.js";
import { store, written } from "./store.js";

const ROUNDS = 600_000;
const LEAST_PIN = 6;
const LEAST_PHRASE = 10;
// So many wrong PINs in a row, then each further try waits twice as long as the one before.
const FREE_TRIES = 5;

const aes = (key, uses) => crypto.subtle.importKey("raw", key, "AES-GCM", false, uses);

// Header and signature as the server made them, the body's digest: anything changed on the way is refused.
export async function unlock(keys, taken) {
  const head = canonical(taken.header);
  if (taken.header.device_key !== keys.signing_public || taken.header.device !== keys.id) throw new Problem("pack_other_device");
  if (!(await isSigned(keys.server_key, head, fromHex(taken.signature)))) throw new Problem("pack_not_signed");
  let body;
  try {
    const once = await crypto.subtle.importKey(
      "raw", fromHex(taken.once), { name: "ECDH", namedCurve: "P-256" }, false, []);
    const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: once }, keys.agreement.privateKey, 256);
    const nonce = fromHex(taken.nonce);
    const wide = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveBits"]);
    const secret = await crypto.subtle.deriveBits(
      { name: "HKDF", hash: "SHA-256", salt: nonce, info: bytesOf("session-pack-1") }, wide, 256);
    body = await crypto.subtle.decrypt(
      { name: "AES-GCM", iv: nonce, additionalData: bytesOf(head) }, await aes(secret, ["decrypt"]), fromBase64(taken.body));
  } catch {
    throw new Problem("pack_tampered");
  }
  if ((await sha256(body)) !== taken.header.sha256) throw new Problem("pack_tampered");
  return JSON.parse(new TextDecoder().decode(body));
}

export function requireSecret(secret) {
  const enough = /^\d+$/.test(secret) ? secret.length >= LEAST_PIN : secret.length >= LEAST_PHRASE;
  if (!enough) throw new Problem("pin_short", { pin: LEAST_PIN, phrase: LEAST_PHRASE });
}

async function fromSecret(secret, salt) {
  const key = await crypto.subtle.importKey("raw", bytesOf(secret.normalize("NFC")), "PBKDF2", false, ["deriveBits"]);
  const bits = await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS }, key, 256);
  return aes(bits, ["encrypt", "decrypt"]);
}

// The key by which a member approves: made here, its private half kept behind his PIN, its public half certified by the server.
export async function makeSigner() {
  const pair = await crypto.subtle.generateKey({ name: "Ed25519" }, true, ["sign", "verify"]);
  const [open, secret] = await Promise.all([crypto.subtle.exportKey("raw", pair.publicKey), crypto.subtle.exportKey("pkcs8", pair.privateKey)]);
  return { key: toHex(open), secret: new Uint8Array(secret) };
}

// The server's word that a key is the member's own for this pack. Throws key_not_certified.
export async function requireCertified(keys, pack, member, key, answer) {
  const said = answer.statement;
  const fits = said.pack === pack && said.person === member && said.key === key;
  if (!fits || !(await isSigned(keys.server_key, canonical(said), fromHex(answer.signature)))) throw new Problem("key_not_certified");
}

// What opens with a member's PIN: the pack's key, then his own signing key, if he has one.
const KEY_BYTES = 32;
function joined(packKey, signer) {
  const rest = signer ? signer.secret : new Uint8Array(0);
  const all = new Uint8Array(KEY_BYTES + rest.length);
  all.set(new Uint8Array(packKey));
  all.set(rest, KEY_BYTES);
  return all;
}

// The keys of a member under his secret, and that under the device's key: both are needed.
async function wrapped(keys, content, secret) {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const inner = crypto.getRandomValues(new Uint8Array(12));
  const outer = crypto.getRandomValues(new Uint8Array(12));
  const once = await crypto.subtle.encrypt({ name: "AES-GCM", iv: inner }, await fromSecret(secret, salt), content);
  const box = await crypto.subtle.encrypt({ name: "AES-GCM", iv: outer }, keys.rest, once);
  return { salt, inner, outer, box };
}

async function unwrapped(keys, kept, secret) {
  const once = await crypto.subtle.decrypt({ name: "AES-GCM", iv: kept.outer }, keys.rest, kept.box);
  return crypto.subtle.decrypt({ name: "AES-GCM", iv: kept.inner }, await fromSecret(secret, kept.salt), once);
}

// Keep a taken pack: nothing of its content is readable without a member's secret; its title shows the point and day.
export async function keep(keys, taken, body, member, secret, signer = null) {
  requireSecret(secret);
  const packKey = crypto.getRandomValues(new Uint8Array(32));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const box = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await aes(packKey, ["encrypt"]), bytesOf(JSON.stringify(body)));
  const row = {
    header: taken.header, iv, box,
    title: { point: body.session.point, name: body.session.name, day: body.session.day, place: body.session.place },
    people: body.people,
    members: { [member]: await wrapped(keys, joined(packKey, signer), secret) },
    // How far this device's clock is from the server's.
    skew: Date.parse(taken.header.made_at) - Date.now(),
    wrong: {},
  };
  const session = taken.header.session;
  await written(["packs"], (tx) => tx.objectStore("packs").put(row, session));
  return session;
}

export const packs = async () => (await store()).getAll("packs");
export const packOf = async (session) => (await store()).get("packs", session);

// The milliseconds that a member must wait after wrong PINs.
function waits(wrong) {
  if (!wrong || wrong.tries < FREE_TRIES) return 0;
  return Math.max(0, wrong.at + 1000 * 15 * 2 ** (wrong.tries - FREE_TRIES) - Date.now());
}

async function told(session, member, right) {
  await written(["packs"], async (tx) => {
    const row = await tx.objectStore("packs").get(session);
    const before = row.wrong[member] ?? { tries: 0 };
    row.wrong[member] = right ? { tries: 0, at: 0 } : { tries: before.tries + 1, at: Date.now() };
    await tx.objectStore("packs").put(row, session);
  });
}

// What a member's PIN opens: the pack's key, his signing key. Throws pin_wrong, pin_wait.
async function opened(keys, session, member, secret) {
  const row = await packOf(session);
  const kept = row?.members[member];
  if (!kept) throw new Problem("pin_not_set");
  const left = waits(row.wrong[member]);
  if (left) throw new Problem("pin_wait", { seconds: Math.ceil(left / 1000) });
  try {
    const found = await unwrapped(keys, kept, secret);
    if (row.wrong[member]?.tries) await told(session, member, true);
    return { packKey: found.slice(0, KEY_BYTES), secret: found.slice(KEY_BYTES) };
  } catch {
    await told(session, member, false);
    throw new Problem("pin_wrong");
  }
}

// By a member's PIN: a function that signs in his name. Throws pin_wrong, pin_wait, no_signer.
export async function signerOf(keys, session, member, pin) {
  const { secret } = await opened(keys, session, member, pin);
  if (!secret.byteLength) throw new Problem("no_signer");
  const key = await crypto.subtle.importKey("pkcs8", secret, { name: "Ed25519" }, false, ["sign"]);
  return async (words) => toHex(await crypto.subtle.sign({ name: "Ed25519" }, key, bytesOf(words)));
}

// A further member sets a PIN of his own, in the presence of one who has one already.
export async function admit(keys, session, present, member, signer = null) {
  requireSecret(member.secret);
  const { packKey } = await opened(keys, session, present.id, present.secret);
  const made = await wrapped(keys, joined(packKey, signer), member.secret);
  await written(["packs"], async (tx) => {
    const row = await tx.objectStore("packs").get(session);
    row.members[member.id] = made;
    await tx.objectStore("packs").put(row, session);
  });
}

// The pack's content, for a member.
export async function open(keys, session, member, secret) {
  const row = await packOf(session);
  if (row.header.session !== session || row.header.device !== keys.id) throw new Problem("pack_other_session");
  const { packKey } = await opened(keys, session, member, secret);
  try {
    const bytes = await crypto.subtle.decrypt({ name: "AES-GCM", iv: row.iv }, await aes(packKey, ["decrypt"]), row.box);
    return { header: row.header, body: JSON.parse(new TextDecoder().decode(bytes)), skew: row.skew };
  } catch {
    throw new Problem("pack_tampered");
  }
}

// The hour as the server would have it, as far as this device can know.
export const moment = (pack) => Date.now() + pack.skew;
export const isExpired = (pack) => moment(pack) > Date.parse(pack.header.expires_at);
