"""The log of a device as a chain: what is hashed, what is signed, what does not fit; and how packs are written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Final

from tdcs.core.basis import without_basis

FORM: Final = 1
# What a line says of itself; the hash covers these, the signature the hash.
COVERED: Final = (
    "form",
    "device",
    "session",
    "pack",
    "seq",
    "previous",
    "kind",
    "by",
    "at",
    "data",
)
# Kinds of lines: money in by group, money out, savings in or out, one undone, the end; the others are told and kept.
COLLECT: Final = "collect"
DISBURSE: Final = "disburse"
SAVINGS: Final = "savings"
VOID: Final = "void"
SEAL: Final = "seal"
COUNT: Final = "count"
REQUEST: Final = "request"
CONCLUSION: Final = "conclusion"
TOLD: Final = ("absent", REQUEST, COUNT, "handover", CONCLUSION, "start")
# Before the first line of a device in a session.
BEGINNING: Final = "0" * 64


def canonical(value: object) -> bytes:
    """JSON that is the same byte for byte in Python and JavaScript: keys sorted, no spaces, UTF-8; whole numbers only."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


@without_basis("cách nối dòng nhật ký, không phải quy định cho vay")
def line_hash(line: Mapping[str, object]) -> str:
    """SHA-256 of a line's COVERED fields, which hold the hash of the line before."""
    return hashlib.sha256(canonical({name: line[name] for name in COVERED})).hexdigest()


@without_basis("cách nối dòng nhật ký, không phải quy định cho vay")
def fault(line: Mapping[str, object], *, seq: int, previous: str) -> str:
    """Why a line is not the next one of a chain: "form", "gap", "chain" or "hash"; "" when it is."""
    if any(name not in line for name in (*COVERED, "hash", "signature")) or line["form"] != FORM:
        return "form"
    if line["seq"] != seq:
        return "gap"
    if line["previous"] != previous:
        return "chain"
    if line_hash(line) != line["hash"]:
        return "hash"
    return ""
