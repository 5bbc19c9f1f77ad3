"""What the law says of each kind of loan in an extract: rates through the month, maximum, longest term, regime."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from tdcs.core import law
from tdcs.core.basis import without_basis
from tdcs.core.columns import day_number
from tdcs.core.dated import Value
from tdcs.core.errors import NoParametersOnDay
from tdcs.loans.rules.running import Change, Reached, reached
from tdcs.programmes.errors import UnknownProgramme
from tdcs.programmes.rules import programme, terms_on
from tdcs.programmes.rules.stretches import edges
from tdcs.programmes.rules.terms import Terms, first_due_limit

KIND: tuple[str, ...] = ("ours", "target_group", "local", "stretch")


@dataclass(frozen=True, slots=True)
class KindLaw:
    """Of one kind: ``rate`` on the last day; ``rates`` and ``overdue_rates``: sums over the days of the month, ppm and
    hundredths of ppm; ``changed``: the law changed within the month; ``maximum`` and ``longest`` where they bind;
    ``grace``: months from the end of the studies to a student's first due day."""

    rate: int
    rate_basis: str
    rates: int
    overdue_rates: int
    changed: bool
    overdue_rate: int
    maximum: int | None
    maximum_basis: str
    longest: int | None
    longest_basis: str
    by_instalment: bool
    grace: int | None
    grace_basis: str


SCHEMA: dict[str, pl.DataType] = {
    "law_rate": pl.Int64(),
    "law_rate_basis": pl.String(),
    "law_rates": pl.Int64(),
    "law_overdue_rates": pl.Int64(),
    "law_changed": pl.Boolean(),
    "law_overdue_rate": pl.Int64(),
    "law_maximum": pl.Int64(),
    "law_maximum_basis": pl.String(),
    "law_longest": pl.Int64(),
    "law_longest_basis": pl.String(),
    "law_by_instalment": pl.Boolean(),
    "law_grace": pl.Int64(),
    "law_grace_basis": pl.String(),
}


@without_basis("gọi các quy tắc khác cho từng loại khoản vay của sao kê")
def law_of_kinds(kinds: pl.DataFrame, day: date) -> pl.DataFrame:
    """KIND with SCHEMA of the kinds that the law knows on their day; others are left out. In: KIND."""
    rows: list[tuple[object, ...]] = []
    for code, group, local, stretch in kinds.select(KIND).unique().rows():
        tier = "local" if local else "central"
        found = _kind_law(code, group, tier, stretch, day)
        if found is not None:
            values = (getattr(found, name.removeprefix("law_")) for name in SCHEMA)
            rows.append((code, group, local, stretch, *values))
    named = dict(zip(KIND, (pl.String(), pl.String(), pl.Boolean(), pl.Date()), strict=True))
    return pl.DataFrame(rows, schema={**named, **SCHEMA}, orient="row")


@law.remembered
def _kind_law(code: str, group: str, tier: str, stretch: date, day: date) -> KindLaw | None:
    place = law.province()
    try:
        terms = terms_on(code, stretch, group, province=place, tier=tier)
        running = reached(code, group, stretch, province=place, tier=tier)
    except (UnknownProgramme, NoParametersOnDay):
        return None
    values = dict(terms.values)
    first = day.replace(day=1)
    daily = [_rates_on(terms, running, first + timedelta(days=n)) for n in range(day.day)]
    rate, overdue_rate = daily[-1]
    changes = [at for at, change in enumerate(running.changes) if change[0] <= day_number(day)]
    maximum, longest = values.get("maximum"), values.get("term")
    grace = _grace(code, stretch)
    return KindLaw(
        rate=rate,
        rate_basis=_cited(running.bases[changes[-1]]) if changes else values["rate"].basis,
        rates=sum(one for one, _ in daily),
        overdue_rates=sum(one for _, one in daily),
        changed=len(set(daily)) > 1,
        overdue_rate=overdue_rate,
        maximum=_binding(maximum),
        maximum_basis=maximum.basis if maximum else "",
        longest=_binding(longest),
        longest_basis=longest.basis if longest else "",
        by_instalment=terms.regime == "instalment",
        grace=grace.amount if grace else None,
        grace_basis=grace.basis if grace else "",
    )


def _grace(code: str, day: date) -> Value | None:
    limit = first_due_limit(programme(code))
    try:
        return limit.on(day) if limit else None
    except NoParametersOnDay:
        return None


def _cited(basis: object) -> str:
    document, article = getattr(basis, "document", ""), getattr(basis, "article", "")
    return f"{document}, {article}" if article else str(document)


def _binding(value: Value | None) -> int | None:
    """A limit that makes a contract beyond it void; hearsay and what was learnt afterwards do not."""
    return value.amount if value is not None and value.limits_contracts else None


def _rates_on(terms: Terms, running: Reached, day: date) -> tuple[int, int]:
    """(ppm, hundredths of ppm on overdue principal) of a day."""
    number = day_number(day)
    rate, base, percent = terms.rate_ppm, None, terms.overdue_percent
    own = running.own_overdue_rate
    base = terms.rate_ppm
    for change in _until(running.changes, number):
        _, new_rate, new_base, new_percent = change
        rate = rate if new_rate is None else new_rate
        if new_base is not None or new_percent is not None:
            base = base if new_base is None else new_base
            percent = percent if new_percent is None else new_percent
            own = 0
    return rate, own or base * percent


def _until(changes: Sequence[Change], number: int) -> list[Change]:
    return [change for change in changes if change[0] <= number]


def stretch_of(days: pl.Series) -> pl.Series:
    """``first_of_stretch`` as a column."""
    known = pl.Series("stretch", edges(), dtype=pl.Date)
    at = known.search_sorted(days, side="right").cast(pl.Int64) - 1
    inside = pl.select(pl.when(at >= 0).then(at).otherwise(0)).to_series()
    found = known.gather(inside)
    return found.zip_with(at >= 0, days).alias("stretch")
