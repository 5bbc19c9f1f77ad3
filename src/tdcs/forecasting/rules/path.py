"""The book from month to month: what falls due, what of it is paid, what is lent; and how much must be lent to keep a promise.

A stock is a programme's money of one tier and one year of lending, of loans that run (at their rate) or of loans still to be
made (at the law's rate of the first day). Its age is the calendar year of the month less that of its lending, and how it is
paid goes by programme and age. In each month, every share rounded down to the dong:

    slipped = due × slipped        kept = due × kept, due again a year later        early = each later month's part × early
    cured = overdue × cured        repaid = due − slipped − kept + early + cured     closing = opening + lent − repaid

Who has more to pay by its day pays less ahead of it. Of what a tier's loans of earlier years owe in term, a steady share
(``collected``) comes in a month, on its day or before; so their early shares are all multiplied by

    (what they owe in term × collected − due + slipped + kept) ÷ (the sum of each later month's part × early)

which is 0 where more falls due than that. 1,000 in term, 20 collected of it, 15 due and paid, 10 early by the shares
alone: half of that, 5. What the year itself lends goes by its own shares, so that a year stays a line in what it lends.

Interest of a month is that of the mean of its two ends: (opening + closing) ÷ 2 × days × rate ÷ (365 × 10^6). Closing is
always the sum of what is to come and what is overdue. All stocks go one month together, as columns of whole dong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, NamedTuple

import numpy as np

from tdcs.core.basis import without_basis
from tdcs.core.months import month_end
from tdcs.forecasting.errors import ProjectionTooLarge
from tdcs.forecasting.rules.assumptions import OLDEST, PPM, TIERS, Habits

_YEAR: Final = 12
_DAYS: Final = 365
# A product with a million then fits 63 bits.
MOST: Final = 9 * 10**12
# Early shares are not multiplied by more: a tier of which nearly nothing is due later has no share to scale.
_AHEAD_MOST: Final = 10 * PPM
RUNNING, NEW = "running", "new"
Column = np.ndarray[Any, np.dtype[np.int64]]


class Key(NamedTuple):
    """A stock's name. ``vintage``: RUNNING or NEW; ``year``: in which it was lent, the oldest years as one."""

    programme: str
    tier: str
    vintage: str
    year: int


@dataclass(frozen=True, slots=True)
class Stock:
    """What is to come by month (the first one next, the last one for all later months), what is overdue, and the rate (ppm)."""

    rate: int
    overdue: int
    coming: tuple[int, ...]

    @property
    def balance(self) -> int:
        return self.overdue + sum(self.coming)


@dataclass(frozen=True, slots=True)
class Borrowing:
    """How the loans of a programme come back: habits by age (the last one for all older), and of a new loan the share (ppm)
    due in the 1st, 2nd … month.
    """

    habits: tuple[Habits, ...]
    profile: tuple[int, ...]

    def at(self, age: int) -> Habits:
        """The habits at an age in years."""
        return self.habits[min(max(age, 0), len(self.habits) - 1)]


@dataclass(frozen=True, slots=True)
class Book:
    """All stocks at the end of ``day``, a month's last, and how each programme's loans come back.

    ``collected``: ppm of what is owed in term that a month brings; 0 where every stock goes by its own shares alone.
    """

    day: date
    stocks: Mapping[Key, Stock]
    borrowing: Mapping[str, Borrowing]
    collected: int = 0

    def outstanding(self, tier: str) -> int:
        """The balance of a tier in dong."""
        return sum(stock.balance for key, stock in self.stocks.items() if key.tier == tier)


@dataclass(frozen=True, slots=True)
class Flows:
    """What happened in each month (a row) to each stock (a column), in dong."""

    keys: tuple[Key, ...]
    ends: tuple[date, ...]
    opening: Column
    lent: Column
    due: Column
    slipped: Column
    kept: Column
    early: Column
    cured: Column
    repaid: Column
    closing: Column
    overdue: Column
    interest: Column

    def of(self, tier: str) -> Flows:
        """The stocks of one tier."""
        return self._picked([at for at, key in enumerate(self.keys) if key.tier == tier])

    def of_programme(self, programme: str) -> Flows:
        """The stocks of one programme."""
        return self._picked([at for at, key in enumerate(self.keys) if key.programme == programme])

    def _picked(self, places: list[int]) -> Flows:
        columns = {name: getattr(self, name)[:, places] for name in COLUMNS}
        return Flows(tuple(self.keys[at] for at in places), self.ends, **columns)

    def total(self, name: str) -> int:
        """A column's sum over all months and stocks."""
        return int(getattr(self, name).sum())

    def at_end(self, name: str) -> int:
        """A column's sum over the stocks in the last month."""
        return int(getattr(self, name)[-1].sum()) if self.ends else 0


COLUMNS: Final = (
    "opening", "lent", "due", "slipped", "kept", "early", "cured", "repaid", "closing", "overdue", "interest",
)  # fmt: skip


@without_basis("phép chiếu, không phải quy định: các giả định hiện cùng kết quả")
def run(book: Book, lending: Mapping[Key, Sequence[int]], months: int) -> tuple[Book, Flows]:
    """The book ``months`` later and the months between; ``lending``: dong in each month by stock, nothing where none is named.

    Raises ProjectionTooLarge.
    """
    keys = tuple(book.stocks)
    ends = tuple(month_end(book.day, at + 1) for at in range(months))
    stocks = list(book.stocks.values())
    width = max((len(stock.coming) for stock in stocks), default=1)
    coming = np.zeros((len(keys), width), dtype=np.int64)
    for at, stock in enumerate(stocks):
        _require(max(stock.coming, default=0), stock.overdue)
        coming[at, : len(stock.coming)] = stock.coming
    overdue = np.array([stock.overdue for stock in stocks], dtype=np.int64)
    rates = np.array([stock.rate for stock in stocks], dtype=np.int64)
    lent = np.zeros((months, len(keys)), dtype=np.int64)
    for at, key in enumerate(keys):
        if key in lending:
            _require(max(lending[key][:months], default=0))
            lent[:, at] = lending[key][:months]
    profiles = _profiles(book, keys, width)
    made: list[dict[str, Column]] = []
    shares = _shares(book, keys, book.day.year)
    for at, end in enumerate(ends):
        if end.month == 1 or at == 0:
            shares = _shares(book, keys, end.year)
        coming, overdue, row = _month(coming, overdue, shares, lent[at], profiles)
        row["interest"] = _interest(row["opening"], row["closing"], rates, end.day)
        made.append(row)
    columns = {
        name: np.array([row[name] for row in made], dtype=np.int64).reshape(months, len(keys))
        for name in COLUMNS
    }
    after = {
        key: Stock(stock.rate, late, tuple(row))
        for key, stock, late, row in zip(
            keys, stocks, overdue.tolist(), coming.tolist(), strict=True
        )
    }
    return replace(book, day=month_end(book.day, months), stocks=after), Flows(
        keys, ends, **columns
    )


def _require(*amounts: int) -> None:
    """Every amount is one that the columns can hold. Raises ProjectionTooLarge."""
    if max(amounts) > MOST:
        raise ProjectionTooLarge


@dataclass(frozen=True, slots=True)
class _Shares:
    """The shares (ppm) of each stock in a calendar year; ``together``: the places of each tier's stocks of earlier years."""

    slipped: Column
    kept: Column
    early: Column
    cured: Column
    ahead: Column
    together: tuple[Column, ...]
    collected: int


def _shares(book: Book, keys: Sequence[Key], year: int) -> _Shares:
    found = [book.borrowing[key.programme].at(year - key.year) for key in keys]
    columns = {
        name: np.array([getattr(one, name) for one in found], dtype=np.int64)
        for name in ("slipped", "kept", "early", "cured", "ahead")
    }
    earlier = [
        np.array([at for at, key in enumerate(keys) if key.tier == tier and key.year < year])
        for tier in TIERS
    ]
    together = tuple(places for places in earlier if len(places)) if book.collected else ()
    return _Shares(**columns, together=together, collected=book.collected)


def _profiles(book: Book, keys: Sequence[Key], width: int) -> Column:
    """Up to each month ahead, the share (ppm) of what is lent to a stock that has come back; all that is later in the last."""
    reached = np.zeros((len(keys), width), dtype=np.int64)
    for at, key in enumerate(keys):
        shares = book.borrowing[key.programme].profile
        whole = sum(shares)
        seen = 0
        for month in range(width):
            seen += shares[month] if month < len(shares) else 0
            reached[at, month] = seen * PPM // whole if whole else 0
        reached[at, -1] = PPM
    return reached


def _month(
    coming: Column, overdue: Column, shares: _Shares, lent: Column, profiles: Column
) -> tuple[Column, Column, dict[str, Column]]:
    """What is to come and what is overdue at the month's end, and what happened."""
    opening = overdue + coming.sum(axis=1)
    due = coming[:, 0]
    slipped, kept = due * shares.slipped // PPM, due * shares.kept // PPM
    later = np.zeros_like(coming)
    later[:, :-1] = coming[:, 1:]
    share = _ahead(later.sum(axis=1), due, due - slipped - kept, shares)
    ahead = later * share[:, None] // PPM
    later -= ahead
    early = ahead.sum(axis=1)
    later[:, min(_YEAR, later.shape[1]) - 1] += kept
    if lent.any():
        later += np.diff(lent[:, None] * profiles // PPM, axis=1, prepend=0)
    cured = overdue * shares.cured // PPM
    late = overdue + slipped - cured
    _require(int(later.max(initial=0)), int(late.max(initial=0)))
    return (
        later,
        late,
        {
            "opening": opening,
            "lent": lent,
            "due": due,
            "slipped": slipped,
            "kept": kept,
            "early": early,
            "cured": cured,
            "repaid": due - slipped - kept + early + cured,
            "closing": late + later.sum(axis=1),
            "overdue": late,
        },
    )


def _ahead(later: Column, due: Column, timely: Column, shares: _Shares) -> Column:
    """Of what is due later, the share (ppm) that each stock pays in this month."""
    found = shares.early.copy()
    for places in shares.together:
        usual = int((later[places] * found[places] // PPM).sum())
        in_term = int((later[places] + due[places]).sum())
        able = max(in_term * shares.collected // PPM - int(timely[places].sum()), 0)
        if usual:
            found[places] = found[places] * min(able * PPM // usual, _AHEAD_MOST) // PPM
    scaled: Column = np.minimum(found * shares.ahead // PPM, PPM)
    return scaled


def _interest(opening: Column, closing: Column, rates: Column, days: int) -> Column:
    """(opening + closing) × days × rate ÷ (2 × 365 × 10^6), rounded half up; taken apart so that products fit 63 bits."""
    held = (opening + closing) * days
    millions, rest = np.divmod(held, PPM)
    dong, left = np.divmod(millions * rates, 2 * _DAYS)
    found: Column = dong + (left * PPM + rest * rates + _DAYS * PPM) // (2 * _DAYS * PPM)
    return found


def parts_of(amount: int, shares: Sequence[int]) -> Iterator[int]:
    """``amount`` in parts as ``shares`` (of any sum) say, in whole dong that add up to it."""
    whole = sum(shares)
    seen = before = 0
    for share in shares:
        seen += share
        reached = amount * seen // whole
        yield reached - before
        before = reached


def year_of(lent: int, base: int) -> int:
    """The year under which lending of a year stands in a book of ``base``: the oldest years are one."""
    return max(lent, base - OLDEST)
