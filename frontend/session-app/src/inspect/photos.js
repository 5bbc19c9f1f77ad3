// Photos: shrunk on the device, encrypted by its key, sent ahead of the line that names them, forgotten with their inspection.
import { openDB } from "idb";
import { bytesOf, sha256 } from "../bytes.js";
import { Problem } from "../problem.js";
import { sendPhoto } from "../server.js";

// The longest side, and so many bytes at most; what the server takes is more.
const SIDE = 1600;
const MOST = 700_000;
let opened = null;

const store = () => (opened ??= openDB("tdcs-inspection-photos", 1, { upgrade: (db) => db.createObjectStore("photos") }));

export async function shrunk(file) {
  let picture;
  try {
    picture = await createImageBitmap(file);
  } catch {
    throw new Problem("photo_unreadable", { mb: Math.ceil(file.size / 1_000_000) });
  }
  for (let side = SIDE; ; side = Math.floor(side * 0.7)) {
    const scale = Math.min(1, side / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.8));
    if (blob && (blob.size <= MOST || side < 200)) return new Uint8Array(await blob.arrayBuffer());
    if (!blob) throw new Problem("photo_unreadable", { mb: Math.ceil(file.size / 1_000_000) });
  }
}

// The bytes lie in the store before the line that names them is written.
export async function keepPhoto(keys, session, bytes) {
  const digest = await sha256(bytes);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const box = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: bytesOf(`${session}/${digest}`) }, keys.rest, bytes);
  await (await store()).put("photos", { iv, box, sent: false }, `${session}/${digest}`);
  return digest;
}

// Every photo that these lines name is on the server when this ends. One that the device lost is left: its line becomes a case.
export async function sendNamed(keys, session, lines) {
  for (const line of lines) {
    if (line.kind !== "photo") continue;
    const at = `${session}/${line.data.sha256}`;
    const kept = await (await store()).get("photos", at);
    if (!kept || kept.sent) continue;
    const bytes = await crypto.subtle.decrypt({ name: "AES-GCM", iv: kept.iv, additionalData: bytesOf(at) }, keys.rest, kept.box);
    const said = await sendPhoto(session, keys.id, bytes);
    if (said.sha256 !== line.data.sha256) throw new Problem("proof_wrong");
    await (await store()).put("photos", { ...kept, sent: true }, at);
  }
}

export async function forgetPhotos(session) {
  await (await store()).delete("photos", IDBKeyRange.bound(`${session}/`, `${session}/\uffff`));
}
