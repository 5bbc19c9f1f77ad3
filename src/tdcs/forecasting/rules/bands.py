"""A projection a thousand times: how far the book may stand from what is projected when borrowers pay otherwise than before.

A cohort is a programme's loans of one year of lending in one commune from one fund. Every path goes as ``path.run`` goes,
month by month, with shares that are multiplied by what the path draws: each calendar year anew, with the mean 1 and as widely
as the book's own years differed (``Spread``): of the whole book what is collected, slips and is cured; of each programme and each
commune what comes early. Paths come in pairs, one with each draw's opposite, so that their mean stays near the projection.

What is not due yet of a cohort shrinks by one factor, since early payment takes from all later months alike; so a cohort's
path is a factor, what is overdue and the twelve months of what was kept, and not a row of months. What the scenario lends is
walked by programme, fund and year, as rows of months.

Paths are estimates in floating point (millions of dong); only their bands are told in whole dong. The same seed draws the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np

from tdcs.core.basis import without_basis
from tdcs.core.months import month_end
from tdcs.forecasting.rules.assumptions import PPM, TIERS
from tdcs.forecasting.rules.path import Book, Key

Numbers = np.ndarray[Any, np.dtype[np.float32]]
MEASURES: Final = ("closing", "overdue", "repaid", "interest")
PERCENTILES: Final = (5, 50, 95)
PATHS: Final = 1_000
_YEAR: Final = 12
_DAYS: Final = 365
_MILLION: Final = 1_000_000
# So many paths go together: their columns stay in the processor's cache.
_TOGETHER: Final = 20
_TINY: Final = 1e-12
# What no draw passes: half of what is later by a stock's own share, nearly all of it in any month; and as in path.py.
_MOST_EARLY: Final = 0.5
_MOST_PAID: Final = 0.99
_AHEAD_MOST: Final = 10


@dataclass(frozen=True, slots=True)
class Spread:
    """How widely shares differ from year to year, as a standard deviation in ppm of the share itself."""

    collected: int
    slipped: int
    cured: int
    programme: int
    commune: int


@dataclass(frozen=True, slots=True)
class Cohorts:
    """Running loans in dong. A row for each of the ``keys`` with its rate (ppm) and what is overdue; ``coming``: for each key and
    each of the ``communes`` its months, the last one for all later.
    """

    keys: tuple[Key, ...]
    communes: tuple[int, ...]
    rates: tuple[int, ...]
    overdue: tuple[int, ...]
    coming: np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True, slots=True)
class Band:
    """A measure at a year's end or in a year, over all paths, in dong: mean, and the PERCENTILES."""

    year: int
    measure: str
    mean: int
    low: int
    middle: int
    high: int


@dataclass(frozen=True, slots=True)
class Draws:
    """How paths are drawn: how many (an even number), from which seed, how widely."""

    spread: Spread
    paths: int = PATHS
    seed: int = 2030


@without_basis("phép chiếu, không phải quy định: các giả định hiện cùng kết quả")
def bands(
    book: Book,
    cohorts: Cohorts,
    lending: Mapping[Key, Sequence[int]],
    months: int,
    draws: Draws,
) -> list[Band]:
    """The bands of each year and measure. ``book``: day, habits and what is collected, with its stocks of NEW loans only."""
    ends = [month_end(book.day, at + 1) for at in range(months)]
    years = sorted({end.year for end in ends})
    luck = np.random.default_rng(draws.seed)
    nominal = _nominal(cohorts)

    def walked(factors: _Factors) -> np.ndarray[Any, np.dtype[np.float64]]:
        return _Walk(book, nominal, lending, ends, factors).figures()

    # NumPy leaves the interpreter to others while it computes.
    with ThreadPoolExecutor(2) as threads:
        parts = list(threads.map(walked, _drawn(luck, draws, years, cohorts, book)))
    whole = np.concatenate(parts, axis=2) * _MILLION
    found = []
    for at, year in enumerate(years):
        for row, measure in enumerate(MEASURES):
            values = whole[row, at]
            low, middle, high = np.percentile(values, PERCENTILES)
            mean = float(values.mean())
            found.append(Band(year, measure, round(mean), round(low), round(middle), round(high)))
    return found


@dataclass(frozen=True, slots=True)
class _Factors:
    """What some paths draw, by year: of the book, and of each programme and commune (a row each, a column for each path)."""

    collected: Mapping[int, Numbers]
    slipped: Mapping[int, Numbers]
    cured: Mapping[int, Numbers]
    programme: Mapping[int, Numbers]
    commune: Mapping[int, Numbers]
    programmes: Mapping[str, int]
    places: Mapping[int, int]


def _drawn(
    luck: np.random.Generator, draws: Draws, years: Sequence[int], cohorts: Cohorts, book: Book
) -> Iterator[_Factors]:
    """Pairs of paths, some at a time; each year's draws are new."""
    programmes = {code: at for at, code in enumerate(sorted(book.borrowing))}
    places = {commune: at for at, commune in enumerate(sorted(set(cohorts.communes)))}

    def factors(spread: int, rows: int, pairs: int) -> dict[int, Numbers]:
        sigma = spread / PPM
        found = {}
        for year in years:
            normal = luck.standard_normal((rows, pairs), dtype=np.float32)
            both = np.concatenate([normal, -normal], axis=1)
            found[year] = np.exp(sigma * both - sigma * sigma / 2).astype(np.float32)
        return found

    left = draws.paths // 2
    while left > 0:
        pairs = min(left, _TOGETHER // 2)
        left -= pairs
        spread = draws.spread
        yield _Factors(
            factors(spread.collected, 1, pairs),
            factors(spread.slipped, 1, pairs),
            factors(spread.cured, 1, pairs),
            factors(spread.programme, len(programmes), pairs),
            factors(spread.commune, len(places), pairs),
            programmes,
            places,
        )


@dataclass(frozen=True, slots=True)
class _Nominal:
    """The cohorts in millions, as every path begins. ``after``: what is due after each month."""

    cohorts: Cohorts
    coming: Numbers
    after: Numbers


def _nominal(cohorts: Cohorts) -> _Nominal:
    millions = cohorts.coming / _MILLION
    after = np.cumsum(millions[:, :, ::-1], axis=2)[:, :, ::-1] - millions
    return _Nominal(cohorts, _by_month(millions), _by_month(after))


def _by_month(numbers: np.ndarray[Any, np.dtype[np.float64]]) -> Numbers:
    """Months first, each a block of its own."""
    return np.ascontiguousarray(np.moveaxis(numbers, 2, 0), dtype=np.float32)


class _Walk:
    """Some paths from the first month to the last."""

    def __init__(
        self,
        book: Book,
        nominal: _Nominal,
        lending: Mapping[Key, Sequence[int]],
        ends: Sequence[date],
        factors: _Factors,
    ) -> None:
        self.book, self.ends, self.factors = book, ends, factors
        self.paths = next(iter(factors.collected.values())).shape[1]
        self.old = _Running(book, nominal, factors, self.paths)
        self.new = _Lent(book, lending, factors, self.paths, len(ends))

    def figures(self) -> np.ndarray[Any, np.dtype[np.float64]]:
        """MEASURES × years × paths, in millions."""
        years = sorted({end.year for end in self.ends})
        found = np.zeros((len(MEASURES), len(years), self.paths))
        for at, end in enumerate(self.ends):
            if at == 0 or end.month == 1:
                self.old.begin(end.year)
                self.new.begin(end.year)
            row = self._month(at, end)
            place = years.index(end.year)
            found[0, place], found[1, place] = row["closing"], row["overdue"]
            found[2, place] += row["repaid"]
            found[3, place] += row["interest"]
        return found

    def _month(self, at: int, end: date) -> dict[str, Numbers]:
        parts = (self.old, self.new)
        for part in parts:
            part.fall(at)
        collected = self.factors.collected[end.year][0] * (self.book.collected / PPM)
        scales = []
        for tier in range(len(TIERS)):
            owed, usual, timely = (
                sum(one) for one in zip(*(part.sums(tier) for part in parts), strict=True)
            )
            able = np.maximum(owed * collected - timely, 0)
            scale = np.where(usual > 0, able / np.maximum(usual, _TINY), 1)
            scales.append(np.minimum(scale, _AHEAD_MOST) if self.book.collected else able * 0 + 1)
        found: dict[str, Numbers] = {}
        for part in parts:
            for name, value in part.pay(at, end, np.stack(scales)).items():
                found[name] = found[name] + value if name in found else value
        return found


class _Part:
    """Stocks of one kind: a row for each key, a column for each path. ``early``: by key, or by key and commune."""

    def __init__(
        self, book: Book, keys: Sequence[Key], rates: Sequence[int], factors: _Factors, paths: int
    ) -> None:
        self.borrowing, self.keys, self.factors = book.borrowing, keys, factors
        self.programme = np.array(
            [factors.programmes[key.programme] for key in keys], dtype=np.int64
        )
        self.tiers = np.array(
            [[key.tier == tier for key in keys] for tier in TIERS], dtype=np.float32
        )
        self.rates = np.array(rates, dtype=np.float32) / PPM
        self.overdue = np.zeros((len(keys), paths), dtype=np.float32)
        self.balance: Numbers = np.zeros(paths, dtype=np.float32)
        self.due = self.later = self.usual = self.overdue

    def begin(self, year: int) -> None:
        """The shares of a calendar year, with what the paths draw."""
        found = [self.borrowing[key.programme].at(year - key.year) for key in self.keys]
        shares = {
            name: np.array([getattr(one, name) / PPM for one in found], dtype=np.float32)[:, None]
            for name in ("slipped", "kept", "early", "cured", "ahead")
        }
        self.kept, self.ahead = shares["kept"], shares["ahead"]
        self.slipped = np.minimum(shares["slipped"] * self.factors.slipped[year], 1 - self.kept)
        self.cured = np.minimum(shares["cured"] * self.factors.cured[year], 1)
        drawn = shares["early"] * self.factors.programme[year][self.programme]
        self.early = np.minimum(drawn, _MOST_EARLY)
        older = np.array([key.year < year for key in self.keys], dtype=np.float32)
        self.older, self.younger = self.tiers * older, (1 - older)[:, None]

    def sums(self, tier: int) -> tuple[Numbers, Numbers, Numbers]:
        """Of a tier's loans of earlier years: owed in term, what comes early by their shares, what is paid on its day."""
        weights = self.older[tier]
        timely = self.due * (1 - self.slipped - self.kept)
        return weights @ (self.due + self.later), weights @ self.usual, weights @ timely

    def scaled(self, scales: Numbers) -> Numbers:
        """What each key's early shares are multiplied by, never so much that more is paid than is later."""
        scale = (self.older.T @ scales.astype(np.float32) + self.younger) * self.ahead
        found: Numbers = np.minimum(scale, _MOST_PAID / np.maximum(self.most_early(), _TINY))
        return found

    def most_early(self) -> Numbers:
        """The largest early share of each key."""
        found: Numbers = self.early
        return found

    def ended(self, end: date, early: Numbers) -> dict[str, Numbers]:
        """What the month came to, once ``early`` of each key was paid ahead."""
        slipped, kept = self.due * self.slipped, self.due * self.kept
        cured = self.overdue * self.cured
        self.overdue = self.overdue + slipped - cured
        closing = self.later - early + kept + self.overdue
        weighed: Numbers = (self.rates @ closing).astype(np.float32)
        interest = (self.balance + weighed) * (end.day / (2 * _DAYS))
        self.balance = weighed
        repaid = self.due - slipped - kept + early + cured
        return {
            "closing": closing.sum(axis=0, dtype=np.float64),
            "overdue": self.overdue.sum(axis=0, dtype=np.float64),
            "repaid": repaid.sum(axis=0, dtype=np.float64),
            "interest": interest,
        }


class _Running(_Part):
    """Running loans by key and commune: a factor each (what is left of its months), and what was kept in the last twelve."""

    def __init__(self, book: Book, nominal: _Nominal, factors: _Factors, paths: int) -> None:
        cohorts = nominal.cohorts
        super().__init__(book, cohorts.keys, cohorts.rates, factors, paths)
        self.nominal = nominal
        self.places = [factors.places[commune] for commune in cohorts.communes]
        shape = (*nominal.coming.shape[1:], paths)
        self.left = np.ones(shape, dtype=np.float32)
        self.held = np.zeros(shape, dtype=np.float32)
        self.waiting = np.zeros((_YEAR, *shape), dtype=np.float32)
        self.falling, self.rest = np.empty_like(self.left), np.empty_like(self.left)
        overdue = np.array(cohorts.overdue, dtype=np.float64) / _MILLION
        self.overdue = np.repeat(overdue.astype(np.float32)[:, None], paths, axis=1)
        begun = (nominal.coming[0] + nominal.after[0]).sum(axis=1)[:, None] + self.overdue
        self.balance = (self.rates @ begun).astype(np.float32)

    def begin(self, year: int) -> None:
        super().begin(year)
        self.by_place = self.early[:, None, :] * self.factors.commune[year][self.places]
        np.minimum(self.by_place, _MOST_EARLY, out=self.by_place)
        self.highest = self.by_place.max(axis=1)

    def most_early(self) -> Numbers:
        found: Numbers = self.highest
        return found

    def fall(self, at: int) -> None:
        """What falls due in the month, and what is later."""
        back = self.waiting[at % _YEAR]
        np.add(self.nominal.coming[at][:, :, None], back, out=self.falling)
        self.held -= back
        np.add(self.nominal.after[at][:, :, None], self.held, out=self.rest)
        self.rest *= self.left
        self.due = np.einsum("kcp,kcp->kp", self.falling, self.left)
        self.later = self.rest.sum(axis=1)
        self.usual = np.einsum("kcp,kcp->kp", self.rest, self.by_place)

    def pay(self, at: int, end: date, scales: Numbers) -> dict[str, Numbers]:
        """The month's payments; what was kept is due a year later, and shrinks from now on as the rest does."""
        scale = self.scaled(scales)
        stays, back = self.rest, self.waiting[at % _YEAR]
        np.multiply(self.by_place, scale[:, None, :], out=stays)
        np.subtract(1, stays, out=stays)
        self.left *= stays
        np.divide(self.falling, stays, out=back)
        back *= self.kept[:, :, None]
        self.held += back
        return self.ended(end, scale * self.usual)


class _Lent(_Part):
    """The loans still to be made, by programme, fund and year: a row of months each, counted from the first day."""

    def __init__(
        self,
        book: Book,
        lending: Mapping[Key, Sequence[int]],
        factors: _Factors,
        paths: int,
        months: int,
    ) -> None:
        keys = tuple(key for key in book.stocks if key in lending)
        super().__init__(book, keys, [book.stocks[key].rate for key in keys], factors, paths)
        self.months = months
        self.lent = np.zeros((len(keys), months), dtype=np.float32)
        self.profiles = np.zeros((months, len(keys)), dtype=np.float32)
        for at, key in enumerate(keys):
            amounts = np.array(lending[key][:months], dtype=np.float64) / _MILLION
            self.lent[at, : len(amounts)] = amounts
            profile = np.array(book.borrowing[key.programme].profile, dtype=np.float64)
            profile /= max(profile.sum(), 1)
            self.profiles[: min(len(profile), months), at] = profile[:months]
        self.coming = np.zeros((months + 1, len(keys), paths), dtype=np.float32)

    def fall(self, at: int) -> None:
        """What falls due in the month, and what is later."""
        self.due = self.coming[at]
        self.later = self.coming[at + 1 :].sum(axis=0)
        self.usual = self.later * self.early

    def pay(self, at: int, end: date, scales: Numbers) -> dict[str, Numbers]:
        """The month's payments, and what is lent in it."""
        scale = self.scaled(scales)
        later = self.coming[at + 1 :]
        later *= 1 - self.early * scale
        self.coming[min(at + _YEAR, self.months)] += self.due * self.kept
        row = self.ended(end, scale * self.usual)
        lent = self.lent[:, at]
        if lent.any():
            parts = lent * self.profiles[: len(later) - 1]
            later[:-1] += parts[:, :, None]
            later[-1] += (lent - parts.sum(axis=0))[:, None]
            row["closing"] = row["closing"] + float(lent.sum())
            weighed = float(self.rates @ lent)
            row["interest"] = row["interest"] + weighed * (end.day / (2 * _DAYS))
            self.balance = self.balance + weighed
        return row
