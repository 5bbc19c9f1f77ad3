"""Who issues the document: the last unit of the letterhead; where it is missing, signature and place say it."""

from __future__ import annotations

import re
from typing import Final

from tdcs.core.text import fold, squash
from tdcs.documents.reading import TextLine
from tdcs.plans.reading.signature import COLUMNS

_MOTTO: Final = (
    "cong hoa xa hoi", "doc lap", "dang cong san viet nam", "viet nam", "tu do", "hanh phuc",
)  # fmt: skip
# Words that open the name of a unit; any other line of the letterhead goes on with the one before it.
_OPENS = re.compile(
    r"^(?:uy ban|ubnd|ubmttq|hoi dong|hdnd|so|bo|ban|tinh (?:uy|doan)|thanh (?:uy|doan)|huyen (?:uy|doan)|quan uy|thi uy|dang (?:uy|bo)"
    r"|trung uong|tong cuc|cuc|chi cuc|vu|vien|trung tam|truong|benh vien|phong|cong an|cong ty|tong cong ty|tap doan|ngan hang|bao hiem"
    r"|kho bac|thue|hai quan|lien minh|lien doan|lien hiep|hoi|hiep hoi|mat tran|doan|quy|vuon quoc gia|hat|tram|doi|to|van phong|thanh tra"
    r"|cang vu|khoa|don|nha may|xi nghiep|dien luc|vnpt|cong doan|tap chi|toa an|chi nhanh|khu bao ton|thong ke|dai|bao|hoc vien|chi bo|thi doan|xa doan|phong giao dich|bch|bql|bcd)\b"
)
# The organ of a body that the line above names.
_ORGAN: Final = re.compile(
    r"(?:ban (?:thuong vu|thuong truc|chap hanh|giam doc|giam hieu|chu nhiem|dieu hanh)|bch|thuong truc|van phong)"
)
_PLACES: Final = (
    "tỉnh",
    "thành phố",
    "huyện",
    "thị xã",
    "quận",
    "xã",
    "phường",
    "thị trấn",
    "đặc khu",
)
_RIGHT: Final = 24


def read_issuer(
    lines: list[TextLine], top: list[TextLine], place: str, cut: re.Pattern[str]
) -> str:
    """The issuer in the case in which the body writes it, else with its first words capital."""
    body = squash(" ".join(line.text for line in lines[len(top) :]))
    units = _units(top, cut)
    if units:
        named = _cased(units[-1], body)
        if len(units) > 1 and _ORGAN.fullmatch(fold(units[-1])):
            named = f"{named} {_cased(units[-2], body)}"
        return (
            re.sub(rf"\b{re.escape(place)}\b", place, named, flags=re.IGNORECASE)
            if place
            else named
        )
    signed = " ".join(fold(line.text) for line in lines[-120:])
    if place and ("tm. uy ban nhan dan" in signed or "chu tich" in signed):
        level = "" if fold(place).startswith(("tinh", "thanh pho", "huyen", "xa ")) else "tỉnh "
        return f"Ủy ban nhân dân {level}{place}"
    return ""


def _units(top: list[TextLine], cut: re.Pattern[str]) -> list[str]:
    """The letterhead's units from the highest down."""
    units: list[str] = []
    for line in top[:14]:
        text = line.text.rstrip()
        pieces = COLUMNS.split(text.strip())
        if len(text) - len(text.lstrip()) > _RIGHT:
            continue
        words = squash(re.split(r"CỘNG H|Độc lập|ĐẢNG CỘNG SẢN", pieces[0])[0])
        key = fold(words)
        if cut.search(words) or re.search(r"^(?:so\s*[:.]|so \d|v/v|ngay )|, ngay\b", key):
            break
        if not any(sign.isalpha() for sign in words) or key.startswith(_MOTTO) or len(words) > 110:
            continue
        if _OPENS.match(key):
            units.append(words)
        elif units:
            units[-1] = f"{units[-1]} {words}"
    return units


def _cased(words: str, body: str) -> str:
    """ "ỦY BAN NHÂN DÂN TỈNH HÒA AN" → "Ủy ban nhân dân tỉnh Hòa An"."""
    if not words.isupper() and not re.search(r"\b[A-ZÀ-ỸĐ]{3,}", words):
        written = words[:1].upper() + words[1:]
    else:
        said = re.search(re.escape(words), body[:200_000], re.IGNORECASE)
        if said and not said.group().isupper():
            return said.group()[:1].upper() + said.group()[1:]
        written = words.lower()
    written = re.sub(r"^ubnd\b", "ủy ban nhân dân", written, flags=re.IGNORECASE)
    committee = re.match(r"(?:ủy|uỷ) ban nhân dân\s+", written, re.IGNORECASE)
    head, name = (
        (written[: committee.end()], written[committee.end() :]) if committee else (written, "")
    )
    if committee:
        level = next((one for one in _PLACES if name.lower().startswith(one + " ")), "")
        name = level + name[len(level) :].title() if level else name.title()
        return head.capitalize() + name
    words_ = written.split(" ")
    opening = _OPENS.match(fold(written))
    count = len(opening.group().split()) if opening else 1
    made = [w.capitalize() if at in (0, count) else w for at, w in enumerate(words_)]
    for at, word in enumerate(made[:-1]):
        if word in ("tỉnh", "huyện", "xã", "phường", "quận") and at:
            made[at + 1 :] = [w.capitalize() for w in made[at + 1 :]]
            break
    return " ".join(made)
