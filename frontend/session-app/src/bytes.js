// Bytes as text, and JSON that is the same byte for byte as the server's (docs/reference/session-pack.md).
const utf8 = new TextEncoder();
export const bytesOf = (words) => utf8.encode(words);
export const wordsOf = (bytes) => new TextDecoder().decode(bytes);

export function toHex(bytes) {
  let found = "";
  for (const one of new Uint8Array(bytes)) found += one.toString(16).padStart(2, "0");
  return found;
}

export function fromHex(words) {
  const found = new Uint8Array(words.length / 2);
  for (let at = 0; at < found.length; at++) found[at] = parseInt(words.slice(2 * at, 2 * at + 2), 16);
  return found;
}

export function fromBase64(words) {
  const text = atob(words);
  const found = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) found[at] = text.charCodeAt(at);
  return found;
}

// Base64 for addresses, without padding.
export function toBase64Url(bytes) {
  let text = "";
  for (const one of new Uint8Array(bytes)) text += String.fromCharCode(one);
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

// Written by hand: an object of JavaScript puts keys that look like numbers ("500000") before all others, by their value.
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
}

export async function sha256(words) {
  return toHex(await crypto.subtle.digest("SHA-256", typeof words === "string" ? bytesOf(words) : words));
}
