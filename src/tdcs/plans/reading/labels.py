"""Lines that say who and when: "- Đơn vị thực hiện: …", "Bộ phận chủ trì: …", "Lộ trình: …"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from tdcs.core.text import fold

# Who the label speaks of, before the word of the role.
_WHO: Final = (
    r"(?:(?:cac |cap )?(?:don vi|co quan|bo phan|to chuc|ca nhan|nguoi|dong chi|phong|ban|can bo|lanh dao|noi|nganh|dia phuong|khoa|to)"
    r"(?:,? (?:va |hoac )?(?:don vi|co quan|bo phan|to chuc|ca nhan|phong|nguoi))*\s*)?"
)
_KINDS: Final[tuple[tuple[str, str], ...]] = (
    (
        "coordinate",
        _WHO
        + r"(?:cung )?(?:phoi hop|tham gia|ho tro|lien quan)(?: (?:thuc hien|chinh|trien khai))?",
    ),
    (
        "lead",
        _WHO
        + r"(?:duoc giao )?(?:chu tri|dau moi|chiu trach nhiem(?: chinh)?|tham muu|phu trach|chu quan)(?: (?:thuc hien|tham muu|chinh|trien khai|soan thao|xay dung|to chuc|tong hop|theo doi))*",
    ),
    (
        "perform",
        _WHO
        + r"(?:phan cong |trien khai |to chuc |duoc giao )?thuc hien(?: chinh)?|"
        + _WHO
        + r"duoc phan cong|phan cong",
    ),
    (
        "timing",
        r"(?:thoi gian|thoi han|tien do|lo trinh|thoi diem|ky han|han|hoan thanh|thoi ky)(?:\s*(?:thuc hien|hoan thanh|trien khai|bao cao|xong|du kien|to chuc|ban hanh|kiem tra|giam sat|trinh(?: \w+){0,4}(?=\s*:)))*",
    ),
    ("product", r"(?:san pham|ket qua)(?:\s*(?:du kien|dau ra|can dat|thuc hien|hoan thanh))*"),
)
_PATTERNS: Final = tuple(
    (kind, re.compile(rf"^(?:va\s+)?(?P<l>{pattern})\s*(?:\([^()]*\))?\s*(?::|[.\-](?=\s))\s*"))
    for kind, pattern in _KINDS
)
# Two labels on one line: "Cơ quan chủ trì: Sở Y tế; cơ quan phối hợp: UBND cấp xã."
_SAID: Final = (
    r"(?:(?:các )?(?:đơn vị|cơ quan|bộ phận|tổ chức|cá nhân|người|phòng|ban)(?:, đơn vị)?\s+(?:được giao )?"
    r"(?:chủ trì|phối hợp|thực hiện|đầu mối|tham gia|phụ trách|chịu trách nhiệm|triển khai)[^:;.]{0,20}:"
    r"|(?:thời gian|thời hạn|lộ trình|tiến độ|thời điểm)[^:;.,]{0,25}:|(?:sản phẩm|kết quả)[^:;.,]{0,20}:)"
)
_INSIDE = re.compile(
    rf"[;.,]?\s+[-–+]?\s*(?={_SAID})|[;.,]\s*(?=(?:chủ trì|phối hợp|thực hiện|đầu mối)\s*:)",
    re.IGNORECASE,
)
# Where the labels begin behind the task's own sentence.
_BEHIND = re.compile(
    rf"(?:^|[.;,(]\s*|\s[-–]\s)(?=(?:{_SAID}|(?:chủ trì|đầu mối|phối hợp|thực hiện|phụ trách)(?: thực hiện)?\s*:))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Label:
    """What a labelled line says: kind ∈ lead, perform, coordinate, timing, product."""

    kind: str
    words: str


def read_labels(text: str) -> list[Label]:
    """Every label in a line; empty for a line that is none."""
    if ":" not in text and not re.search(r"[.\-–]\s", text[:60]):
        return []
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


def labels_behind(text: str) -> tuple[str, list[Label]]:
    """ "Cấp 120 con bê. Chủ trì: Phòng Kinh tế; thời gian: Quý II." → the sentence, and the labels behind it."""
    for found in _BEHIND.finditer(text):
        if found.start() < 1:
            continue
        labels = read_labels(text[found.end() :].rstrip(")"))
        if labels:
            return text[: found.start()].rstrip(" .;(,") + ".", labels
    return text, []


def _one(text: str) -> Label | None:
    # Folding keeps the count of letters but for composed forms; the colon is found again in the original.
    key = fold(text[:90])
    for kind, pattern in _PATTERNS:
        if pattern.match(key):
            _, sign, rest = text.partition(":")
            if not sign:
                rest = re.split(r"\s*[-–.]\s*", text, maxsplit=1)[-1]
            return Label(kind, rest.strip())
    return None
