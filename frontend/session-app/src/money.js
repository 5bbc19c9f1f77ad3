// Whole dong as people write them; words without accents for searching.
export const dong = (n) => String(Math.abs(n)).replace(/\B(?=(\d{3})+$)/g, ".").replace(/^/, n < 0 ? "−" : "");

// What was typed, digits only; null when it is no amount.
export function parsed(words) {
  const plain = words.replace(/[.\s]/g, "");
  if (plain === "") return 0;
  return /^\d{1,15}$/.test(plain) ? Number(plain) : null;
}

export const fold = (words) =>
  words.normalize("NFD").replace(/\p{M}/gu, "").replaceAll("đ", "d").replaceAll("Đ", "d").toLowerCase().trim();

export const vnDay = (iso) => iso.slice(0, 10).split("-").reverse().join("/");
