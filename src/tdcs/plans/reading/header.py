"""The frame of an official document: number, day, issuer, title, bases, signature, recipients."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from tdcs.core.text import fold, squash
from tdcs.documents.reading import TextLine
from tdcs.plans.reading.dates import mended
from tdcs.plans.reading.issuer import read_issuer
from tdcs.plans.reading.labels import read_labels
from tdcs.plans.reading.model import Basis
from tdcs.plans.reading.signature import columns_of_line

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
    "THÔNG BÁO",
)
# Types of documents that assign nothing: a line of nothing else at the top refuses the file.
OTHER_TYPES: Final = frozenset(
    """bao cao;giay moi;bien ban;danh sach;to trinh;cong dien;giay gioi thieu;phieu trinh;giay chung nhan;hop dong
    ;thu moi;don de nghi;phieu chuyen;ban tin;phieu bieu quyet""".replace("\n    ", "").split(";")
)
_NUMBER = re.compile(
    r"\bS[ốôoóổỗỐ]\s*[:.;]?\s*(?P<n>[\dOl]{1,5}[a-z]?)\s*(?P<sep>[/\-–])?\s*"
    r"(?P<s>[A-ZĐa-zđ][\w&.]*(?:\s*[-–/]\s*[A-ZĐ][\w&.]*)*(?: [A-ZĐa-zđ]{2,8})?)"
)
_DATE = re.compile(r"ngay\s*(?P<d>\d{1,2})\s*thang\s*(?P<m>\d{1,2})\s*nam\s*(?P<y>(?:19|20)\d\d)")
_PLACE_DATE = re.compile(r"(?:^|\s{2,}|\t)(?P<place>[^,;:\d\t]{2,40}),\s*ng[àa]y\b", re.IGNORECASE)
_SLASH_DATE = re.compile(r"(?P<d>\d{1,2})[/.\-](?P<m>\d{1,2})[/.\-](?P<y>20\d\d)")
_BASIS = re.compile(
    r"(?P<k>Hiến pháp|Bộ luật|Luật|Pháp lệnh|Nghị quyết|Nghị định|Quyết định|Chỉ thị|Kết luận|Thông tư|Kế hoạch"
    r"|Công văn|Chương trình|Hướng dẫn|Thông báo|Công điện|Văn bản)\s+số\s*(?P<n>[\w.]+/[\wĐ&.\-–/]+|[\w.]+-[\wĐ/\-]+)"
    r"(?:,?\s*ngày\s*(?P<d>\d{1,2})\s*(?:/|tháng)\s*(?P<m>\d{1,2})\s*(?:/|năm)\s*(?P<y>\d{4}))?"
    r"(?:\s*của\s+(?P<o>[^;,.()]+?)(?=\s+(?:về|phê duyệt|ban hành|quy định|V/v)\b|[;,.()]|$))?",
    re.IGNORECASE,
)


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


_MOTTO = ("cong hoa xa hoi chu nghia viet nam", "dang cong san viet nam")
_HEAD_LINES: Final = 14


def has_two_heads(lines: list[TextLine]) -> bool:
    """Two letterheads, each with a number of its own and a title: two documents in one file."""
    numbers: set[str] = set()
    keys = [fold(line.text[:300]) for line in lines]
    for at, key in enumerate(keys):
        if not any(motto in key for motto in _MOTTO):
            continue
        near = lines[max(0, at - 4) : at + _HEAD_LINES]
        number = next(
            (
                n
                for line in near
                if fold(line.text[:90]).startswith("so") and (n := number_in(line.text))
            ),
            "",
        )
        titled = any(_type_line([line])[0] == 0 for line in lines[at : at + _HEAD_LINES])
        if number and titled:
            numbers.add(number)
    return len(numbers) > 1


def read_header(lines: list[TextLine]) -> Header:
    """Read the block above and with the title; ``end`` is the index of the first line after the title."""
    type_at, type_word = _type_line(lines)
    greeting = _greeting(lines) if type_at < 0 else -1
    top = lines[: next((at for at in (type_at, greeting) if at >= 0), min(25, len(lines)))]
    texts = _texts(top)
    number = next((n for text in texts if (n := number_in(text))), "")
    issued_on = next((d for text in texts if (d := day_in(text))), None)
    places = [m["place"] for line in top if (m := _PLACE_DATE.search(line.text))]
    place = re.sub(r"^.*/[\w\-Đ]+\s+", "", squash(places[0])) if places else ""
    issuer = read_issuer(lines, top, place, _NUMBER)
    attached = _attached(lines, type_at, type_word)
    title, used, end = _title(lines, attached if attached > 0 else type_at)
    if greeting >= 0:
        title, end = _subject_of_letter(top), _behind_greeting(lines, greeting)
    if not number and type_at >= 0 and (named := _issued_with(lines, type_at)):
        number, issued_on, issuer = named[0], issued_on or named[1], issuer or named[2]
    return Header(number, issued_on, issuer, place, type_word, title, used, end)


_ISSUED_WITH = re.compile(
    r"^\(?\s*(?:được )?(?:ban hành )?kèm(?: theo)?\s+(?=\w+ \w+ số)", re.IGNORECASE
)
_OFFICE = re.compile(
    r"\bcủa (?:(?:Bộ trưởng|Chủ tịch|Giám đốc|Tổng Giám đốc|Cục trưởng|Tổng cục trưởng|Hiệu trưởng|Viện trưởng|Trưởng ban)\s+)?(?P<o>[^()]{4,90}?)\)?\s*$"
)


def _issued_with(lines: list[TextLine], type_at: int) -> tuple[str, date | None, str] | None:
    """ "(Ban hành kèm theo Quyết định số … ngày … của …)" under the title: the decision's number, day and issuer."""
    near = [squash(line.text) for line in lines[type_at : type_at + 10]]
    for at, text in enumerate(near):
        if found := _ISSUED_WITH.match(text):
            rest = text[found.end() :]
            if not text.endswith(")") and at + 1 < len(near):
                rest = f"{rest} {near[at + 1]}"
            office = _OFFICE.search(rest)
            issuer = office["o"].strip() if office else ""
            return (
                number_in(rest.replace(" số ", " Số ", 1)),
                day_in(rest) or _slashed_day(rest),
                issuer[:1].upper() + issuer[1:],
            )
    return None


def _greeting(lines: list[TextLine]) -> int:
    """The line "Kính gửi: …" of a letter, else -1."""
    found = (at for at, line in enumerate(lines[:40]) if fold(line.text).startswith("kinh gui"))
    return next(found, -1)


def _behind_greeting(lines: list[TextLine], at: int) -> int:
    """The line behind those to whom a letter goes."""
    at += 1
    while at < len(lines) and (
        not lines[at].text.strip() or lines[at].text.lstrip().startswith(("-", "–", "+"))
    ):
        at += 1
    return at


def _subject_of_letter(top: list[TextLine]) -> str:
    """ "V/v triển khai …": what a letter is about."""
    for at, line in enumerate(top):
        words = next(iter(columns_of_line(line.text)), "")
        if fold(words).startswith(("v/v", "ve viec")):
            below = next(iter(columns_of_line(top[at + 1].text)), "") if at + 1 < len(top) else ""
            more = f" {below}" if below[:1].islower() else ""
            return re.sub(r"^(?:V/v|Về việc)\s*:?\s*", "", words, flags=re.IGNORECASE) + more
    return ""


_CONCLUDES = re.compile(r"^(?:y kien )?(?:ket luan|chi dao|phan cong|giao nhiem vu|truyen dat)\b")


def _is_notice(lines: list[TextLine], at: int) -> bool:
    """A notice ("THÔNG BÁO") that tells no conclusions of a meeting."""
    inline = fold(lines[at].text).removeprefix("thong bao").strip()
    after = inline or next(
        (fold(one.text) for one in lines[at + 1 : at + 6] if one.text.strip()), ""
    )
    return not _CONCLUDES.match(after)


def is_other_document(lines: list[TextLine]) -> bool:
    """Whether a line at the top names a report, an invitation, minutes … and no plan stands before it."""
    for at, line in enumerate(lines[:40]):
        key = fold(line.text)
        if key == "thong bao" or (key.startswith("thong bao ") and line.text[:9].isupper()):
            return _is_notice(lines, at)
        if key in OTHER_TYPES:
            return True
        if key in (fold(word) for word in TYPE_WORDS):
            return False
    return False


def is_letter(lines: list[TextLine]) -> bool:
    """A letter to somebody ("Kính gửi") without a line that names who leads."""
    greets = _greeting(lines) >= 0
    labels = (label for line in lines for label in read_labels(squash(line.text).lstrip("-–+ ")))
    return greets and not any(label.kind in ("lead", "perform") for label in labels)


def _attached(lines: list[TextLine], type_at: int, type_word: str) -> int:
    """The line of the plan's own title behind the decision that issues it; -1 when there is none."""
    if type_word != "QUYẾT ĐỊNH":
        return -1
    plans = {fold(word) for word in TYPE_WORDS[:5]}
    found = (at for at in range(type_at + 1, len(lines)) if fold(lines[at].text) in plans)
    return next(found, -1)


_LONGEST_LINE: Final = 400


def _texts(top: list[TextLine]) -> list[str]:
    """Lines, and two neighbours of a column joined: number and date may be broken."""
    left, right = [], []
    for line in top:
        pieces = columns_of_line(line.text[:_LONGEST_LINE])
        left.extend(pieces[:1])
        right.extend(pieces[-1:])
    joined = [f"{a} {b}" for side in (left, right) for a, b in itertools.pairwise(side)]
    whole = [squash(line.text[:_LONGEST_LINE]) for line in top]
    return [*whole, *left, *right, *joined]


def number_in(text: str) -> str:
    """ "Số: 232 /KH-UBND" → "232/KH-UBND"; "Số 12-KH/TU" stays; "" when there is none."""
    if fold(text).startswith(("can cu", "thuc hien", "(")):
        return ""
    found = _NUMBER.search(squash(text))
    if not found or (not re.search(r"\d", found["n"])):
        return ""
    symbol = re.sub(r"\s*([-–/])\s*", r"\1", found["s"].strip()).replace("–", "-").rstrip(".-")
    digits = re.match(r"\d+", found["n"].replace("O", "0").replace("l", "1"))
    number = digits.group() if digits else found["n"]
    tail = found["n"][len(number) :]
    if found["sep"] in ("-", "–") and "/" in symbol:
        return f"{number}{tail}-{symbol.split()[0]}"
    if not found["sep"] and "/" not in text:
        if not tail and not re.match(r"(?:KH|CT|CTR|QD|QĐ|NQ|DA|ĐA|HD|PA|UBND)", symbol.upper()):
            return ""
        symbol = "-".join((tail + symbol).upper().split())
        return f"{number}/{symbol}"
    if " " in symbol:
        symbol = symbol.split()[0]
    return f"{number}{tail}/{symbol}"


def day_in(text: str) -> date | None:
    """The day written in a header line."""
    if fold(text).startswith(("can cu", "thuc hien")):
        return None
    found = _DATE.search(mended(fold(text)))
    if not found and (_PLACE_DATE.search(squash(text)) or len(text) < 40):
        return _slashed_day(text)
    return _real_day(found)


def _slashed_day(text: str) -> date | None:
    return _real_day(_SLASH_DATE.search(text))


def _real_day(found: re.Match[str] | None) -> date | None:
    if not found:
        return None
    try:
        return date(int(found["y"]), int(found["m"]), int(found["d"]))
    except ValueError:
        return None


def _type_line(lines: list[TextLine]) -> tuple[int, str]:
    for at, line in enumerate(lines[:80]):
        key = fold(line.text)
        for word in TYPE_WORDS:
            if key == fold(word) or (key.startswith(fold(word) + " ") and line.text[:6].isupper()):
                return at, word
    return -1, ""


def _title(lines: list[TextLine], type_at: int) -> tuple[str, tuple[int, ...], int]:
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


def _unfinished(joined: str, lines: list[TextLine], at: int) -> bool:
    rest = next((squash(line.text) for line in lines[at:] if line.text.strip()), "")
    return bool(rest) and rest[0].islower() and not joined.endswith((".", ";"))


def _new_part(text: str, line: TextLine, joined: str) -> bool:
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
    heading = (
        re.match(r"^(?:[IVXl]+|[A-C]|\d+)\s*[.\-:/)]|^\(?\d+\)|^(?:Phần|Mục|Điều|Chương)\s", text)
        is not None
    )
    if text.isupper() and not joined.isupper():
        return True
    return (
        heading
        or (text.lower().startswith(opening) and not line.centred and len(joined) > 10)
        or len(joined) > 600
    )


def read_bases(lines: list[TextLine]) -> tuple[Basis, ...]:
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
