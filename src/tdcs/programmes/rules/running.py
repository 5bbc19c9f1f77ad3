"""What the law changes for a loan that runs: decisions that reach outstanding loans, from which day, to what rate."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from tdcs.core import law
from tdcs.core.basis import basis
from tdcs.core.dated import Value
from tdcs.programmes.rules.overlays import CENTRAL, Overlay, overlay_of
from tdcs.programmes.rules.shared import shared
from tdcs.programmes.rules.terms import BASE, programme, terms_on


@dataclass(frozen=True, slots=True)
class RateChange:
    """What the law changes for a loan that runs, from the day ``on``."""

    on: date
    document: str
    article: str
    rate_ppm: int | None  # the new rate, None when only the overdue percent changes
    overdue_base_ppm: int | None  # the rate that overdue principal is a percent of; None: unchanged
    overdue_percent: int | None  # None: unchanged


@dataclass(slots=True)
class _Law:
    """The rows that govern one loan: its programme's, the base that a multiple is of, the province's own."""

    row: Value
    base: Value
    own: Value | None
    overlay: Overlay | None

    def rate(self) -> int:
        """The rate in force: the row's figure, or its percent of the base, or what the province makes of it."""
        central = self.row.amount
        if self.row.multiple is not None:
            central = self.base.amount * self.row.multiple // 100
        if self.overlay is None or self.own is None:
            return central
        return self.overlay.of_amounts(central, self.own.amount)


@basis("QD-2553-2025-TTg", "Điều 1")
@basis("ND-261-2025", "khoản 1 Điều 3")
@law.remembered
def running_changes(
    code: str,
    disbursed_on: date,
    target_group: str = "",
    *,
    province: str = "",
    tier: str = CENTRAL,
) -> tuple[RateChange, ...]:
    """The changes after the day of disbursement, in order; a change that changes nothing is none.

    Starts from the row in force on the day of disbursement. Later rows that reach running loans take its place from
    their day; a row for new contracts changes nothing. While the row is a multiple, each base row that reaches running
    loans makes the rate its own multiple of the new base: 120% of 62,400 for a jobs contract of 2025, whatever new
    contracts bear. Raises UnknownProgramme, UnknownProvince, NoParametersOnDay.
    """
    terms = terms_on(code, disbursed_on, target_group, province=province, tier=tier)
    rows = programme(code).rates_written(target_group)
    bases = programme(BASE).rates_written()
    overlay = overlay_of(province, tier, (code, target_group), "rate")
    owns = overlay.parameter.values if overlay else ()
    row, base = _governing(rows, disbursed_on), _governing(bases, disbursed_on)
    assert row is not None, "terms_on refused a day without a rate"
    assert base is not None or row.multiple is None, "a multiple has its base"
    held = _Law(
        row, base or row, overlay.parameter.find(disbursed_on) if overlay else None, overlay
    )
    percents = {value.starts_on: value for value in _changed_percents(terms.overdue_base_ppm)}
    found, rate = [], held.rate()
    reaching = (*rows, *bases, *owns, *percents.values())
    for on in sorted({value.starts_on for value in reaching if value.reaches_running}):
        if on <= disbursed_on:
            continue
        decided = _take(held, on, rows, bases, owns)
        percent = percents.get(on)
        moved = decided is not None and held.rate() != rate
        if not moved and percent is None:
            continue
        rate = held.rate()
        cause = decided if moved else percent
        assert cause is not None
        follows = moved and terms.overdue_base_ppm is None and _overdue_follows(cause, on)
        found.append(
            RateChange(
                on,
                cause.document,
                cause.article,
                rate if moved else None,
                rate if follows else None,
                percent.amount if percent else None,
            )
        )
    return tuple(found)


def _governing(rows: Iterable[Value], day: date) -> Value | None:
    """The last row that began by the day: what a loan of that day was signed under."""
    return next((row for row in reversed(tuple(rows)) if row.starts_on <= day), None)


def _take(
    held: _Law, on: date, rows: Iterable[Value], bases: Iterable[Value], owns: Iterable[Value]
) -> Value | None:
    """Puts the rows that begin on a day and reach running loans in force; returns the one that decides."""
    own, base, row = (_reaching(kind, on) for kind in (owns, bases, rows))
    if own is not None:
        held.own = own
    if row is not None:
        # A row that reaches running loans is a multiple of the base that holds for all on its day.
        held.row, held.base = row, _governing(bases, on) or held.base
        return row
    if base is not None:
        held.base = base
    if base is not None and held.row.multiple is not None:
        return base
    return own


def _reaching(rows: Iterable[Value], on: date) -> Value | None:
    return next((row for row in rows if row.starts_on == on and row.reaches_running), None)


def _overdue_follows(cause: Value, on: date) -> bool:
    """Whether overdue principal bears its percent of the new rate: as the row says, else as the shared figure does."""
    if cause.overdue is not None:
        return cause.overdue
    return shared("overdue_follows_running_rate").on(on).amount == 1


def _changed_percents(own_overdue_rate: int | None) -> Iterator[Value]:
    """Rows of the overdue percent that reach running loans and differ from the row before; none for an own rate."""
    values = shared("overdue_percent").values if own_overdue_rate is None else ()
    for before, after in itertools.pairwise(values):
        if after.reaches_running and after.amount != before.amount:
            yield after
