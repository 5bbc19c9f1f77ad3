// Amounts as they are typed and said: digits in groups of three, dong in words. Nothing here touches the page by itself.
const DIGITS = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"];
const SCALES = ["", "nghìn", "triệu"];

export const bare = (words) => words.replace(/\./g, "");
export const grouped = (digits) => digits.replace(/\B(?=(\d{3})+$)/g, ".");
export const isAmount = (words) => /^(\d{0,15}|\d{1,3}(\.\d{3}){1,4})$/.test(words);

// The dong in a field; 0 for what is no amount, which the server names.
export const dong = (field) => (isAmount(field.value) ? Number(bare(field.value)) : 0);

function three(value, full) {
  const hundreds = Math.floor(value / 100), tens = Math.floor((value % 100) / 10), ones = value % 10;
  const words = hundreds || full ? [`${DIGITS[hundreds]} trăm`] : [];
  if (tens === 0) {
    if (ones) words.push(...(words.length ? ["linh", DIGITS[ones]] : [DIGITS[ones]]));
    return words.join(" ");
  }
  words.push(tens === 1 ? "mười" : `${DIGITS[tens]} mươi`);
  if (ones) words.push(ones === 1 && tens > 1 ? "mốt" : ones === 5 ? "lăm" : DIGITS[ones]);
  return words.join(" ");
}

// Below a billion, then the billions before it, as documents/numbers.py says it.
function below(value, full) {
  const parts = [];
  for (let at = 2; at >= 0; at -= 1) {
    const part = Math.floor(value / 1000 ** at) % 1000;
    if (part) parts.push(`${three(part, full || parts.length > 0)} ${SCALES[at]}`.trim());
  }
  return parts.join(" ");
}

export function inWords(value) {
  if (!value) return "";
  const billions = Math.floor(value / 1e9), rest = value % 1e9;
  const words = billions ? `${below(billions, false)} tỷ` : "";
  const all = [words, rest ? below(rest, billions > 0) : ""].filter(Boolean).join(" ");
  return `${all[0].toUpperCase()}${all.slice(1)} đồng`;
}

// One digit more or less in a well-grouped amount is grouped anew. What was typed otherwise ("1,5", "2.5") stays as it
// is: taking its sign away would make fifteen of it.
export function group(field, event) {
  const typed = event && (/^delete/.test(event.inputType) || /^\d+$/.test(event.data ?? ""));
  const sound = isAmount(field.value) || (typed && !field.hasAttribute("data-odd") && /^[\d.]*$/.test(field.value));
  field.toggleAttribute("data-odd", !sound);
  if (sound) field.removeAttribute("aria-invalid"); else field.setAttribute("aria-invalid", "true");
  if (!sound) return;
  const after = bare(field.value.slice(field.selectionStart)).length;
  field.value = grouped(bare(field.value).replace(/^0+(?=\d)/, ""));
  let at = field.value.length;
  for (let left = after; left > 0 && at > 0; at -= 1) if (field.value[at - 1] !== ".") left -= 1;
  if (document.activeElement === field) field.setSelectionRange(at, at);
}
