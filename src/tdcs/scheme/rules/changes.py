"""What a scheme's figures are called, one by one, and which of them are others than in an earlier version."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from tdcs.scheme.rules.figures import SchemeFigures, of_year

YEAR_WORDS: Final = {
    "opening": ("Dư nợ đầu năm", "dong"),
    "lent": ("Cho vay", "dong"),
    "repaid": ("Thu nợ", "dong"),
    "closing": ("Dư nợ cuối năm", "dong"),
    "growth": ("Tăng trưởng dư nợ", "ppm"),
    "overdue": ("Nợ quá hạn cuối năm", "dong"),
    "overdue_share": ("Tỷ lệ nợ quá hạn", "ppm"),
    "central": ("Vốn trung ương", "dong"),
    "province": ("Vốn ngân sách cấp tỉnh", "dong"),
    "communes": ("Vốn ngân sách cấp xã", "dong"),
    "local_share": ("Tỷ trọng vốn địa phương", "ppm"),
    "central_added": ("Vốn trung ương tăng thêm", "dong"),
    "province_added": ("Ngân sách cấp tỉnh bổ sung", "dong"),
    "communes_added": ("Ngân sách cấp xã bổ sung", "dong"),
    "local_of_growth": ("Vốn địa phương trong mức tăng", "ppm"),
}
# Of these a reader wants each change named; lines of programmes and communes are counted, and marked where they stand.
NAMED: Final = ("results", "years")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: where it stands, what it is called, and in which unit."""

    path: str
    words: str
    unit: str
    value: int | None

    @property
    def kind(self) -> str:
        """The part of the scheme in which it stands."""
        return self.path.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that is another than before; ``old`` or ``new`` None: it was not known, or is no longer."""

    path: str
    words: str
    unit: str
    old: int | None
    new: int | None

    @property
    def kind(self) -> str:
        return self.path.partition(".")[0]


def flat(figures: SchemeFigures) -> Iterator[Figure]:
    """Every figure of a scheme in the order of the document."""
    yield from _results(figures)
    for one in figures["years"]:
        for name, (words, unit) in YEAR_WORDS.items():
            where, said = f"years.{one['year']}.{name}", f"{words}, năm {one['year']}"
            yield Figure(where, said, unit, of_year(one, name))
    years = range(figures["first"], figures["last"] + 1)
    for row in figures["programmes"]:
        where = f"programmes.{row['code']}"
        yield Figure(f"{where}.base", f"{row['name']}: dư nợ ngày số liệu", "dong", row["base"])
        yield Figure(f"{where}.need", f"{row['name']}: nhu cầu khảo sát", "count", row["need"])
        for at, year in enumerate(years):
            words = f"{row['name']}: cho vay năm {year}"
            yield Figure(f"{where}.lent.{year}", words, "dong", row["lent"][at])
            words = f"{row['name']}: dư nợ cuối năm {year}"
            yield Figure(f"{where}.closing.{year}", words, "dong", row["closing"][at])
    yield from _communes(figures, years)


def _results(figures: SchemeFigures) -> Iterator[Figure]:
    last = len(figures["days"]) - 1
    for row in figures["results"]:
        for at, day in enumerate(figures["days"]):
            # The last column moves on with the book: it is compared with the last column of before.
            place = "now" if at == last else day
            words = "ngày số liệu" if at == last else f"{date.fromisoformat(day):%d/%m/%Y}"
            yield Figure(
                f"results.{row['code']}.{place}",
                f"{row['name']}, {words}",
                row["unit"],
                row["values"][at],
            )


def _communes(figures: SchemeFigures, years: range) -> Iterator[Figure]:
    for row in figures["communes"]:
        where = f"communes.{row['key']}"
        yield Figure(f"{where}.base", f"{row['name']}: dư nợ ngày số liệu", "dong", row["base"])
        yield Figure(f"{where}.need", f"{row['name']}: nhu cầu khảo sát", "count", row["need"])
        yield Figure(f"{where}.waiting", f"{row['name']}: chưa được vay", "count", row["waiting"])
        for at, year in enumerate(years):
            words = f"{row['name']}: dư nợ cuối năm {year}"
            yield Figure(f"{where}.closing.{year}", words, "dong", row["closing"][at])
            words = f"{row['name']}: ngân sách xã bổ sung năm {year}"
            yield Figure(f"{where}.budget.{year}", words, "dong", row["budget"][at])


def changes(before: SchemeFigures, now: SchemeFigures) -> list[Change]:
    """Every figure that is another, in the order of the document; what is gone stands last."""
    was = {one.path: one for one in flat(before)}
    found = []
    for one in flat(now):
        old = was.pop(one.path, None)
        value = old.value if old else None
        if value != one.value:
            found.append(Change(one.path, one.words, one.unit, value, one.value))
    found += [
        Change(one.path, one.words, one.unit, one.value, None)
        for one in was.values()
        if one.value is not None
    ]
    return found
