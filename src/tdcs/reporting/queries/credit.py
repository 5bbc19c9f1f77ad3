"""The credit figures of a report, from the indicators of the last closed day of its year. Kept as JSON with the report.

What is not known is None, never nought; without a closed day in the year there is no figure at all and ``day`` is "".
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final, TypeAlias, TypedDict

from tdcs.closing.queries import shown_day, store
from tdcs.core.text import by_name
from tdcs.indicators import queries
from tdcs.indicators.queries.query_spec import Key, Where
from tdcs.indicators.rules.definitions import Definition
from tdcs.indicators.rules.forecast import same_date
from tdcs.organisations.models import Kind, Level, Organisation, OrganisationProfile, living_on
from tdcs.organisations.queries import ancestors_of


class TargetFigure(TypedDict):
    """A promise, what there is of it, and the same a year before; values in the indicator's unit."""

    code: str
    name: str
    name_en: str
    unit: str
    value: int | None
    numerator: int | None
    denominator: int | None
    target: int | None
    tolerance: int
    at_least: bool
    gap: int | None
    met: bool | None
    before: int | None
    reason: str
    basis: str


class BookFigure(TypedDict):
    """A figure of the book and the same a year before."""

    code: str
    name: str
    name_en: str
    unit: str
    value: int | None
    before: int | None


class MonthFigure(TypedDict):
    """Growth up to a day."""

    day: str
    value: int | None


# key, name, and a value for each indicator's code.
PlaceFigures: TypeAlias = dict[str, Key | None]


class NoFigures(TypedDict):
    """No day of the year is closed: ``day`` is ""."""

    day: str
    asked_on: str


class CreditFigures(TypedDict):
    """The credit part of a report as JSON keeps it; ``part``: of a part of the book."""

    day: str
    part: bool
    before_day: str
    targets: list[TargetFigure]
    figures: list[BookFigure]
    months: list[MonthFigure]
    programmes: list[PlaceFigures]
    offices: list[PlaceFigures]
    communes: list[PlaceFigures]


# The book in one table: value, and the same a year before.
FIGURES: Final = (
    "outstanding", "outstanding_local", "local_share", "growth_ytd_amount", "overdue", "frozen",
    "bad_debt_rate", "disbursed_year", "collected_year", "loans", "borrowers", "credit_need",
    "need_waiting", "groups", "groups_good", "groups_fair", "groups_average", "groups_weak",
    "session_share", "savings",
)  # fmt: skip
# By programme, and by commune and office in the annexes.
BY_PROGRAMME: Final = (
    "outstanding", "growth_ytd_amount", "disbursed_year", "collected_year", "overdue", "frozen",
)  # fmt: skip
BY_PLACE: Final = (
    "outstanding", "growth_ytd_amount", "growth_ytd", "disbursed_year", "collected_year", "overdue",
    "overdue_rate", "frozen", "access", "need_waiting",
)  # fmt: skip


def scope_of(unit: Organisation, day: date) -> Where | None:
    """The part of the book that a unit's report speaks of: all for the branch, its own for an office and for a commune's
    People's Committee; None for a unit that answers for no part."""
    if unit.kind == Kind.VBSP_BRANCH:
        return {}
    if unit.kind == Kind.TRANSACTION_OFFICE:
        return {"office": frozenset({unit.pk} | ancestors_of([unit.pk]))}
    if unit.kind == Kind.PEOPLE_COMMITTEE and unit.level == Level.COMMUNE:
        seats = OrganisationProfile.objects.filter(living_on(day), organisation=unit)
        return {"commune": frozenset(seats.exclude(area=None).values_list("area_id", flat=True))}
    return None


def credit_figures(*, year: int, on: date, where: Where | None = None) -> CreditFigures | NoFigures:
    """Targets, figures, months, programmes, offices and communes on the last closed day of the year up to ``on``."""
    limits = dict(where or {})
    day = shown_day(min(on, date(year, 12, 31)))
    if day is None or day.year != year:
        return {"day": "", "asked_on": min(on, date(year, 12, 31)).isoformat()}
    before = shown_day(same_date(day, year - 1))
    before = before if before and before.year == year - 1 else None
    return {
        "day": day.isoformat(),
        "part": bool(limits),
        "before_day": before.isoformat() if before else "",
        "targets": _targets(day, before, limits),
        "figures": _figures(day, before, limits),
        "months": _months(day, limits),
        "programmes": _divided("programme", BY_PROGRAMME, day, limits),
        "offices": _divided("office", BY_PLACE, day, limits) if not limits else [],
        "communes": _divided("commune", BY_PLACE, day, limits) if "commune" not in limits else [],
    }


def _targets(day: date, before: date | None, where: Where) -> list[TargetFigure]:
    lines = queries.targets(on=day, where=where)
    earlier = _values([line.code for line in lines], before, where)
    return [
        {
            "code": line.code,
            "name": line.name,
            "name_en": line.name_en,
            "unit": line.unit,
            "value": line.value,
            "numerator": line.numerator,
            "denominator": line.denominator,
            "target": line.target,
            "tolerance": line.tolerance,
            "at_least": line.at_least,
            "gap": line.gap,
            "met": line.met,
            "before": earlier.get(line.code),
            "reason": line.reason,
            "basis": line.basis,
        }
        for line in lines
    ]


def _figures(day: date, before: date | None, where: Where) -> list[BookFigure]:
    catalogue = queries.catalogue()
    now, earlier = _values(FIGURES, day, where), _values(FIGURES, before, where)
    return [
        {
            "code": code,
            "name": catalogue[code].name,
            "name_en": catalogue[code].name_en,
            "unit": catalogue[code].unit,
            "value": now.get(code),
            "before": earlier.get(code),
        }
        for code in _askable(FIGURES, where)
    ]


def _values(codes: Sequence[str], day: date | None, where: Where) -> dict[str, int | None]:
    if day is None:
        return {}
    found = queries.values(on=day, codes=_askable(codes, where), where=where)
    return _without_survey(dict(found.select("code", "value").iter_rows()))


def _without_survey(row: dict[str, int | None]) -> dict[str, int | None]:
    """A year in which nobody was asked has no need of nought: it is not known."""
    if row.get("credit_need") == 0:
        return row | {"credit_need": None, "need_waiting": None}
    return row


def _askable(codes: Sequence[str], where: Where, key: str = "") -> list[str]:
    """Those that may be divided so: there is no access by source of capital."""
    wanted = {*where, *((key,) if key else ())}
    return [code for code in codes if wanted <= set(_definition(code).keys)]


def _definition(code: str) -> Definition:
    return queries.catalogue()[code]


def _months(day: date, where: Where) -> list[MonthFigure]:
    """Growth since the year began at each month's end up to the day, and on the day."""
    ends = [one for one in store().days() if one.year == day.year and one <= day]
    ends = [one for one in ends if (one + timedelta(days=1)).day == 1 or one == day]
    rows = queries.series(code="growth_ytd", days=ends, where=where)
    return [
        {"day": one.isoformat(), "value": value}
        for one, value in rows.select("day", "value").iter_rows()
    ]


def _divided(key: str, codes: Sequence[str], day: date, where: Where) -> list[PlaceFigures]:
    """A row for each value of a key that has any figure, by name."""
    found: dict[Key, dict[str, int | None]] = {}
    rows = queries.values(on=day, by=[key], codes=_askable(codes, where, key), where=where)
    for unit, code, value in rows.select(key, "code", "value").iter_rows():
        found.setdefault(unit, {})[code] = value
    found = {unit: row for unit, row in found.items() if any(row.values())}
    names = queries.names(key, found, day)
    made: list[PlaceFigures] = [
        {"key": unit, "name": names.get(unit, ""), **row} for unit, row in found.items()
    ]
    return sorted(made, key=lambda row: (by_name(str(row["name"])), str(row["key"])))
