"""The frame of an official document: number, day, issuer, title, bases, signature, recipients."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from tdcs.core.text import fold, squash
from tdcs.documents.reading import Line
from tdcs.plans.reading.model import Basis

TYPE_WORDS: Final = (
    "KẾ HOẠCH",
    "CHƯƠNG TRÌNH HÀNH ĐỘNG",
    "CHƯƠNG TRÌNH",
    "ĐỀ ÁN",
    "PHƯƠNG ÁN",
    "CHỈ THỊ",
    "QUYẾT ĐỊNH",
    "NGHỊ QUYẾT",
    "HƯỚNG DẪN",
)
_NUMBER = re.compile(
    r"S[ốôoó]\s*[:.;]?\s*(?P<n>\d{1,5}[a-z]?)\s*/?\s*(?P<s>[A-ZĐa-zđ][\w&.\-–]*(?:\s*[-–/]\s*[A-ZĐ][\w&.]*)*(?: [A-ZĐa-zđ]{2,8})?)"
)
_DATE = re.compile(
    r"ng[àa]y\s*(?P<d>\d{1,2})\s*th[áa]ng\s*(?P<m>\d{1,2})\s*n[ăa]m\s*(?P<y>(?:19|20)\d\d)",
    re.IGNORECASE,
)
_PLACE_DATE = re.compile(r"^(?P<place>[^,;:\d]{2,40}),\s*ng[àa]y\b", re.IGNORECASE)
_SLASH_DATE = re.compile(r"(?P<d>\d{1,2})[/.\-](?P<m>\d{1,2})[/.\-](?P<y>20\d\d)")
_BASIS = re.compile(
    r"(?P<k>Hiến pháp|Bộ luật|Luật|Pháp lệnh|Nghị quyết|Nghị định|Quyết định|Chỉ thị|Kết luận|Thông tư|Kế hoạch"
    r"|Công văn|Chương trình|Hướng dẫn|Thông báo|Công điện|Văn bản)\s+số\s*(?P<n>[\w.]+/[\wĐ&.\-–/]+|[\w.]+-[\wĐ/\-]+)"
    r"(?:,?\s*ngày\s*(?P<d>\d{1,2})\s*(?:/|tháng)\s*(?P<m>\d{1,2})\s*(?:/|năm)\s*(?P<y>\d{4}))?"
    r"(?:\s*của\s+(?P<o>[^;,.()]+?)(?=\s+(?:về|phê duyệt|ban hành|quy định|V/v)\b|[;,.()]|$))?",
    re.IGNORECASE,
)
_SIGN = re.compile(r"^(?:TM\.|KT\.|TL\.|TUQ\.|Q\.)\s*", re.IGNORECASE)
_NAME = re.compile(r"^(?:[A-ZÀ-ỸĐ][a-zà-ỹđ]+\s+){1,5}[A-ZÀ-ỸĐ][a-zà-ỹđ]+$")


@dataclass(frozen=True, slots=True)
class Header:
    number: str
    issued_on: date | None
    issuer: str
    place: str
    type_word: str
    title: str
    title_lines: tuple[int, ...]
    end: int


def read_header(lines: list[Line]) -> Header:
    """Read the block above and with the title; ``end`` is the index of the first line after the title."""
    type_at, type_word = _type_line(lines)
    top = lines[: type_at if type_at >= 0 else min(25, len(lines))]
    number = next((n for line in top if (n := number_in(line.text))), "")
    issued_on = next((d for line in top if (d := day_in(line.text))), None)
    places = [m["place"] for line in top if (m := _PLACE_DATE.match(squash(line.text)))]
    place = re.sub(r"^.*/[\w\-Đ]+\s+", "", squash(places[0])) if places else ""
    title, used, end = _title(lines, type_at)
    return Header(number, issued_on, _issuer(lines, top, place), place, type_word, title, used, end)


def number_in(text: str) -> str:
    """ "Số: 232 /KH-UBND" → "232/KH-UBND"; "Số 4336hd nhcs" → "4336/HD-NHCS"; "" when there is none."""
    found = _NUMBER.search(squash(text))
    if not found:
        return ""
    symbol = re.sub(r"\s*([-–/])\s*", r"\1", found["s"].strip()).replace("–", "-").rstrip(".-")
    digits = re.match(r"\d+", found["n"])
    tail = found["n"][len(digits.group()) :] if digits else ""
    if "/" not in text:
        symbol = "-".join((tail + symbol).upper().split())
        return f"{digits.group() if digits else found['n']}/{symbol}"
    if " " in symbol:
        symbol = symbol.split()[0]
    return f"{found['n']}/{symbol}"


def day_in(text: str) -> date | None:
    """The day written in a header line."""
    found = _DATE.search(text)
    if not found and (_PLACE_DATE.match(squash(text)) or len(text) < 40):
        found = _SLASH_DATE.search(text)
    if not found:
        return None
    try:
        return date(int(found["y"]), int(found["m"]), int(found["d"]))
    except ValueError:
        return None


def _type_line(lines: list[Line]) -> tuple[int, str]:
    for at, line in enumerate(lines[:80]):
        key = fold(line.text)
        for word in TYPE_WORDS:
            if key == fold(word) or (key.startswith(fold(word) + " ") and line.text[:6].isupper()):
                return at, word
    return -1, ""


def _title(lines: list[Line], type_at: int) -> tuple[str, tuple[int, ...], int]:
    if type_at < 0:
        return "", (), 0
    first = squash(lines[type_at].text)
    inline = next(
        (first[len(w) :].strip() for w in TYPE_WORDS if fold(first).startswith(fold(w))), ""
    )
    parts, used, at = ([inline] if inline else []), [lines[type_at].number], type_at + 1
    while at < len(lines) and not lines[at].text.strip():
        at += 1
    while at < len(lines):
        line = lines[at]
        text = squash(line.text)
        joined = " ".join(parts)
        if not text:
            if joined and not _unfinished(joined, lines, at):
                break
        elif parts and _new_part(text, line, joined):
            break
        elif not _rule(text):
            parts.append(text)
            used.append(line.number)
        at += 1
    return " ".join(parts), tuple(used), at


def _rule(text: str) -> bool:
    return not any(sign.isalnum() for sign in text)


def _unfinished(joined: str, lines: list[Line], at: int) -> bool:
    rest = next((squash(line.text) for line in lines[at:] if line.text.strip()), "")
    return bool(rest) and rest[0].islower() and not joined.endswith((".", ";"))


def _new_part(text: str, line: Line, joined: str) -> bool:
    opening = (
        "căn cứ",
        "thực hiện",
        "để ",
        "nhằm ",
        "triển khai",
        "ủy ban nhân dân",
        "ngày ",
        "kính gửi",
    )
    heading = re.match(r"^(?:[IVX]+|[A-C]|\d+)\s*[.\-:/)]", text) is not None
    return (
        heading
        or (text.lower().startswith(opening) and not line.centred and len(joined) > 10)
        or len(joined) > 600
    )


def _issuer(lines: list[Line], top: list[Line], place: str) -> str:
    words = [squash(line.text) for line in top if line.text.strip()]
    for at, text in enumerate(words):
        upper = re.split(r"\s{2,}|CỘNG HÒA|CỘNG HOÀ|Độc lập", text)[0].strip()
        if upper.isupper() and fold(upper).startswith(
            ("uy ban nhan dan", "ubnd", "hoi dong nhan dan", "ngan hang")
        ):
            after = words[at + 1] if at + 1 < len(words) else ""
            after = re.split(r"CỘNG HÒA|CỘNG HOÀ|Độc lập", after)[0].strip()
            more = (
                after
                if fold(after).startswith(("tinh ", "thanh pho ", "huyen ", "xa ", "phuong "))
                else ""
            )
            return _cased(f"{upper} {more}".strip())
    signed = " ".join(fold(line.text) for line in lines[-120:])
    if place and ("tm. uy ban nhan dan" in signed or "chu tich" in signed):
        level = "" if fold(place).startswith(("tinh", "thanh pho", "huyen", "xa ")) else "tỉnh "
        return f"Ủy ban nhân dân {level}{place}"
    return ""


def _cased(upper: str) -> str:
    """ "ỦY BAN NHÂN DÂN TỈNH ĐỒNG NAI" → "Ủy ban nhân dân tỉnh Đồng Nai"."""
    text = re.sub(r"^ubnd\b", "ủy ban nhân dân", upper.lower())
    for word in ("tỉnh ", "thành phố ", "huyện ", "thị xã ", "quận ", "xã ", "phường "):
        if word in text:
            head, _, name = text.partition(word)
            return (head.capitalize() + word + name.title()).strip()
    return text.capitalize()


def read_bases(lines: list[Line]) -> tuple[Basis, ...]:
    """Legal texts named in "Căn cứ …" lines and in the opening paragraph; each once."""
    found: dict[str, Basis] = {}
    for line in lines:
        text = squash(line.text)
        hits = list(_BASIS.finditer(text))
        for hit in hits:
            day = f"{int(hit['y']):04}-{int(hit['m']):02}-{int(hit['d']):02}" if hit["y"] else ""
            basis = Basis(
                hit.group().strip(), hit["k"], hit["n"].rstrip(".-"), day, (hit["o"] or "").strip()
            )
            kept = found.get(basis.number)
            if kept is None or (not kept.issued_on and day):
                found[basis.number] = basis
        if not hits and fold(text).startswith("can cu "):
            found[text] = Basis(text.rstrip(";."))
    return tuple(found.values())


def read_signature(lines: list[Line]) -> tuple[str, str, int]:
    """Signer, the signer's title and the index of the signature's first line (len when there is none)."""
    for at, line in enumerate(lines):
        if not _SIGN.match(squash(line.text)) and fold(line.text) not in ("chu tich", "giam doc"):
            continue
        titles: list[str] = []
        for after in lines[at : at + 14]:
            text = squash(after.text)
            if _NAME.match(text) and not text.isupper() and fold(text) not in ("noi nhan", "da ky"):
                return text, " ".join(titles), at
            if text.isupper() and text:
                titles.append(text)
        return "", " ".join(titles), at
    return "", "", len(lines)


def read_recipients(lines: list[Line]) -> tuple[str, ...]:
    """The lines under "Nơi nhận", without their dashes."""
    at = next((i for i, line in enumerate(lines) if fold(line.text).startswith("noi nhan")), -1)
    if at < 0:
        return ()
    found: list[str] = []
    for line in lines[at + 1 : at + 60]:
        # The signature may stand beside the recipients, in a second column.
        text = squash(re.split(r"\t| {3,}", line.text.strip())[0])
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
