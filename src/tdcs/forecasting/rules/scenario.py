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
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Final

from tdcs.core.basis import without_basis
from tdcs.core.months import month_end
from tdcs.forecasting.rules.assumptions import CENTRAL, LOCAL, PPM, TIERS, Assumptions, Habits
from tdcs.forecasting.rules.costs import Costs, costs_of
from tdcs.forecasting.rules.path import (
    NEW,
    Book,
    Borrowing,
    Flows,
    Key,
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
    through the day; ``season``: what was lent in each calendar month of them; ``rates``: ppm of new loans by programme and tier;
    ``communes``: ppm of the local money that is the communes'; ``costs``: what entrusted loans cost; ``habits``: each
    programme's of all ages together, for a reader.
    """

    book: Book
    at_year_begin: Mapping[str, int]
    lent: Mapping[tuple[str, str], int]
    season: tuple[int, ...]
    rates: Mapping[tuple[str, str], int]
    communes: int = 0
    costs: Costs = field(default_factory=Costs)
    habits: Mapping[str, Habits] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Year:
    """What a year asks of one tier, in dong.

    ``added``: capital above what comes back, ``by_communes`` of it from their budgets; ``beyond``: it stands above what is
    assumed with nothing lent; ``commission``, ``fee``: what its entrusted loans cost.
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
    commission: int = 0
    fee: int = 0
    communes: int = 0

    @property
    def added(self) -> int:
        return max(self.closing - self.opening, 0)

    @property
    def by_communes(self) -> int:
        return self.added * self.communes // PPM


@dataclass(frozen=True, slots=True)
class Projection:
    """The years of every tier, the flows of each year's months, and what was lent in each month."""

    years: tuple[Year, ...]
    flows: tuple[Flows, ...]
    lending: Mapping[Key, tuple[int, ...]]


@without_basis("phép chiếu, không phải quy định: các giả định hiện cùng kết quả")
def project(opening: Opening, assumed: Assumptions) -> Projection:
    """The book through the end of the year ``until``."""
    book = with_new(opening, assumed)
    begun = dict(opening.at_year_begin)
    made: list[Flows] = []
    years: list[Year] = []
    lending: dict[Key, tuple[int, ...]] = {}
    for year in range(book.day.year, assumed.until + 1):
        left = _YEAR - book.day.month if book.day.year == year else _YEAR
        if not left:
            begun = {tier: book.outstanding(tier) for tier in TIERS}
            continue
        season = opening.season[_YEAR - left :]
        lends, beyond = _amounts(opening, assumed, book, begun, season)
        by_stock = _by_stock(opening, lends, season, year)
        before = sum(len(flows.ends) for flows in made)
        lending |= {key: (0,) * before + tuple(lent) for key, lent in by_stock.items()}
        book, flows = run(book, by_stock, left)
        made.append(flows)
        for tier in TIERS:
            years.append(_year(opening, assumed, year, begun[tier], (tier, flows, beyond[tier])))
        begun = {tier: book.outstanding(tier) for tier in TIERS}
    return Projection(tuple(years), tuple(made), lending)


def with_new(opening: Opening, assumed: Assumptions) -> Book:
    """The book with the scenario's habits, and an empty stock of new loans of each year wherever something is lent."""
    book = opening.book
    width = max((len(stock.coming) for stock in book.stocks.values()), default=1)
    stocks = {**book.stocks}
    for (programme, tier), rate in opening.rates.items():
        for year in range(book.day.year, assumed.until + 1):
            stocks[Key(programme, tier, NEW, year)] = Stock(rate, 0, (0,) * width)
    borrowing = {
        code: Borrowing(
            tuple(
                habits.times(slipped=assumed.slipped, early=assumed.early, cured=assumed.cured)
                for habits in one.habits
            ),
            one.profile,
        )
        for code, one in book.borrowing.items()
    }
    return replace(book, stocks=stocks, borrowing=borrowing)


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
    lines = {tier: _line(opening, book, tier, season, year) for tier in TIERS}
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


def _line(opening: Opening, book: Book, tier: str, season: Sequence[int], year: int) -> _EndOfYear:
    of_tier = {key: stock for key, stock in book.stocks.items() if key.tier == tier}
    alone = replace(book, stocks=of_tier)
    without, _ = run(alone, {}, len(season))
    probed, _ = run(alone, _by_stock(opening, {tier: _PROBE}, season, year), len(season))
    stands = without.outstanding(tier)
    return _EndOfYear(stands, Fraction(probed.outstanding(tier) - stands, _PROBE))


def _by_stock(
    opening: Opening, lends: Mapping[str, int], season: Sequence[int], year: int
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
            found[Key(programme, tier, NEW, year)] = list(parts_of(part, monthly))
    return found


def _year(
    opening: Opening, assumed: Assumptions, year: int, begun: int, made: tuple[str, Flows, bool]
) -> Year:
    tier, flows, beyond = made
    mine = flows.of(tier)
    commission, fee = costs_of(mine, opening.costs)
    communes = opening.communes if assumed.commune is None else assumed.commune
    return Year(
        year=year,
        tier=tier,
        opening=begun,
        lent=mine.total("lent"),
        repaid=mine.total("repaid"),
        closing=mine.at_end("closing"),
        overdue=mine.at_end("overdue"),
        interest=mine.total("interest"),
        beyond=beyond,
        commission=commission,
        fee=fee,
        communes=communes if tier == LOCAL else 0,
    )
