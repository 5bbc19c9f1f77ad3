"""Scenarios that there are, and what each comes to from a month-end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache
from typing import Any, Final

from tdcs.closing.queries import store
from tdcs.core import law
from tdcs.forecasting.errors import AssumptionWrong
from tdcs.forecasting.models import Scenario
from tdcs.forecasting.queries.backtest import Try, tries
from tdcs.forecasting.queries.opening import opening
from tdcs.forecasting.rules.assumptions import LOCAL, PPM, Assumptions, faults
from tdcs.forecasting.rules.scenario import Opening, Projection, Year, project

_FIELDS: Final = tuple(field.name for field in fields(Assumptions))


@dataclass(frozen=True, slots=True)
class Named:
    """A scenario to choose: ``key`` is its code or number, ``kept`` the row of one that a person made."""

    key: str
    name: str
    name_en: str
    basis: str
    assumed: Assumptions
    kept: Scenario | None = None

    def said(self, language: str) -> str:
        """Its name in a language."""
        return self.name_en if language.startswith("en") else self.name


@dataclass(frozen=True, slots=True)
class Whole:
    """A year of both tiers together, in dong; shares in ppm, None of nothing."""

    year: int
    opening: int
    lent: int
    repaid: int
    closing: int
    overdue: int
    interest: int
    local: int
    central: int
    local_added: int
    central_added: int
    beyond: bool
    commune_added: int = 0
    commission: int = 0
    fee: int = 0

    @property
    def province_added(self) -> int:
        return self.local_added - self.commune_added

    @property
    def growth(self) -> int | None:
        return _share(self.closing - self.opening, self.opening)

    @property
    def local_share(self) -> int | None:
        return _share(self.local, self.closing)

    @property
    def overdue_share(self) -> int | None:
        return _share(self.overdue, self.closing)

    @property
    def local_of_growth(self) -> int | None:
        grown = self.closing - self.opening
        return _share(self.local_added, grown) if grown > 0 else None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a scenario comes to: its years, and their sums."""

    scenario: Named
    years: tuple[Whole, ...]

    @property
    def last(self) -> Whole:
        return self.years[-1]

    @property
    def lent(self) -> int:
        return sum(year.lent for year in self.years)

    @property
    def local_added(self) -> int:
        return sum(year.local_added for year in self.years)

    @property
    def central_added(self) -> int:
        return sum(year.central_added for year in self.years)

    @property
    def interest(self) -> int:
        return sum(year.interest for year in self.years)

    @property
    def commune_added(self) -> int:
        return sum(year.commune_added for year in self.years)

    @property
    def paid_on(self) -> int:
        """Commission and fee of all years."""
        return sum(year.commission + year.fee for year in self.years)


def scenarios() -> list[Named]:
    """Those that ship (law/scenarios.yaml), then those that people keep, the newest first."""
    shipped = [
        Named(row["code"], row["name"], row["name_en"], row["basis"], assumptions_of(row))
        for row in law.load("scenarios.yaml")
    ]
    kept = Scenario.objects.filter(ended_on__isnull=True).select_related("by")
    return shipped + [
        Named(str(one.pk), one.name, one.name, one.basis, assumptions_of(one.assumed), one)
        for one in kept
    ]


def assumptions_of(row: Mapping[str, Any]) -> Assumptions:
    """The assumptions among the keys of a row."""
    return Assumptions(**{name: row[name] for name in _FIELDS if row.get(name) is not None})


def opening_of(base: date, until: int) -> Opening:
    """``opening`` of a month-end, kept while its snapshot is the same. Raises what ``opening`` raises."""
    return _opening(base, store().manifest(base).digest, until)


@lru_cache(maxsize=8)
def _opening(base: date, digest: str, until: int) -> Opening:
    return opening(base, Assumptions(until=until))


def outcome(scenario: Named, base: date) -> Outcome:
    """What a scenario comes to from a month-end. Raises AssumptionWrong and what ``opening`` raises."""
    if wrong := faults(scenario.assumed, base.year):
        raise AssumptionWrong(wrong)
    return outcome_of(projected(base, scenario.assumed), scenario)


def projected(base: date, assumed: Assumptions) -> Projection:
    """A scenario's projection from a month-end, kept while its snapshot is the same."""
    return _projected(base, store().manifest(base).digest, assumed)


def outcome_of(found: Projection, scenario: Named | None = None) -> Outcome:
    """The years of a projection, of a scenario or of none that has a name."""
    unnamed = Named("", "", "", "", Assumptions())
    return Outcome(scenario or unnamed, tuple(_wholes(found)))


@lru_cache(maxsize=64)
def _projected(base: date, digest: str, assumed: Assumptions) -> Projection:
    return project(_opening(base, digest, assumed.until), assumed)


def tries_of(last: date) -> list[Try]:
    """``tries``, kept while the snapshot of the day is the same."""
    return _tries(last, store().manifest(last).digest)


@lru_cache(maxsize=4)
def _tries(last: date, digest: str) -> list[Try]:
    return tries(last)


def _wholes(found: Projection) -> list[Whole]:
    by_year: dict[int, dict[str, Year]] = {}
    for row in found.years:
        by_year.setdefault(row.year, {})[row.tier] = row
    return [_whole(year, tiers) for year, tiers in by_year.items()]


def _whole(year: int, tiers: Mapping[str, Year]) -> Whole:
    rows = list(tiers.values())
    local = tiers[LOCAL]
    central = next(row for row in rows if row is not local)
    return Whole(
        year=year,
        opening=sum(row.opening for row in rows),
        lent=sum(row.lent for row in rows),
        repaid=sum(row.repaid for row in rows),
        closing=sum(row.closing for row in rows),
        overdue=sum(row.overdue for row in rows),
        interest=sum(row.interest for row in rows),
        local=local.closing,
        central=central.closing,
        local_added=local.added,
        central_added=central.added,
        beyond=any(row.beyond for row in rows),
        commune_added=local.by_communes,
        commission=sum(row.commission for row in rows),
        fee=sum(row.fee for row in rows),
    )


def _share(part: int, whole: int) -> int | None:
    return (2 * part * PPM + whole) // (2 * whole) if whole else None
