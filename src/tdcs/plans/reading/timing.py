"""When a task is due, from the many ways in which documents say it (docs/rules/plan-reading.md)."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import Final

from tdcs.core.text import fold
from tdcs.plans.reading.model import Timing

_ROMAN: Final = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
# Recognition writes l or 1 for i.
_SLIPS: Final = {"lv": 4, "1v": 4, "ill": 3, "iil": 3, "l": 1, "ll": 2, "il": 2, "li": 2}
_QUARTER = re.compile(
    r"\bquy\s*(?P<list>[ivl1-4]+(?:\s*(?:,|va|-|den|/)\s*(?:quy\s*)?[ivl1-4]+\b)*)(?:\s*(?:/|nam|-)?\s*(?P<year>20\d\d))?"
)
_DAY = re.compile(
    r"\b(?:ngay\s*)?(?P<d>\d{1,2})\s*(?:[/.\-]|\s+thang\s+)\s*(?P<m>\d{1,2})(?:\s*(?:[/.\-]|\s*nam\s+)\s*(?P<y>20\d\d))?"
)
_MONTH = re.compile(r"\bthang\s*(?P<m>\d{1,2})\s*(?:[/\-]|\s*nam\s*)?\s*(?P<y>20\d\d)?")
_SPAN = re.compile(r"\b(?P<a>20\d\d)\s*(?:-|–|den)\s*(?P<b>20\d\d)\b")
_YEAR = re.compile(r"\b(20\d\d)\b")
_YEARLY = re.compile(
    r"\bha[nm]g nam\b|\bmoi nam\b|\bnam\b$|\b6 thang\b|\bha[nm]g quy\b|\bha[nm]g thang\b|\bdinh ky\b"
)
_STANDING = re.compile(
    r"\bthuong xuyen\b|\blien tuc\b|\bha[nm]g ngay\b|\bha[nm]g tuan\b|\btheo quy dinh\b|\bca nam\b"
)
_INSTRUCTION = re.compile(
    r"\bkhi (?:co|duoc|phat sinh|can)\b|\btheo (?:huong dan|yeu cau|chi dao|ke hoach|lo trinh|thong bao|tien do)\b"
    r"|\bsau khi\b|\bngay sau\b"
)
_BEFORE = re.compile(r"\btruoc (?:ngay )?\d")


def read_timing(words: str, *, issued_on: date | None = None) -> Timing:
    """The timing that words give; kind "unknown" when they give none."""
    key = fold(words).strip(" .;:-")
    if not key:
        return Timing()
    text = words.strip().rstrip(".;")
    before = bool(_BEFORE.search(key))
    yearly = bool(re.search(r"\bha[nm]g nam\b|\bmoi nam\b", key))
    day = _day(key)
    if day and yearly:
        return Timing("yearly", text, month=day[1], day=day[0], before=before)
    if quarter := _quarter(key, text, issued_on):
        return quarter
    if day and day[2]:
        due = _safe(day[2], day[1], day[0])
        return Timing("by_date", text, due_on=due, month=day[1], day=day[0], before=before)
    if day and not _STANDING.search(key):
        return Timing("yearly", text, month=day[1], day=day[0], before=before)
    if month := _month(key, text):
        return month
    if yearly:
        return Timing("yearly", text)
    if _INSTRUCTION.search(key):
        return Timing("on_instruction", text)
    if span := _SPAN.search(key):
        years = (int(span["a"]), int(span["b"]))
        kind = "standing" if _STANDING.search(key) else "by_date"
        return Timing(
            kind, text, starts_on=f"{years[0]}-01-01", due_on=f"{years[1]}-12-31", years=years
        )
    if _STANDING.search(key):
        return Timing("standing", text)
    if years_ := _YEAR.findall(key):
        last = int(years_[-1])
        return Timing("by_date", text, starts_on=f"{years_[0]}-01-01", due_on=f"{last}-12-31")
    if _YEARLY.search(key):
        return Timing("yearly", text)
    return Timing("unknown", text)


_INSIDE = re.compile(
    r"(?:trước|chậm nhất|đến hết|xong trong|hoàn thành trong|trong)\s+(?:ngày\s+)?(?:\d{1,2}\s*[/.]\s*\d{1,2}\s*[/.]\s*20\d\d"
    r"|\d{1,2}\s+tháng\s+\d{1,2}(?:\s+năm\s+20\d\d|\s+h[àằ]ng năm)?|tháng\s+\d{1,2}\s*[/ ](?:năm )?20\d\d|quý\s+[IV]+\s*[/ ](?:năm )?20\d\d"
    r"|năm 20\d\d|\d{1,2}\s*/\s*\d{1,2}\s+h[àằ]ng năm)|h[àằ]ng năm|thường xuyên",
    re.IGNORECASE,
)


def timing_inside(text: str, *, issued_on: date | None = None) -> Timing:
    """The timing said inside a task's own sentence; unknown when it says none."""
    found = _INSIDE.search(text)
    return read_timing(found.group(), issued_on=issued_on) if found else Timing()


def _day(key: str) -> tuple[int, int, int] | None:
    """Day, month and year (0 when not said) of the first day named."""
    for found in _DAY.finditer(key):
        day, month = int(found["d"]), int(found["m"])
        if 1 <= day <= 31 and 1 <= month <= 12 and monthrange(2024, month)[1] >= day:
            return day, month, int(found["y"] or 0)
    return None


def _quarter(key: str, text: str, issued_on: date | None) -> Timing | None:
    found = _QUARTER.search(key)
    if not found:
        return None
    said = re.findall(r"[ivl1-4]+", found["list"])
    known = {**_ROMAN, **_SLIPS}
    numbers = [known[one] for one in said if one in known]
    year = int(found["year"] or 0) or next(iter(map(int, _YEAR.findall(key))), 0)
    if not numbers:
        return None
    if not year:
        if re.search(r"\bha[nm]g nam\b|\bmoi nam\b", key):
            return Timing(
                "yearly", text, month=numbers[-1] * 3, day=monthrange(2025, numbers[-1] * 3)[1]
            )
        year = issued_on.year if issued_on else 0
    if not year:
        return Timing("quarter", text)
    first, last = (numbers[0] - 1) * 3 + 1, numbers[-1] * 3
    return Timing(
        "quarter",
        text,
        starts_on=date(year, first, 1).isoformat(),
        due_on=date(year, last, monthrange(year, last)[1]).isoformat(),
    )


def _month(key: str, text: str) -> Timing | None:
    found = _MONTH.search(key)
    if not found or not 1 <= int(found["m"]) <= 12 or re.search(r"\b6 thang\b", key):
        return None
    month = int(found["m"])
    year = int(found["y"] or 0)
    if not year:
        return Timing("yearly", text, month=month, day=monthrange(2025, month)[1])
    before = "truoc thang" in key
    last = date(year, month, 1 if before else monthrange(year, month)[1])
    return Timing("by_date", text, due_on=last.isoformat(), month=month, before=before)


def _safe(year: int, month: int, day: int) -> str:
    return date(year, month, min(day, monthrange(year, month)[1])).isoformat()
