"""Days, months, quarters and years inside folded words, damaged digits mended."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

_DIGITS: Final = str.maketrans({"o": "0", "l": "1", "i": "1", "z": "2"})
# A token with a digit in it whose letters are digits that recognition took for letters: 3O, l5, 2O25.
_DAMAGED = re.compile(r"(?<![^\W\d_])(?=[\dolz]{0,4}\d)[\dolzi]{1,4}(?![^\W_])")
# "l5/ll/2025": a month without a digit left, between a day and its year.
_LOST_MONTH = re.compile(r"(?<=\d/)[olzi]{1,2}(?=/20\d\d)|(?<=\d thang )[olzi]{1,2}(?= nam 20\d\d)")
_D = r"(?:0?[1-9]|[12]\d|3[01])"
_M = r"(?:0?[1-9]|1[0-2])"
# The year after the one a plan is about.
NEXT_YEAR: Final = r"nam (?:sau|toi|ke tiep|tiep theo|lien ke|lien sau|ke sau)"
_DATE = re.compile(
    rf"(?<![\d/.,\-])(?P<d>{_D})\s*(?:(?P<s>[/.\-])|\s*thang)\s*(?P<m>{_M})(?![\d])"
    rf"(?:\s*[/.\-]\s*(?P<y>20\d\d)|\s*,?\s*nam\s*(?P<z>20\d\d)|\s*(?:cua )?(?P<next>{NEXT_YEAR}))?"
)
_RANGE_DATE = re.compile(rf"(?P<a>{_D})\s*-\s*(?P<b>{_D})\s*/\s*(?P<m>{_M})\s*/\s*(?P<y>20\d\d)")
_DAYS_BEFORE = re.compile(rf"(?<![\d/.\-])(?P<a>{_D})\s*(?:-|den|,|va)\s*(?:het\s*)?(?:ngay\s*)?$")
_MONTH = re.compile(
    rf"(?<!moi )(?<!hang )(?<!cac )\bthang\s*(?P<list>{_M}(?!\d)(?:\s*(?:,|va|-|den)\s*{_M}(?![\d/]))*)"
    r"(?:\s*(?:[/.\-]|,?\s*nam)\s*(?P<y>20\d\d))?"
    rf"|(?<![\d/.\-])(?P<bare>{_M})\s*[/\-]\s*(?P<z>20\d\d)\b"
)
_QUARTER = re.compile(
    r"\bquy\s*(?P<list>[ivlh1-4]{1,4}(?:\s*(?:,|va|-|den|/)\s*(?:quy\s*)?[ivlh1-4]{1,4}\b)*)\b(?:\s*(?:/|-|,?\s*nam)?\s*(?P<y>20\d\d))?"
)
_HALF = re.compile(
    r"\b(?:(?P<n>\d{1,2}|sau|chin) thang|nua|ban nien) (?P<which>dau|cuoi|con lai)(?:\s*(?:cua\s*)?nam)?(?:\s*(?P<y>20\d\d))?"
)
_NUMBERS: Final = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
# Recognition writes l or 1 for i, and h for ii.
_SLIPS: Final = {"lv": 4, "1v": 4, "l": 1, "11": 2, "111": 3}


@dataclass(frozen=True, slots=True)
class Stamp:
    """A day: ``year`` 0 when the words say none; ``later`` years after the plan's own; ``first`` month of its period."""

    day: int
    month: int
    year: int = 0
    later: int = 0
    first: int = 0
    at: int = 0

    @property
    def real(self) -> bool:
        return self.day <= monthrange(self.year or 2024, self.month)[1]

    @property
    def each_year(self) -> str:
        day = min(self.day, monthrange(2025, self.month)[1])
        return f"{self.month:02d}-{day:02d}"

    def in_year(self, year: int) -> str:
        year = self.year or year + self.later
        return date(year, self.month, min(self.day, monthrange(year, self.month)[1])).isoformat()

    def start(self, year: int) -> str:
        return date(self.year or year + self.later, self.first or self.month, 1).isoformat()


def mended(key: str) -> str:
    """Folded words with damaged digits mended: "3o/9" → "30/9", "l5/11" → "15/11"."""
    key = _DAMAGED.sub(lambda found: found.group().translate(_DIGITS), key)
    return _LOST_MONTH.sub(lambda found: found.group().translate(_DIGITS), key)


def days_of_months(day: int, months: Iterable[int]) -> tuple[str, ...]:
    """ "MM-DD" for one day in several months; empty for no day of a month."""
    if not 1 <= day <= 31:
        return ()
    return tuple(f"{m:02d}-{min(day, monthrange(2025, m)[1]):02d}" for m in months)


def dates_in(key: str) -> list[Stamp]:
    """Every day with its month, in order; a year said once counts for those before it."""
    found: list[Stamp] = []
    if span := _RANGE_DATE.search(key):
        month, year = int(span["m"]), int(span["y"])
        return [Stamp(int(span["a"]), month, year), Stamp(int(span["b"]), month, year)]
    for hit in _DATE.finditer(key):
        led = re.search(r"(?:ngay|truoc|het|den|la|tu)\s*$", key[: hit.start()])
        year = int(hit["y"] or hit["z"] or 0)
        if hit["s"] in (".", "-") and not year and not led:
            continue
        if hit["s"] == "-" and key[: hit.start()].rstrip().endswith("thang"):
            # "tháng 4 - 5/2026": two months.
            continue
        if days := _DAYS_BEFORE.search(key[: hit.start()]):
            found.append(Stamp(int(days["a"]), int(hit["m"]), year, at=days.start()))
        stamp = Stamp(int(hit["d"]), int(hit["m"]), year, 1 if hit["next"] else 0, at=hit.start())
        found.append(stamp)
    return _inherited(found)


def months_in(key: str) -> list[Stamp]:
    """Every month named, as its last day."""
    found: list[Stamp] = []
    for hit in _MONTH.finditer(key):
        year = int(hit["y"] or hit["z"] or 0)
        months = [int(one) for one in re.findall(r"\d+", hit["list"] or hit["bare"])]
        found.extend(Stamp(31, month, year, first=month) for month in months)
    if found and not found[-1].year and (named := years_in(key)):
        found[-1] = Stamp(31, found[-1].month, named[-1], first=found[-1].month)
    return _inherited(_next_year(found, key))


def quarters_in(key: str) -> list[Stamp]:
    """Every quarter named, as its last day."""
    found: list[Stamp] = []
    for hit in _QUARTER.finditer(key):
        for one in re.findall(r"[ivlh1-4]+", hit["list"]):
            number = (
                _NUMBERS.get(one)
                or _SLIPS.get(one)
                or _NUMBERS.get(one.replace("l", "i").replace("h", "ii"))
            )
            if number:
                month = number * 3
                found.append(Stamp(31, month, int(hit["y"] or 0), first=month - 2))
    if found and not found[-1].year and (named := years_in(key)):
        found[-1] = Stamp(31, found[-1].month, named[-1], first=found[-1].first)
    return _inherited(_next_year(found, key))


def half_years_in(key: str) -> list[Stamp]:
    """ "6 tháng đầu năm 2026", "nửa cuối năm": the last day of that part of the year."""
    hit = _HALF.search(key)
    if not hit:
        return []
    count = {"sau": 6, "chin": 9, None: 6}.get(hit["n"]) or int(hit["n"])
    if not 1 <= count <= 11:
        return []
    named = years_in(key)
    year = int(hit["y"] or 0) or (named[-1] if named else 0)
    if hit["which"] == "dau":
        return [Stamp(31, count, year, first=1)]
    return [Stamp(31, 12, year, first=13 - count)]


def years_in(key: str) -> list[int]:
    """The years named, in order."""
    return [int(year) for year in re.findall(r"(?<![\d/])(20\d\d)(?!\d)", key)]


def _next_year(found: list[Stamp], key: str) -> list[Stamp]:
    """ "quý I năm sau": a period of the year after the plan's."""
    if found and not found[-1].year and re.search(rf"\b{NEXT_YEAR}\b", key):
        found[-1] = replace(found[-1], later=1)
    return found


def _inherited(found: list[Stamp]) -> list[Stamp]:
    """A year said once, at the end, counts for the days before it ("từ 01/3 đến 15/4/2026")."""
    made: list[Stamp] = []
    year = later = 0
    for stamp in reversed(found):
        if not stamp.year and year:
            stamp = Stamp(stamp.day, stamp.month, year, later, stamp.first, stamp.at)
        year, later = stamp.year, stamp.later
        made.append(stamp)
    return made[::-1]
