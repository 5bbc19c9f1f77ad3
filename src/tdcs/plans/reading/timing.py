"""When a task is due: the words of a deadline become a rule with its days (docs/rules/plan-reading.md).

A day is written "2026-06-30" (once), "12-15" (each year) or "18" (each month). No year in the words: the year
that the plan is about. What cannot be read stays "unknown"; it is never guessed into the year's last day.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from tdcs.core.text import fold
from tdcs.plans.reading.dates import (
    NEXT_YEAR,
    Stamp,
    dates_in,
    days_of_months,
    half_years_in,
    mended,
    months_in,
    quarters_in,
    years_in,
)
from tdcs.plans.reading.model import Timing

_YEARLY = re.compile(
    r"\bha[nm]g nam\b|\bmoi nam\b|\bthuong nien\b|\bcac nam\b(?! \d)|\b(?:lan|dot|ky|phien|lop|cuoc)\s*/\s*nam\b"
    r"|\blan (?:mot|moi|trong) nam\b"
)
_RECURRING = re.compile(
    r"\bha[nm]g (?:quy|thang)\b|\bmoi (?:quy|thang)\b|\bdinh ky\b|\d thang\b|/\s*(?:thang|quy)\b|\bthang\s*/\s*lan\b"
    r"|\bquy\s*/\s*lan\b|\bnam\b$"
)
_STANDING = re.compile(
    r"\bthuong xuyen\b|\blien tuc\b|\bha[nm]g (?:ngay|tuan)\b|\bmoi (?:ngay|tuan)\b|/\s*(?:ngay|tuan)\b"
    r"|\btheo quy dinh\b|\bca nam\b(?! 20)|\bsuot nam\b|\bquanh nam\b|\b24/(?:24|7)\b"
)
_EVENT = re.compile(
    r"\bkhi\b|\bsau khi\b|\bngay sau\b|\bke tu\b|\bngay lam viec\b|\btrong vong \d|\bsau \d+ (?:ngay|thang)\b"
    r"|\btheo (?:\w+ ){0,3}?(?:huong dan|yeu cau|chi dao|ke hoach|lo trinh|thong bao|tien do|thoi gian|lich|giay moi)\b"
    r"|\bthong bao\b|\bdot xuat\b|\btruoc (?:ngay|khi|luc|thoi diem) (?!\d|cuoi|dau|thang|quy|tet|ram|mung)[a-z]"
)
_BEFORE = re.compile(r"\btruoc (?:(?:ngay|thang|quy) )?\w")
_CLOCK = re.compile(r"\b\d{1,2}\s*(?:gio\b|h\b|h(?=\d))(?:\s*\d{2}\b)?(?:\s*phut)?,?\s*(?=.)")
_OF_QUARTER = re.compile(
    r"\b(?P<d>\d{1,2})(?:\s*cua)?\s*thang\s*(?P<which>dau|giua|thu hai|cuoi)(?:\s*(?:cua|moi|hang|cac|tung))*\s*quy"
)
_OF_MONTH = re.compile(
    r"\b(?P<d>\d{1,2})(?:\s*cua)?,?\s*(?:(?:ha[nm]g|moi|cac|tung) thang\b|thang (?:sau|ke tiep|tiep theo|lien sau)\b)"
)
# Words that may stand around a bare year; any other word (a season, a session) names a time nobody can date.
_AROUND_YEAR: Final = frozenset(
    [
        "nam",
        "cac",
        "trong",
        "den",
        "het",
        "cuoi",
        "hoan",
        "thanh",
        "xong",
        "ca",
        "giai",
        "doan",
        "thuc",
        "hien",
        "truoc",
        "tu",
        "thoi",
        "gian",
        "ky",
        "ket",
        "thuc",
        "va",
        "tiep",
        "theo",
        "nhung",
        "sau",
        "-",
        ",",
        "/",
        "(",
        ")",
        ":",
        "giao",
        "hoan",
        "tat",
        "ngay",
        "vao",
        "lam",
        "bat",
        "dau",
        "trien",
        "khai",
        "to",
        "chuc",
        "duoc",
        "la",
        "thoi",
        "han",
        "tien",
        "do",
        "cham",
        "nhat",
        "ban",
        "hanh",
        "trinh",
        "phe",
        "duyet",
    ]
)
_QUARTER_MONTHS: Final = {"dau": 1, "giua": 2, "thu hai": 2, "cuoi": 3}


def read_timing(words: str, *, year: int = 0) -> Timing:
    """The timing that words give; ``year``: the plan's own, for days written without one."""
    key = mended(fold(words[:600])).strip(" .;:-")
    text = words.strip().rstrip(".;")
    if not key:
        return Timing()
    standing = bool(_STANDING.search(key))
    key = re.sub(r"\b24/(?:24|7)\b(?:\s*(?:gio|h)\b)?", "thuong xuyen", key)
    key = _CLOCK.sub("", key)
    yearly = bool(_YEARLY.search(key))
    before = bool(_BEFORE.search(key))
    if found := _of_quarter(key, text, before) or _of_month(key, text, before):
        return found
    stamps = dates_in(key)
    if stamps:
        return _dated(stamps, key, text, yearly=yearly, before=before, year=year)
    if _EVENT.search(key) and not re.search(r"\b(?:thang|quy|nam) (?:\d|[ivl]+\b)", key):
        return Timing("on_instruction", text)
    for find, kind in (
        (quarters_in, "quarter"),
        (half_years_in, "by_date"),
        (months_in, "by_date"),
    ):
        if stamps := find(key):
            return _stamped(kind, stamps, key, text, yearly=yearly, year=year)
    if yearly and not years_in(key):
        return Timing("yearly", text)
    if standing and (yearly or not re.search(r"\b20\d\d\s*-\s*20\d\d\b", key)):
        return Timing("yearly" if yearly else "standing", text)
    if named := years_in(key):
        return _years(named, key, text, standing=standing)
    if (
        re.fullmatch(r"(?:hoan thanh |xong |thuc hien )?(?:trong|cuoi|den het) nam(?: nay)?", key)
        and year
    ):
        return Timing("by_date", text, due_on=f"{year}-12-31")
    if _EVENT.search(key):
        return Timing("on_instruction", text)
    return Timing("yearly" if _RECURRING.search(key) else "unknown", text)


def _of_quarter(key: str, text: str, before: bool) -> Timing | None:
    """ "ngày 15 tháng cuối quý": that day of the third month of each quarter."""
    if not (found := _OF_QUARTER.search(key)):
        return None
    first = _QUARTER_MONTHS[found["which"]]
    days = days_of_months(int(found["d"]), range(first, 13, 3))
    return Timing("yearly", text, before=before, days=days) if days else None


def _of_month(key: str, text: str, before: bool) -> Timing | None:
    found = _OF_MONTH.search(key)
    if not found or not 1 <= int(found["d"]) <= 31:
        return None
    return Timing("yearly", text, before=before, days=(f"{int(found['d']):02d}",))


def _dated(
    stamps: list[Stamp], key: str, text: str, *, yearly: bool, before: bool, year: int
) -> Timing:
    last = stamps[-1]
    if any(not stamp.real for stamp in stamps):
        # "31/02": no such day, and nobody can say which one was meant.
        return Timing("unknown", text)
    if yearly or not (last.year or year):
        days = tuple(stamp.each_year for stamp in stamps) if len(stamps) > 1 else ()
        return Timing("yearly", text, month=last.month, day=last.day, before=before, days=days)
    listed = len(stamps) > 1 and not _is_range(key)
    days = tuple(stamp.in_year(year) for stamp in stamps) if listed else ()
    start = stamps[0].in_year(year) if _is_range(key) and len(stamps) > 1 else ""
    if len(stamps) == 1 and re.search(r"(?:\btu|\bke tu) (?:ngay )?$", key[: last.at]):
        return Timing("standing", text, starts_on=last.in_year(year))
    return Timing(
        "by_date", text, starts_on=start, due_on=last.in_year(year), month=last.month, day=last.day,
        before=before, days=days,
    )  # fmt: skip


def _is_range(key: str) -> bool:
    return bool(re.search(r"\bden\b|\s-\s|\d-\d", key)) and not re.search(r"\bva\b", key)


def _stamped(
    kind: str, stamps: list[Stamp], key: str, text: str, *, yearly: bool, year: int
) -> Timing:
    """Quarters, half years or months: the last day of the last one; of each one when they come back."""
    last = stamps[-1]
    before = bool(re.search(r"\btruoc (?:thang|quy) ", key))
    if yearly or not (last.year or year):
        many = len(stamps) > 1 and not _is_range(key)
        days = tuple(stamp.each_year for stamp in stamps) if many else ()
        shown = kind if kind == "quarter" and not yearly else "yearly"
        day = int(last.each_year[3:])
        return Timing(shown, text, month=last.month, day=day, days=days)
    due = last.in_year(year)
    if before and kind != "quarter":
        due = due[:8] + "01"
    single = len(stamps) == 1 and kind != "quarter"
    return Timing(kind, text, starts_on="" if single else stamps[0].start(year), due_on=due,
                  month=last.month if kind != "quarter" else 0, before=before)  # fmt: skip


def _years(named: list[int], key: str, text: str, *, standing: bool) -> Timing:
    strange = [
        word
        for word in re.findall(r"[^\W\d]+", re.sub(r"\b(?:20\d\d)\b", " ", key))
        if word not in _AROUND_YEAR
    ]
    if "hoc" in strange or (strange and not standing):
        return Timing("unknown", text)
    first, last = named[0], named[-1]
    if re.search(r"\btruoc nam\b", key):
        return Timing("by_date", text, due_on=f"{first - 1}-12-31", before=True)
    span = (first, last) if len(named) > 1 else ()
    kind = "standing" if standing else "by_date"
    return Timing(kind, text, starts_on=f"{first}-01-01", due_on=f"{last}-12-31", years=span)


def year_of(title: str, issued_on: date | None) -> int:
    """The year a plan is about: the one its title names (a span's first when still to come), else that of issue."""
    issued = issued_on.year if issued_on else 0
    cited = re.compile(r"(?:ngày|tháng|/)[^,;]{0,18}$", re.IGNORECASE)
    for found in re.finditer(r"\bnăm\s+(20\d\d)\b", title, re.IGNORECASE):
        near = not issued or issued <= int(found[1]) <= issued + 2
        if near and not cited.search(title[: found.start()]):
            return int(found[1])
    span = re.search(r"\b(20\d\d)\s*[-–]\s*(20\d\d)\b", title)
    return int(span[1]) if span and issued and issued < int(span[1]) <= issued + 2 else issued


_FULL_DATE = rf"\d{{1,2}}\s*(?:[/.-]\s*|thang )\d{{1,2}}(?:(?:\s*[/.-]\s*|,? nam )20\d\d|(?: cua)? {NEXT_YEAR})?"
_YEAR_TAIL = r"(?:(?:\s*[/,-]\s*|,? nam |\s)20\d\d)?"
_AGAIN = r"(?:,? (?:ha[nm]g|moi) nam)?"
_MONTH_WORDS = rf"(?:thang \d{{1,2}}(?!\d)(?:\s*(?:,|va|den|-)\s*(?:thang )?\d{{1,2}}(?!\d|[.,]\d))*|(?<![\d/])\d{{1,2}}(?=/20)){_YEAR_TAIL}"
_QUARTER_WORDS = (
    rf"quy [ivlh1-4]{{1,4}}\b(?:\s*(?:,|va|den|-)\s*(?:quy )?[ivlh]{{1,4}}\b)*{_YEAR_TAIL}"
)
_HALF_WORDS = rf"(?:(?:\d{{1,2}}|sau) thang|nua) (?:dau|cuoi) nam{_YEAR_TAIL}"
# "trước 10 giờ ngày 31/01".
_HOUR = r"\d{1,2} ?(?:gio|h)(?: ?\d\d)?(?: phut)?,?"
_TIME = rf"(?:{_FULL_DATE}|{_MONTH_WORDS}|{_QUARTER_WORDS}|{_HALF_WORDS})"
_UNTIL = (
    r"(?:truoc|cham nhat|den het|het|den|xong|han|vao|trong|dip|tu|hoan thanh|khoang|cuoi|dau)"
    r"(?: (?:la|cac|vao|trong|dip|truoc|den|het|cuoi|dau|ngay|khoang))*"
)
# What a sentence says about its time, the surest first.
_LONGEST: Final = 12_000
_INSIDE: Final = tuple(
    re.compile(words)
    for words in (
        r"\bdot (?:1|i|mot)\b.{3,80}\bdot (?:2|ii|hai)\b[^;]{3,60}",
        r"\b(?:truoc |cham nhat |vao |den )?(?:ngay )?\d{1,2} (?:cua )?thang (?:dau|giua|cuoi)(?: (?:cua|moi|hang))* quy(?: sau)?\b",
        r"\b(?:truoc |cham nhat |vao |den )?(?:ngay )?\d{1,2} (?:cua )?(?:(?:ha[nm]g|moi) thang|thang (?:sau|ke tiep|tiep theo|lien sau))\b",
        rf"\btu (?:ngay )?(?:\d{{1,2}}|{_TIME}) den (?:het )?(?:ngay )?{_TIME}{_AGAIN}",
        rf"\b(?:truoc|cham nhat|den het|xong|han)(?: (?:la|trong|truoc|ngay|het|vao|luc|{_HOUR}))* (?:\d{{1,2}}(?:, \d{{1,2}})*,? va )?{_TIME}"
        rf"(?: va (?:truoc )?(?:ngay )?{_FULL_DATE})?{_AGAIN}",
        rf"\b{_UNTIL} (?:ngay )?(?:\d{{1,2}}(?:, \d{{1,2}})*,? va )?{_TIME}(?:(?:,| va) (?:ngay )?{_FULL_DATE})*{_AGAIN}",
        rf"\b(?:{_QUARTER_WORDS}|{_HALF_WORDS}|{_MONTH_WORDS}){_AGAIN}",
        r"\b(?:hoan thanh|xong|den het|trong|den|truoc)(?: (?:trong|trong ca|cuoi))? (?:giai doan |nam )20\d\d(?:\s*-\s*20\d\d)?",
        r"\b(?:khi (?:co|duoc|phat sinh|xay ra|xuat hien|nhan|can|hoan thanh|ket thuc)|ngay sau khi|sau khi) [^,;.]{1,60}",
        r"\b(?:dinh ky )?(?:ha[nm]g|moi) (?:nam|quy|thang|tuan|ngay)\b|\bdinh ky \d+ thang\b|\b\d+ (?:lan|dot|phien)/(?:nam|quy|thang)\b",
        r"(?<!\bchi )\bthuong xuyen\b|\blien tuc\b|\b24/(?:24|7)\b",
    )
)


def timing_inside(text: str, *, year: int = 0) -> Timing:
    """The timing said inside a task's own sentence; unknown when it says none."""
    flat = " ".join(text[:_LONGEST].split())
    key = mended(fold(flat))
    for number, pattern in enumerate(_INSIDE):
        for found in pattern.finditer(key):
            if number > 3 and _cites(key, found.start()):
                continue
            same = len(key) == len(flat)
            words = flat[found.start() : found.end()] if same else found.group()
            read = read_timing(words, year=year)
            if read.kind != "unknown":
                return read
    return Timing()


def _cites(key: str, at: int) -> bool:
    """ "Kế hoạch số 88/KH-UBND ngày 19/02/2024": the day of another document."""
    return bool(re.search(r"/[\w-]+,? (?:ngay )?$|\bso voi (?:nam )?$", key[:at]))
