// A VietQR (EMVCo, NAPAS 247 to an account): what a payer's own bank app reads.
const field = (id, value) => `${id}${String(value.length).padStart(2, "0")}${value}`;

// CRC-16/CCITT-FALSE over the words and the field's own head, as EMVCo has it.
export function crc16(words) {
  let sum = 0xffff;
  for (const one of words) {
    sum ^= one.charCodeAt(0) << 8;
    for (let bit = 0; bit < 8; bit++) sum = sum & 0x8000 ? ((sum << 1) ^ 0x1021) & 0xffff : (sum << 1) & 0xffff;
  }
  return sum.toString(16).toUpperCase().padStart(4, "0");
}

export function vietQr({ bank_bin: bin, account }, amount, words) {
  const payee = field("00", "A000000727") + field("01", field("00", bin) + field("01", account)) + field("02", "QRIBFTTA");
  const body = field("00", "01") + field("01", "12") + field("38", payee) + field("53", "704") + field("54", String(amount))
    + field("58", "VN") + field("62", field("08", words)) + "6304";
  return body + crc16(body);
}
