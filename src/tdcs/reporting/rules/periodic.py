"""Reports of a period: their forms as data, and what a period is. Knows no Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from tdcs.core import law
from tdcs.documents import numbers

KINDS: Final = ("targets", "figures", "growth", "table", "years", "next_month", "write")
PERIODS: Final = ("month", "quarter", "years")
SCOPES: Final = ("office", "commune")


@dataclass(frozen=True, slots=True)
class Part:
    """One block of a form. ``by``: the key of a table; ``share``, ``since_year``: the code whose share, or whose figure at
    the year's beginning, stands beside it."""

    kind: str
    title: str
    codes: tuple[str, ...] = ()
    by: str = ""
    share: str = ""
    since_year: str = ""


@dataclass(frozen=True, slots=True)
class ReportForm:
    """A report of a period: of an office or the whole province, or of a commune's meeting."""

    code: str
    name: str
    period: str
    scope: str
    subject: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Period:
    """From a day to a day, both in it."""

    kind: str
    first: date
    last: date

    def __str__(self) -> str:
        """ "tháng 10 năm 2026", "quý III năm 2026", "giai đoạn 2024–2026"."""
        if self.kind == "month":
            return f"tháng {self.first.month} năm {self.first.year}"
        if self.kind == "quarter":
            number = ("I", "II", "III", "IV")[(self.first.month - 1) // 3]
            return f"quý {number} năm {self.first.year}"
        return f"giai đoạn {self.first.year}–{self.last.year}"

    @property
    def address(self) -> str:
        """ "2026-10", "2026-Q3", "2024-2026": as ``period_of`` takes it."""
        if self.kind == "month":
            return f"{self.first:%Y-%m}"
        if self.kind == "quarter":
            return f"{self.first.year}-Q{(self.first.month + 2) // 3}"
        return f"{self.first.year}-{self.last.year}"

    @property
    def unit(self) -> str:
        """ "tháng" or "quý"."""
        return "quý" if self.kind == "quarter" else "tháng"


@law.remembered
def report_forms() -> Mapping[str, ReportForm]:
    """Every form by its code, in the order of the file."""
    return {row["code"]: read_form(row) for row in law.load("reports.yaml")}


def read_form(row: Mapping[str, Any]) -> ReportForm:
    """A form from its row. ValueError names what is wrong."""
    if row["period"] not in PERIODS or row["scope"] not in SCOPES:
        raise ValueError(f"{row['code']}: period or scope")
    return ReportForm(
        row["code"],
        row["name"],
        row["period"],
        row["scope"],
        row["subject"],
        tuple(_part(row["code"], part) for part in row["parts"]),
    )


def _part(form: str, row: Mapping[str, Any]) -> Part:
    found = [kind for kind in KINDS if kind in row]
    if len(found) != 1:
        raise ValueError(f"{form}: a part is one of {', '.join(KINDS)}")
    part = Part(
        found[0],
        row[found[0]],
        tuple(row.get("codes", ())),
        row.get("by", ""),
        row.get("share", ""),
        row.get("since_year", ""),
    )
    if (part.kind == "table") != bool(part.by):
        raise ValueError(f"{form}: a table is by a key, and only a table")
    return part


def period_of(kind: str, words: str, on: date) -> Period:
    """The period that an address names ("2026-10", "2026-Q3", "2024-2026"); without one the last whole one before ``on``,
    for years the plan's running year and the two before it."""
    found = {"month": _month, "quarter": _quarter, "years": _years}[kind](words.strip())
    return found or _last_whole(kind, on)


def _month(words: str) -> Period | None:
    year, _, month = words.partition("-")
    if len(year) == 4 and year.isdigit() and month.isdigit() and 1 <= int(month) <= 12:
        return _months("month", int(year), int(month), 1)
    return None


def _quarter(words: str) -> Period | None:
    year, _, number = words.upper().partition("-Q")
    if len(year) == 4 and year.isdigit() and number in ("1", "2", "3", "4"):
        return _months("quarter", int(year), 3 * int(number) - 2, 3)
    return None


def _years(words: str) -> Period | None:
    first, _, last = words.partition("-")
    if all(len(one) == 4 and one.isdigit() for one in (first, last)) and first <= last:
        if int(first) < 2000 or int(last) > 2100:
            return None
        return Period("years", date(int(first), 1, 1), date(int(last), 12, 31))
    return None


def _months(kind: str, year: int, month: int, count: int) -> Period | None:
    if not 2000 <= year <= 2100:
        return None
    after = date(year + (month + count > 12), (month + count - 1) % 12 + 1, 1)
    return Period(kind, date(year, month, 1), after - timedelta(days=1))


def _last_whole(kind: str, on: date) -> Period:
    if kind == "years":
        return Period(kind, date(on.year - 2, 1, 1), date(on.year, 12, 31))
    count = 3 if kind == "quarter" else 1
    month = on.month - (on.month - 1) % count
    end = date(on.year, month, 1) - timedelta(days=1)
    return Period(kind, date(end.year, end.month - count + 1, 1), end)


def named(name: str, period: Period) -> str:
    """An indicator's name in a report of the period: what is summed over a quarter is not said of a month."""
    return name.replace("trong tháng", f"trong {period.unit}")


def change_words(now: int | None, before: int | None, unit: str) -> str:
    """ "+1.234", "−0,50 điểm %"; "" where one of the two is not known."""
    if now is None or before is None:
        return ""
    change = now - before
    sign = "+" if change > 0 else "−" if change < 0 else ""
    if unit == "ppm":
        words = numbers.points(change)
    else:
        words = numbers.whole(Decimal(abs(change)) / 1_000_000 if unit == "dong" else abs(change))
    # What rounds to nothing has no sign.
    return sign + words if any(digit in words for digit in "123456789") else words
