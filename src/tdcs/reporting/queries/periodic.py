"""The figures of a report of a period: each part's values on the period's last closed day, beside earlier days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tdcs.access.models import User
from tdcs.closing.queries import shown_day, store
from tdcs.core.months import is_month_end
from tdcs.core.text import by_name
from tdcs.entrustment.models import SavingsGroup
from tdcs.indicators import queries
from tdcs.indicators.queries import visible_where
from tdcs.indicators.queries.query_spec import Key, Where
from tdcs.indicators.rules.forecast import same_date
from tdcs.loans.queries.applications import still_to_pay
from tdcs.loans.queries.scope import visible_applications, visible_lending_groups
from tdcs.loans.queries.sheets import groups_due
from tdcs.loans.states import ApplicationState
from tdcs.organisations.models import living_on
from tdcs.reporting.queries.credit import credit_figures
from tdcs.reporting.rules.periodic import Part, Period, ReportForm

_PROMISED = (ApplicationState.APPROVED, ApplicationState.SIGNED, ApplicationState.DISBURSED)


@dataclass(frozen=True, slots=True)
class Days:
    """The day of the figures, the end of the year before, the same day a year before; None where not closed."""

    shown: date
    year_start: date | None
    year_ago: date | None


@dataclass(frozen=True, slots=True)
class Filled:
    """A part with its rows: for a list (code, now, at the year's beginning, a year ago), for a table (name, by code)."""

    part: Part
    rows: list[Any]
    totals: Mapping[str, int | None]


def days_of(period: Period, on: date) -> Days | None:
    """Where the period stands; None when no day of it is closed."""
    shown = shown_day(min(period.last, on))
    if shown is None or shown < period.first:
        return None
    start = shown_day(date(shown.year - 1, 12, 31))
    ago = shown_day(same_date(shown, shown.year - 1))
    return Days(
        shown,
        start if start and start.year == shown.year - 1 else None,
        ago if ago and ago.year == shown.year - 1 else None,
    )


def scope_for(user: User, form: ReportForm, commune: int | None, day: date) -> Where | None:
    """The part of the book that the report speaks of; None where the person may not make it."""
    seen = visible_where(user, day)
    if form.scope == "commune":
        return {"commune": frozenset({commune})} if commune else None
    if any(key != "office" or not ids for key, ids in seen.items()):
        return None
    return {key: frozenset(ids) for key, ids in seen.items()}


def filled(form: ReportForm, period: Period, days: Days, where: Where, user: User) -> list[Filled]:
    """Every part with its figures."""
    return [_filled(part, period, days, where, user) for part in form.parts]


def _filled(part: Part, period: Period, days: Days, where: Where, user: User) -> Filled:
    if part.kind in ("targets", "growth"):
        credit = credit_figures(year=days.shown.year, on=days.shown, where=where)
        return Filled(part, [credit], {})
    if part.kind == "figures":
        now = _values(part.codes, period, days.shown, where)
        start = _plain(part.codes, days.year_start, where)
        ago = _values(part.codes, _year_before(period), days.year_ago, where)
        rows = [(code, now.get(code), start.get(code), ago.get(code)) for code in now]
        return Filled(part, rows, {})
    if part.kind == "table":
        return _table(part, period, days, where)
    if part.kind == "years":
        return Filled(part, _by_year(part.codes, period, days.shown, where), {})
    if part.kind == "next_month":
        return Filled(part, _next_month(where, days.shown, user), {})
    return Filled(part, [], {})


def _year_before(period: Period) -> Period:
    return Period(
        period.kind,
        same_date(period.first, period.first.year - 1),
        same_date(period.last, period.last.year - 1),
    )


def _askable(codes: Sequence[str], keys: Sequence[str]) -> list[str]:
    catalogue = queries.catalogue()
    return [code for code in codes if set(keys) <= set(catalogue[code].keys)]


def _plain(codes: Sequence[str], day: date | None, where: Where) -> dict[str, int | None]:
    if day is None:
        return {}
    found = queries.values(on=day, codes=_askable(codes, list(where)), where=where)
    return dict(found.select("code", "value").iter_rows())


def _values(
    codes: Sequence[str], period: Period, day: date | None, where: Where
) -> dict[str, int | None]:
    """On the day; what is counted by month is summed over a longer period's months."""
    found = _plain(codes, day, where)
    for earlier in _month_ends(period, day):
        for code, value in _plain(_monthly(codes), earlier, where).items():
            found[code] = (found.get(code) or 0) + (value or 0)
    return found


def _monthly(codes: Sequence[str]) -> list[str]:
    """What begins anew each month; a ratio is not summed."""
    catalogue = queries.catalogue()
    return [code for code in codes if code.endswith("_month") and catalogue[code].unit != "ppm"]


def _month_ends(period: Period, day: date | None) -> list[date]:
    """The closed ends of the period's months before that of the day."""
    if day is None or period.kind != "quarter":
        return []
    begins = day.replace(day=1)
    return [one for one in store().days() if period.first <= one < begins and is_month_end(one)]


def _table(part: Part, period: Period, days: Days, where: Where) -> Filled:
    codes = _askable(part.codes, [part.by, *where])
    rows = _divided(codes, part.by, days.shown, where)
    for earlier in _month_ends(period, days.shown):
        for key, row in _divided(_monthly(codes), part.by, earlier, where).items():
            kept = rows.setdefault(key, {})
            for code, value in row.items():
                kept[code] = (kept.get(code) or 0) + (value or 0)
    if part.since_year and days.year_start:
        before = _divided([part.since_year], part.by, days.year_start, where)
        for key, row in before.items():
            rows.setdefault(key, {})["since_year"] = row.get(part.since_year)
    rows = {key: row for key, row in rows.items() if any(row.values())}
    names = queries.names(part.by, rows, days.shown)
    listed = sorted(
        ((names.get(key, ""), row) for key, row in rows.items()), key=lambda one: by_name(one[0])
    )
    totals = _values(codes, period, days.shown, where)
    if part.since_year:
        totals["since_year"] = _plain([part.since_year], days.year_start, where).get(
            part.since_year
        )
    return Filled(part, listed, totals)


def _divided(
    codes: Sequence[str], by: str, day: date, where: Where
) -> dict[Key, dict[str, int | None]]:
    found: dict[Key, dict[str, int | None]] = {}
    if codes:
        rows = queries.values(on=day, by=[by], codes=codes, where=where)
        for key, code, value in rows.select(by, "code", "value").iter_rows():
            found.setdefault(key, {})[code] = value
    return found


def _by_year(
    codes: Sequence[str], period: Period, shown: date, where: Where
) -> list[tuple[date, dict[str, int | None]]]:
    """Each year's last closed day with its figures."""
    made = []
    for year in range(period.first.year, period.last.year + 1):
        day = shown_day(min(date(year, 12, 31), shown))
        if day is not None and day.year == year:
            made.append((day, _plain(codes, day, where)))
    return made


def _next_month(
    where: Where, shown: date, user: User
) -> list[tuple[str, int, int, int, int, int, int]]:
    """Groups of the place: what falls due to the end of next month, what is approved and not paid out."""
    after = (shown.replace(day=1) + timedelta(days=62)).replace(day=1)
    until = after - timedelta(days=1)
    areas = [area for area in where.get("commune", ()) if isinstance(area, int)]
    groups = visible_lending_groups(user, shown).filter(living_on(shown), profiles__ends_on=None)
    rows: list[SavingsGroup] = list(
        groups.filter(profiles__area__in=areas).distinct().order_by("code")
    )
    promised: dict[int, int] = {}
    asked = visible_applications(user).filter(group__in=rows, state__in=_PROMISED)
    for application in asked:
        assert application.group_id is not None, "chosen by their groups"
        left = still_to_pay(application)
        promised[application.group_id] = promised.get(application.group_id, 0) + left
    return [
        (
            f"{one.group.code} {one.face.name}",
            one.loans,
            one.balance,
            one.principal_due,
            one.interest_due,
            one.overdue,
            promised.get(one.group.pk, 0),
        )
        for one in groups_due(rows, until)
    ]
