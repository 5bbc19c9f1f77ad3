// A payer's receipt: a short statement without a name, signed by this device, as a QR (docs/reference/session-pack.md).
import jsQR from "jsqr";
import qrcode from "qrcode-generator";
import { bytesOf, canonical, toBase64Url } from "./bytes.js";
import { isSigned, sign } from "./keys.js";

const PATH = "/bien-lai/kiem-tra/?b=";

export function statementOf(line, day, part) {
  return {
    form: 1, device: line.device, session: line.session, seq: line.seq,
    loan: part.loan ?? 0, account: part.account ?? 0, day,
    interest: part.interest ?? 0, principal: part.principal ?? 0, savings: part.savings ?? 0,
  };
}

export async function receiptOf(keys, base, statement) {
  const words = canonical(statement);
  const signature = await sign(keys, words);
  return `${base ?? ""}${PATH}${toBase64Url(bytesOf(words))}.${toBase64Url(signature)}`;
}

const fromUrl = (words) => Uint8Array.from(atob(words.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));

// The words of a QR code on a photograph, "" when none is found. Not every browser has a detector of its own.
const LONGEST = 1_600;
export async function wordsOnPhoto(file) {
  const picture = await createImageBitmap(file);
  if ("BarcodeDetector" in globalThis) {
    const found = await new BarcodeDetector({ formats: ["qr_code"] }).detect(picture).catch(() => []);
    if (found[0]?.rawValue) return found[0].rawValue;
  }
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const paper = document.createElement("canvas");
  [paper.width, paper.height] = [Math.round(picture.width * scale), Math.round(picture.height * scale)];
  const pen = paper.getContext("2d");
  pen.drawImage(picture, 0, 0, paper.width, paper.height);
  const { data, width, height } = pen.getImageData(0, 0, paper.width, paper.height);
  return jsQR(data, width, height)?.data ?? "";
}

// The statement of a receipt that this key signed, or null: needs no network.
export async function checked(deviceKey, text) {
  try {
    const [body, signature] = text.slice(text.indexOf("?b=") + 3).split(".").map(fromUrl);
    const words = new TextDecoder().decode(body);
    return (await isSigned(deviceKey, words, signature)) ? JSON.parse(words) : null;
  } catch {
    return null;
  }
}

// The QR as one path of an SVG of n × n units.
export function qrPath(text) {
  const made = qrcode(0, "M");
  made.addData(text);
  made.make();
  const n = made.getModuleCount();
  let path = "";
  for (let row = 0; row < n; row++) {
    for (let at = 0; at < n; at++) if (made.isDark(row, at)) path += `M${at} ${row}h1v1h-1z`;
  }
  return { n, path };
}
