"""Lines that say who and when: "- Đơn vị thực hiện: …", "Cơ quan chủ trì: …", "Lộ trình: …"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from tdcs.core.text import fold

_KINDS: Final[tuple[tuple[str, str], ...]] = (
    ("coordinate", r"(?:(?:don vi|co quan)\s*)?phoi hop(?: thuc hien)?"),
    (
        "lead",
        r"(?:(?:don vi|co quan|to chuc|nguoi)\s*)?(?:chu tri|dau moi|chiu trach nhiem)(?: thuc hien| tham muu)?",
    ),
    (
        "perform",
        r"(?:don vi|co quan|phan cong|to chuc)\s*(?:trien khai\s*)?thuc hien|thuc hien|don vi thuc hien chinh",
    ),
    (
        "timing",
        r"(?:thoi gian|thoi han|tien do|lo trinh|thoi diem|ky han|han|hoan thanh)(?:\s*(?:thuc hien|hoan thanh|trien khai|bao cao))*",
    ),
    ("product", r"(?:san pham|ket qua)(?:\s*(?:du kien|dau ra|can dat|thuc hien|hoan thanh))*"),
)
_PATTERNS: Final = tuple(
    (kind, re.compile(rf"^(?:va\s+)?(?P<l>{pattern})\s*(?:\([^)]*\))?\s*[:.\-–]\s*(?=\S|$)"))
    for kind, pattern in _KINDS
)
# Two labels on one line: "Cơ quan chủ trì: Sở Y tế; cơ quan phối hợp: UBND cấp xã."
_INSIDE = re.compile(
    r"[;.,]?\s+[-–+]?\s*(?=(?:đơn vị|cơ quan|tổ chức)\s+(?:chủ trì|phối hợp|thực hiện)[^:;.]{0,20}:"
    r"|(?:thời gian|thời hạn|lộ trình|tiến độ)[^:;.]{0,25}:|(?:sản phẩm|kết quả)[^:;.]{0,20}:)"
    r"|[;.,]\s*(?=(?:chủ trì|phối hợp)\s*:)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Label:
    """What a labelled line says: kind ∈ lead, perform, coordinate, timing, product."""

    kind: str
    words: str


def read_labels(text: str) -> list[Label]:
    """Every label in a line; empty for a line that is none."""
    found: list[Label] = []
    for part in _INSIDE.split(text):
        label = _one(part.strip(" -–+;"))
        if label is None:
            if not found:
                return []
            found[-1] = Label(found[-1].kind, f"{found[-1].words} {part}")
        else:
            found.append(label)
    return found


def _one(text: str) -> Label | None:
    # Folding keeps the count of letters but for composed forms; the colon is found again in the original.
    key = fold(text[:80])
    for kind, pattern in _PATTERNS:
        if pattern.match(key):
            _, sign, rest = text.partition(":")
            if not sign:
                rest = re.split(r"\s*[-–.]\s*", text, maxsplit=1)[-1]
            return Label(kind, rest.strip())
    return None
