"""A scenario: year by year, how much must be lent of each tier's money so that growth and the budgets' share are as assumed.

What a tier stands at at a year's end is a line in what it lends in the year: closing = without + kept × lent, both found
by running the year. With G the growth of the whole and s the local share of it:

    local closing = local opening + s × G        central closing = what the local leaves of opening + G

If 100 stood at the year's beginning, 20 of it local, and 10% growth with 30% of it local is assumed: the local money must
stand at 23, the central at 87. A tier that stands above that with nothing lent lends nothing, and the year says so
(``beyond``); the central money then brings what the local leaves of the growth.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from tdcs.core.basis import without_basis
from tdcs.core.months import month_end
from tdcs.forecasting.rules.assumptions import CENTRAL, LOCAL, PPM, TIERS, Assumptions
from tdcs.forecasting.rules.path import (
    NEW,
    Book,
    Borrowing,
    Key,
    Month,
    Stock,
    parts_of,
    run,
)

_YEAR: Final = 12
# Lent to see what of it stands at the year's end.
_PROBE: Final = 10**12


@dataclass(frozen=True, slots=True)
class Opening:
    """Where a projection begins. ``book``: the running loans at the end of its day.

    ``at_year_begin``: outstanding of each tier when the day's year began; ``lent``: by programme and tier, of the twelve months
    through the day; ``season``: what was lent in each calendar month of them; ``rates``: ppm of new loans by programme and tier.
    """

    book: Book
    at_year_begin: Mapping[str, int]
    lent: Mapping[tuple[str, str], int]
    season: tuple[int, ...]
    rates: Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Year:
    """What a year asks of one tier, in dong.

    ``added``: capital above what comes back; ``beyond``: it stands above what is assumed with nothing lent.
    """

    year: int
    tier: str
    opening: int
    lent: int
    repaid: int
    closing: int
    overdue: int
    interest: int
    beyond: bool

    @property
    def added(self) -> int:
        return max(self.closing - self.opening, 0)


@dataclass(frozen=True, slots=True)
class Projection:
    """The months of every stock and the years of every tier."""

    months: tuple[Month, ...]
    years: tuple[Year, ...]


@without_basis("phép chiếu, không phải quy định: các giả định hiện cùng kết quả")
def project(opening: Opening, assumed: Assumptions) -> Projection:
    """The book through the end of the year ``until``."""
    book = _with_new(opening, assumed)
    begun = dict(opening.at_year_begin)
    months: list[Month] = []
    years: list[Year] = []
    for year in range(book.day.year, assumed.until + 1):
        left = _YEAR - book.day.month if book.day.year == year else _YEAR
        if not left:
            begun = {tier: book.outstanding(tier) for tier in TIERS}
            continue
        season = opening.season[_YEAR - left :]
        lends, beyond = _amounts(opening, assumed, book, begun, season)
        book, made = run(book, _by_stock(opening, lends, season), left)
        months += made
        years += [_year(year, tier, begun[tier], made, beyond[tier]) for tier in TIERS]
        begun = {tier: book.outstanding(tier) for tier in TIERS}
    return Projection(tuple(months), tuple(years))


def _with_new(opening: Opening, assumed: Assumptions) -> Book:
    """The book with the scenario's habits, and an empty stock of new loans wherever something is lent."""
    book = opening.book
    width = max((len(stock.coming) for stock in book.stocks.values()), default=1)
    stocks = {**book.stocks}
    for (programme, tier), rate in opening.rates.items():
        stocks[programme, tier, NEW] = Stock(rate, 0, (0,) * width)
    borrowing = {
        code: Borrowing(
            one.habits.times(slipped=assumed.slipped, early=assumed.early, cured=assumed.cured),
            one.profile,
        )
        for code, one in book.borrowing.items()
    }
    return Book(book.day, stocks, borrowing)


def _amounts(
    opening: Opening,
    assumed: Assumptions,
    book: Book,
    begun: Mapping[str, int],
    season: Sequence[int],
) -> tuple[dict[str, int], dict[str, bool]]:
    """What each tier lends in the months left of a year, and whether it is beyond what is assumed with nothing lent."""
    past = {
        tier: sum(dong for key, dong in opening.lent.items() if key[1] == tier) for tier in TIERS
    }
    usual = {
        tier: past[tier] * assumed.lending * sum(season) // (PPM * max(sum(opening.season), 1))
        for tier in TIERS
    }
    year = month_end(book.day, 1).year
    lines = {tier: _line(opening, book, tier, season) for tier in TIERS}
    wanted = _wanted(assumed, year, begun, usual, lines)
    lends = {tier: max(round(wanted[tier]), 0) for tier in TIERS}
    return lends, {tier: wanted[tier] < 0 for tier in TIERS}


def _wanted(
    assumed: Assumptions,
    year: int,
    begun: Mapping[str, int],
    usual: Mapping[str, int],
    lines: Mapping[str, _EndOfYear],
) -> dict[str, Fraction]:
    """What each tier must lend; below 0 where even nothing is too much."""
    local, central = lines[LOCAL], lines[CENTRAL]
    whole = begun[CENTRAL] + begun[LOCAL]
    if assumed.growth is None:
        lends = Fraction(usual[CENTRAL] + usual[LOCAL])
        if assumed.local is None:
            return {tier: Fraction(usual[tier]) for tier in TIERS}
        # local − its opening = share × (local + central − both openings), where both lend ``lends`` together.
        share = Fraction(assumed.local, PPM)
        slope = local.kept - share * (local.kept - central.kept)
        grown = local.without + central.at(lends) - whole
        found = min((share * grown - local.without + begun[LOCAL]) / slope, lends)
        return {LOCAL: found, CENTRAL: lends - max(found, Fraction(0))}
    growth = Fraction(whole * assumed.growth, PPM)
    by_local = Fraction(usual[LOCAL])
    if assumed.local is not None:
        by_local = local.lent_for(begun[LOCAL] + Fraction(assumed.local, PPM) * growth)
    elif assumed.share is not None:
        now = Fraction(begun[LOCAL], whole) if whole else Fraction(0)
        share = now + (Fraction(assumed.share, PPM) - now) / (assumed.until - year + 1)
        by_local = local.lent_for(share * (whole + growth))
    by_central = central.lent_for(whole + growth - local.at(max(by_local, Fraction(0))))
    return {LOCAL: by_local, CENTRAL: by_central}


@dataclass(frozen=True, slots=True)
class _EndOfYear:
    """Where a tier stands at a year's end: ``without`` anything lent, and ``kept`` of each dong that is lent."""

    without: int
    kept: Fraction

    def at(self, lent: Fraction) -> Fraction:
        return self.without + self.kept * lent

    def lent_for(self, closing: Fraction) -> Fraction:
        """What must be lent to stand at ``closing``; below 0 where nothing is too much, and where nobody lends."""
        return (closing - self.without) / self.kept if self.kept else Fraction(-1)


def _line(opening: Opening, book: Book, tier: str, season: Sequence[int]) -> _EndOfYear:
    of_tier = {key: stock for key, stock in book.stocks.items() if key[1] == tier}
    alone = Book(book.day, of_tier, book.borrowing)
    without, _ = run(alone, {}, len(season))
    probed, _ = run(alone, _by_stock(opening, {tier: _PROBE}, season), len(season))
    stands = without.outstanding(tier)
    return _EndOfYear(stands, Fraction(probed.outstanding(tier) - stands, _PROBE))


def _by_stock(
    opening: Opening, lends: Mapping[str, int], season: Sequence[int]
) -> dict[Key, list[int]]:
    """Dong in each month by stock: a tier's amount by what its programmes lent, then by the season."""
    monthly = season if any(season) else [1] * len(season)
    found: dict[Key, list[int]] = {}
    for tier, amount in lends.items():
        keys = [key for key in opening.rates if key[1] == tier]
        weights = [opening.lent.get(key, 0) for key in keys]
        if not any(weights):
            weights = [sum(opening.lent.get((key[0], t), 0) for t in TIERS) for key in keys]
        if not any(weights):
            continue
        for (programme, _), part in zip(keys, parts_of(amount, weights), strict=True):
            found[programme, tier, NEW] = list(parts_of(part, monthly))
    return found


def _year(year: int, tier: str, begun: int, made: Sequence[Month], beyond: bool) -> Year:
    rows = [row for row in made if row.tier == tier]
    last = max(row.end for row in rows) if rows else date(year, 12, 31)
    return Year(
        year=year,
        tier=tier,
        opening=begun,
        lent=sum(row.lent for row in rows),
        repaid=sum(row.repaid for row in rows),
        closing=sum(row.closing for row in rows if row.end == last),
        overdue=sum(row.overdue for row in rows if row.end == last),
        interest=sum(row.interest for row in rows),
        beyond=beyond,
    )
