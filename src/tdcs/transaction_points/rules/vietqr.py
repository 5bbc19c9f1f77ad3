"""VietQR: what a code carries by which a payer transfers from any bank (EMVCo merchant-presented mode, NAPAS)."""

from __future__ import annotations

import re
from typing import Final

from tdcs.core.basis import without_basis
from tdcs.core.text import fold

_NAPAS: Final = "A000000727"
_TO_ACCOUNT: Final = "QRIBFTTA"
_DONG: Final = "704"
_MOST_WORDS: Final = 50
_WORDS: Final = re.compile(r"[^A-Za-z0-9 ]+")
_NAMED: Final = re.compile(r"TDCS\s*(\d{1,9})\s+(\d{16})(?!\d)", re.IGNORECASE)


@without_basis("chuẩn EMVCo, không phải quy định cho vay")
def crc16(content: bytes) -> int:
    """CRC-16 of EMVCo (polynomial 1021, begun with FFFF): 29B1 for the nine digits from 1 on."""
    found = 0xFFFF
    for byte in content:
        found ^= byte << 8
        for _bit in range(8):
            found = ((found << 1) ^ 0x1021 if found & 0x8000 else found << 1) & 0xFFFF
    return found


@without_basis("chuẩn EMVCo, không phải quy định cho vay")
def payload(
    *, bank_bin: str, account: str, amount: int = 0, words: str = "", bill: str = ""
) -> str:
    """The text of the code; without an amount the payer types it. Raises ValueError for what no code can carry."""
    if not (re.fullmatch(r"\d{6}", bank_bin) and re.fullmatch(r"[A-Za-z0-9]{1,19}", account)):
        raise ValueError("bank_bin, account")
    if not 0 <= amount < 10**13 or not re.fullmatch(r"[A-Za-z0-9]{0,25}", bill):
        raise ValueError("amount")
    said = _WORDS.sub(" ", words if words.isascii() else fold(words))[:_MOST_WORDS].strip()
    about = (_field("01", bill) if bill else "") + (_field("08", said) if said else "")
    beneficiary = _field("00", bank_bin) + _field("01", account)
    merchant = _field("00", _NAPAS) + _field("01", beneficiary) + _field("02", _TO_ACCOUNT)
    parts = [
        _field("00", "01"),
        # A code with an amount is of one payment.
        _field("01", "12" if amount else "11"),
        _field("38", merchant),
        _field("53", _DONG),
        _field("54", str(amount)) if amount else "",
        _field("58", "VN"),
        _field("62", about) if about else "",
        "6304",
    ]
    content = "".join(parts)
    return f"{content}{crc16(content.encode()):04X}"


def _field(tag: str, value: str) -> str:
    return f"{tag}{len(value):02d}{value}"


@without_basis("nội dung chuyển khoản, không phải quy định cho vay")
def words_of(session: int, loan: str) -> str:
    """What a payer's transfer says: "TDCS 12 6600000000000001"."""
    return f"TDCS {session} {loan}"


@without_basis("nội dung chuyển khoản, không phải quy định cho vay")
def named_in(words: str) -> tuple[int, str] | None:
    """The session and the loan's number that a transfer's words name, whatever the banks wrote around them."""
    found = _NAMED.search(words)
    return (int(found[1]), found[2]) if found else None
