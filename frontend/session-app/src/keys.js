// The keys of this device: private halves that no script can read out, made once, kept in IndexedDB.
import { bytesOf, fromHex, toHex } from "./bytes.js";
import { store, written } from "./store.js";

const SIGN = { name: "Ed25519" };
const AGREE = { name: "ECDH", namedCurve: "P-256" };

export const fits = () =>
  Boolean(globalThis.crypto?.subtle && globalThis.indexedDB && navigator.serviceWorker && navigator.locks);

export async function device() {
  return (await (await store()).get("device", "device")) ?? null;
}

export async function makeKeys() {
  const kept = await device();
  if (kept) return kept;
  const [signing, agreement, rest] = await Promise.all([
    crypto.subtle.generateKey(SIGN, false, ["sign", "verify"]),
    crypto.subtle.generateKey(AGREE, false, ["deriveBits"]),
    crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]),
  ]);
  const made = {
    signing, agreement, rest,
    signing_public: toHex(await crypto.subtle.exportKey("raw", signing.publicKey)),
    agreement_public: toHex(await crypto.subtle.exportKey("raw", agreement.publicKey)),
    id: null, name: "", server_key: "",
  };
  // Two tabs that start together agree on the first.
  return written(["device"], async (tx) => {
    const first = await tx.objectStore("device").get("device");
    if (first) return first;
    await tx.objectStore("device").put(made, "device");
    return made;
  });
}

// What the server said of this device: its number, its name, the server's own key, which is believed once.
export async function remember(said) {
  return written(["device"], async (tx) => {
    const row = await tx.objectStore("device").get("device");
    const next = { ...row, ...said, server_key: row.server_key || said.server_key };
    await tx.objectStore("device").put(next, "device");
    return next;
  });
}

export async function sign(keys, words) {
  const content = typeof words === "string" ? bytesOf(words) : words;
  return new Uint8Array(await crypto.subtle.sign(SIGN, keys.signing.privateKey, content));
}

export async function isSigned(publicHex, words, signature) {
  try {
    const key = await crypto.subtle.importKey("raw", fromHex(publicHex), SIGN, false, ["verify"]);
    return await crypto.subtle.verify(SIGN, key, signature, bytesOf(words));
  } catch {
    return false;
  }
}

// Encrypted by the device's own key: readable in this browser only.
export async function atRest(keys, value) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const box = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, keys.rest, bytesOf(JSON.stringify(value)));
  return { iv, box };
}

export async function fromRest(keys, kept) {
  const bytes = await crypto.subtle.decrypt({ name: "AES-GCM", iv: kept.iv }, keys.rest, kept.box);
  return JSON.parse(new TextDecoder().decode(bytes));
}
