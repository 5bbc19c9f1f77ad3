"""What the book says on the days that a scheme needs, by programme, source and commune; the same values as `tdcs indicators`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from tdcs.capital.models import CapitalSource
from tdcs.closing.queries import store
from tdcs.indicators import queries
from tdcs.indicators.queries.query_spec import Units
from tdcs.organisations.models import Level
from tdcs.scheme.errors import MonthsNotClosed, YearNotClosed
from tdcs.scheme.rules.figures import ResultFigures
from tdcs.scheme.rules.years import BookDay, BookDays, SchemeYears

# Years before the running one of which results are told.
_BACK: Final = 5
RESULTS: Final = (
    "outstanding", "growth_ytd", "outstanding_local", "local_share", "local_share_growth", "disbursed_year",
    "collected_year", "loans", "borrowers", "average_borrower", "overdue", "overdue_rate", "frozen",
    "bad_debt_rate", "access", "groups", "groups_good", "session_share", "savings",
)  # fmt: skip


def standing_of(base: date, asked: SchemeYears) -> BookDays:
    """The book on a closed month-end and at the year-ends before it that the scheme needs.

    Raises YearNotClosed, MonthsNotClosed.
    """
    ends = {}
    kept = set(store().days())
    for year in range(min(asked.first, base.year) - 1, base.year):
        day = date(year, 12, 31)
        if day not in kept:
            raise YearNotClosed(day=f"{day:%d/%m/%Y}")
        ends[year] = _book_day(day, units="today", lent=year >= asked.first)
    return BookDays(base, _book_day(base, units="then", lent=base.year >= asked.first), ends)


def _book_day(day: date, *, units: Units, lent: bool) -> BookDay:
    """``lent``: whether the year's lending is needed. Raises MonthsNotClosed."""
    programmes = _sums(day, "programme", "outstanding")
    central, province, communes = _by_source(day)
    [overdue] = queries.values(on=day, codes=["overdue"])["value"].to_list()
    by_commune = queries.values(on=day, by=["commune"], codes=["outstanding"], units=units)
    return BookDay(
        programmes=programmes,
        central=central,
        province=province,
        communes=communes,
        by_commune={
            int(key or 0): value for key, value in by_commune.select("commune", "value").rows()
        },
        overdue=overdue or 0,
        lent=_lent(day) if lent else {},
    )


def _lent(day: date) -> dict[str, int]:
    [whole] = queries.values(on=day, codes=["disbursed_year"])["value"].to_list()
    if whole is None:
        raise MonthsNotClosed(year=day.year, day=f"{day:%d/%m/%Y}")
    return _sums(day, "programme", "disbursed_year")


def _sums(day: date, key: str, code: str) -> dict[str, int]:
    found = queries.values(on=day, by=[key], codes=[code])
    return {unit: value for unit, value in found.select(key, "value").rows() if value}


def _by_source(day: date) -> tuple[int, int, int]:
    """Central money, that of the province's budget (and what else is local), that of the communes' budgets."""
    rows = CapitalSource.objects.filter(investor__level=Level.COMMUNE)
    of_communes = set(rows.values_list("pk", flat=True))
    found = queries.values(on=day, by=["local", "source"], codes=["outstanding"])
    sums = [0, 0, 0]
    for local, source, value in found.select("local", "source", "value").rows():
        sums[(2 if source in of_communes else 1) if local else 0] += value or 0
    return sums[0], sums[1], sums[2]


def result_days(base: date) -> list[date]:
    """The last days of the years before that are closed, and the day of the figures."""
    kept = set(store().days())
    ends = [date(year, 12, 31) for year in range(base.year - _BACK, base.year)]
    return [day for day in ends if day in kept] + [base]


def results_of(days: Sequence[date]) -> list[ResultFigures]:
    """Each indicator on each day; what is not known is None."""
    catalogue = queries.catalogue()
    columns = []
    for day in days:
        found = queries.values(on=day, codes=RESULTS)
        columns.append(dict(found.select("code", "value").rows()))
    return [
        ResultFigures(
            code=code,
            name=catalogue[code].name,
            unit=catalogue[code].unit,
            values=[column.get(code) for column in columns],
        )
        for code in RESULTS
    ]


def needs_of(base: date, key: str, code: str) -> dict[str | int, int]:
    """Needs counted by the survey of the year, by a key; nothing where nobody was asked."""
    if key not in queries.catalogue()[code].keys:
        return {}
    found = queries.values(on=base, by=[key], codes=[code])
    rows = {unit: value for unit, value in found.select(key, "value").rows() if value is not None}
    return rows if any(rows.values()) else {}
