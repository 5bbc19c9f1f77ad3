"""Who signed, and whom the document goes to; both may stand in two columns of one line."""

from __future__ import annotations

import re
from typing import Final

from tdcs.core.text import fold, squash
from tdcs.documents.reading import TextLine

_SIGN = re.compile(r"^(?:T/?M|KT|TL|TUQ|Q)\s*[./]\s*\w", re.IGNORECASE)
_TITLE = re.compile(
    r"^(?:pho |quyen |q\. ?)*(?:chu tich|giam doc|tong giam doc|bi thu(?: dang uy)?|truong ban|bo truong|thu truong|hieu truong"
    r"|(?:chi )?cuc truong|vu truong|vien truong|truong phong|truong tram|doi truong|chanh (?:van phong|thanh tra)|chu nhiem"
    r"|chi huy truong|tong bien tap|thu tuong|thong doc|to truong|hat truong|chanh an|truong doan|tu lenh|thuong truc)"
    r"(?: (?:chuyen trach|thuong truc))?$"
)
# "TRƯỞNG THUẾ TỈNH", "PHÓ TRƯỞNG CÔNG AN XÃ": in capitals, the head of whatever follows.
_CHIEF = re.compile(r"(?:pho |quyen |q\. ?)?truong (?!hop\b|thon\b)\w+(?: [\w-]+){0,5}$")
_RANK: Final = r"(?:(?:GS|PGS|TS|ThS|BS|DS|KS|CN|LS|BSCKI{1,2}|CKI{1,2}|Đ/c|Đại tá|Thượng tá|Trung tá|Thiếu tá|Thiếu tướng)\.?\s*)*"
_SYLLABLE: Final = r"[A-ZÀ-ỸĐ](?:[a-zà-ỹđ]+|['’][A-ZÀ-ỸĐa-zà-ỹđ]+)?"
_NAME = re.compile(rf"^{_RANK}(?P<name>{_SYLLABLE}(?:\s+{_SYLLABLE}){{1,6}})$")
# "Chủ tịch UBND tỉnh Đàng Năng Tuấn": title and name on one line.
_BEHIND_TITLE = re.compile(
    rf"^(?:Phó |Quyền |Q\. ?)*(?:Chủ tịch|Giám đốc|Tổng Giám đốc|Bí thư|Trưởng|Chủ nhiệm|Chánh|Cục trưởng|Hiệu trưởng)\b.{{0,60}}?"
    rf"(?:[a-zà-ỹđ]|UBND|HĐND)\s+(?P<name>{_SYLLABLE}(?:\s+{_SYLLABLE}){{2,4}})$"
)
_NO_NAME: Final = ("noi nhan", "da ky", "viet nam", "nhu tren", "phu luc")
COLUMNS = re.compile(r"\t+| {3,}")


def columns_of_line(text: str) -> list[str]:
    """A line's pieces where wide gaps part it."""
    return [squash(piece) for piece in COLUMNS.split(text[:1000].strip()) if piece.strip()]


def read_signature(lines: list[TextLine]) -> tuple[str, str, int]:
    """Signer, the signer's title and the index of the signature's first line (len when there is none)."""
    first = len(lines)
    for at, line in enumerate(lines):
        pieces = columns_of_line(line.text)
        if not pieces or not _opens(pieces[-1]):
            continue
        first = min(first, at)
        name, titles = _signed_under(lines, at)
        if name:
            return name, " ".join(titles), at
    return "", "", first


def _opens(text: str) -> bool:
    chief = len(text) < 70 and text.isupper() and _CHIEF.match(fold(text))
    return bool(_SIGN.match(text) and len(text) < 70) or bool(_TITLE.match(fold(text)) or chief)


def _signed_under(lines: list[TextLine], at: int) -> tuple[str, list[str]]:
    titles: list[str] = []
    behind = None
    for after in lines[at : at + 16]:
        pieces = columns_of_line(after.text)
        text = pieces[-1] if pieces else ""
        found = _NAME.match(text)
        if found and not text.isupper() and not _opens(text) and fold(text) not in _NO_NAME:
            return found["name"], titles
        if text.isupper() and not text.startswith("-"):
            titles.append(text)
        behind = behind or _BEHIND_TITLE.match(text)
    return (behind["name"] if behind else ""), titles


def read_recipients(lines: list[TextLine]) -> tuple[str, ...]:
    """The lines under "Nơi nhận", without their dashes."""
    at = next((i for i, line in enumerate(lines) if fold(line.text).startswith("noi nhan")), -1)
    if at < 0:
        return ()
    found: list[str] = []
    for line in lines[at + 1 : at + 60]:
        # The signature may stand beside the recipients, in a second column.
        pieces = columns_of_line(line.text)
        text = pieces[0] if pieces else ""
        if (
            _SIGN.match(text)
            or text.startswith("<")
            or (found and fold(found[-1]).startswith("luu"))
        ):
            break
        if text.startswith(("-", "–", "+", "•")):
            found.append(text.lstrip("-–+• ").rstrip(";. "))
        elif text and found and text[0].islower():
            found[-1] = f"{found[-1]} {text.rstrip(';. ')}"
    return tuple(found)
