"""A receipt that a device signed: its statement, how it travels in a QR code, how it is read back."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from dataclasses import asdict, dataclass
from datetime import date
from typing import Final

from tdcs.core.basis import without_basis
from tdcs.transaction_points.rules.chain import FORM, canonical

_FIELDS: Final = (
    "form",
    "device",
    "session",
    "seq",
    "loan",
    "account",
    "day",
    "interest",
    "principal",
    "savings",
)
_MOST_WORDS: Final = 2_000
_MOST: Final = 10**15


@dataclass(frozen=True, slots=True)
class Statement:
    """What a receipt says, no name in it; ``loan`` or ``account`` is 0 for none; dong."""

    device: int
    session: int
    seq: int
    loan: int
    account: int
    day: date
    interest: int
    principal: int
    savings: int

    @property
    def amounts(self) -> tuple[int, int, int]:
        return self.interest, self.principal, self.savings

    @property
    def total(self) -> int:
        return sum(self.amounts)


@dataclass(frozen=True, slots=True)
class Signed:
    """A statement with the bytes that were signed and the signature in hexadecimal."""

    statement: Statement
    content: bytes
    signature: str


@without_basis("cách ghi biên lai trên mã QR, không phải quy định cho vay")
def content_of(statement: Statement) -> bytes:
    """The bytes that a device signs."""
    found = {"form": FORM, **asdict(statement), "day": statement.day.isoformat()}
    return canonical(found)


@without_basis("cách ghi biên lai trên mã QR, không phải quy định cho vay")
def code_of(content: bytes, signature: str) -> str:
    """Statement and signature as the QR code carries them."""
    parts = (content, bytes.fromhex(signature))
    return ".".join(urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


@without_basis("cách ghi biên lai trên mã QR, không phải quy định cho vay")
def read(code: str) -> Signed | None:
    """What a code carries: as it stands in the QR code, or the whole address around it; None when it is no receipt."""
    words = code.strip().rpartition("b=")[2]
    first, dot, second = words.partition(".")
    if not dot or len(words) > _MOST_WORDS or not words.isascii():
        return None
    try:
        content, signature = (
            urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in (first, second)
        )
        said = json.loads(content)
        if not isinstance(said, dict) or set(said) != set(_FIELDS) or said["form"] != FORM:
            return None
        day = date.fromisoformat(said["day"])
    except (Error, ValueError, TypeError, UnicodeDecodeError, RecursionError):
        return None
    numbers = [said[name] for name in _FIELDS if name != "day"]
    if any(type(one) is not int or not 0 <= one <= _MOST for one in numbers):
        return None
    rest = {name: said[name] for name in _FIELDS if name not in ("form", "day")}
    statement = Statement(day=day, **rest)
    # One statement has one form: what reads alike and is written otherwise was not made by a device.
    if content_of(statement) != content or len(signature) != 64:
        return None
    return Signed(statement, content, signature.hex())
