"""The book from month to month: what falls due, what of it is paid, what is lent; and how much must be lent to keep a promise.

A stock is a programme's money of one tier, of loans that run (at their rate) or of loans still to be made (at the law's
rate of the first day). In each month, every share rounded down to the dong:

    slipped = due × slipped        kept = due × kept, due again a year later        early = (what is not yet due) × early
    cured = overdue × cured        repaid = due − slipped − kept + early + cured     closing = opening + lent − repaid

What is paid early is taken from the later months in proportion. Interest of a month is that of the mean of its two ends:
(opening + closing) ÷ 2 × days × rate ÷ (365 × 10^6). Closing is always the sum of what is to come and what is overdue.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from tdcs.core.basis import without_basis
from tdcs.core.months import month_end
from tdcs.forecasting.rules.assumptions import PPM, Habits

_YEAR: Final = 12
_DAYS: Final = 365
RUNNING, NEW = "running", "new"
Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Month:
    """One stock in one month, in dong; ``end``: the month's last day, ``vintage``: RUNNING or NEW."""

    end: date
    programme: str
    tier: str
    vintage: str
    opening: int
    lent: int
    due: int
    slipped: int
    kept: int
    early: int
    cured: int
    repaid: int
    closing: int
    overdue: int
    interest: int


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
    """How the loans of a programme come back: habits, and of a new loan the share (ppm) due in the 1st, 2nd … month."""

    habits: Habits
    profile: tuple[int, ...]


@without_basis("phép chiếu, không phải quy định: các giả định hiện cùng kết quả")
def step(key: Key, stock: Stock, borrowing: Borrowing, lent: int, end: date) -> tuple[Stock, Month]:
    """The stock at the end of the next month, and what happened in it."""
    programme, tier, vintage = key
    habits = borrowing.habits
    due, *later = stock.coming
    later.append(0)
    slipped, kept = due * habits.slipped // PPM, due * habits.kept // PPM
    rest = sum(later)
    early = rest * habits.early // PPM
    later = list(_less(later, early, rest))
    later[min(_YEAR, len(later)) - 1] += kept
    for at, part in enumerate(parts_of(lent, borrowing.profile)):
        later[min(at, len(later) - 1)] += part
    cured = stock.overdue * habits.cured // PPM
    overdue = stock.overdue + slipped - cured
    after = Stock(stock.rate, overdue, tuple(later))
    mean_days = (stock.balance + after.balance) * end.day * stock.rate
    return after, Month(
        end=end,
        programme=programme,
        tier=tier,
        vintage=vintage,
        opening=stock.balance,
        lent=lent,
        due=due,
        slipped=slipped,
        kept=kept,
        early=early,
        cured=cured,
        repaid=due - slipped - kept + early + cured,
        closing=after.balance,
        overdue=overdue,
        interest=(mean_days + _DAYS * PPM) // (2 * _DAYS * PPM),
    )


def parts_of(amount: int, shares: Sequence[int]) -> Iterator[int]:
    """``amount`` in parts as ``shares`` (of any sum) say, in whole dong that add up to it."""
    whole = sum(shares)
    seen = before = 0
    for share in shares:
        seen += share
        reached = amount * seen // whole
        yield reached - before
        before = reached


def _less(coming: Sequence[int], early: int, rest: int) -> Iterator[int]:
    """``coming`` with ``early`` of its sum ``rest`` taken away in proportion."""
    if not early:
        yield from coming
        return
    for amount, part in zip(coming, parts_of(early, coming), strict=True):
        yield amount - part


@dataclass(frozen=True, slots=True)
class Book:
    """All stocks at the end of ``day``, a month's last, and how each programme's loans come back."""

    day: date
    stocks: Mapping[Key, Stock]
    borrowing: Mapping[str, Borrowing]

    def outstanding(self, tier: str) -> int:
        """The balance of a tier in dong."""
        return sum(stock.balance for key, stock in self.stocks.items() if key[1] == tier)


def run(book: Book, lending: Mapping[Key, Sequence[int]], months: int) -> tuple[Book, list[Month]]:
    """The book ``months`` later and the months between; ``lending``: dong in each month by stock, nothing where none is named."""
    stocks = dict(book.stocks)
    made: list[Month] = []
    for at in range(months):
        end = month_end(book.day, at + 1)
        for key, stock in stocks.items():
            lent = lending[key][at] if key in lending else 0
            stocks[key], row = step(key, stock, book.borrowing[key[0]], lent, end)
            made.append(row)
    return replace(book, day=month_end(book.day, months), stocks=stocks), made
