"""The months of a book walked one stock and one month at a time, in Python's own numbers: what the columns must give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tdcs.core.months import month_end
from tdcs.forecasting.rules.assumptions import PPM
from tdcs.forecasting.rules.path import Book, Habits, Key, Stock

Told = dict[str, int]


def walk(
    book: Book, lending: Mapping[Key, Sequence[int]], months: int
) -> tuple[Book, dict[Key, list[Told]]]:
    told: dict[Key, list[Told]] = {key: [] for key in book.stocks}
    for at in range(months):
        end = month_end(book.day, 1)
        early = _early(book, end.year)
        stocks = {}
        for key, stock in book.stocks.items():
            habits = book.borrowing[key.programme].at(end.year - key.year)
            lent = lending[key][at] if key in lending else 0
            shares = (habits, early[key], book.borrowing[key.programme].profile)
            stocks[key], row = _step(stock, shares, lent, end.day)
            told[key].append(row)
        book = replace(book, day=end, stocks=stocks)
    return book, told


def _early(book: Book, year: int) -> dict[Key, int]:
    """The share that each stock pays ahead."""
    own = {key: book.borrowing[key.programme].at(year - key.year) for key in book.stocks}
    found = {key: habits.early for key, habits in own.items()}
    for tier in {key.tier for key in own}:
        mine = [key for key in own if key.tier == tier and key.year < year]
        if not book.collected or not mine:
            continue
        usual = sum(sum(book.stocks[key].coming[1:]) * own[key].early // PPM for key in mine)
        owed = sum(sum(book.stocks[key].coming) for key in mine)
        timely = sum(_timely(book.stocks[key].coming[0], own[key]) for key in mine)
        factor = max(owed * book.collected // PPM - timely, 0) * PPM // usual if usual else PPM
        for key in mine:
            found[key] = found[key] * min(factor, 10 * PPM) // PPM
    return {key: min(share * own[key].ahead // PPM, PPM) for key, share in found.items()}


def _timely(due: int, habits: Habits) -> int:
    return due - due * habits.slipped // PPM - due * habits.kept // PPM


def _step(
    stock: Stock, shares: tuple[Habits, int, tuple[int, ...]], lent: int, days: int
) -> tuple[Stock, Told]:
    habits, share, profile = shares
    due, *later = stock.coming
    later.append(0)
    slipped, kept = due * habits.slipped // PPM, due * habits.kept // PPM
    parts = [part * share // PPM for part in later]
    later = [part - gone for part, gone in zip(later, parts, strict=True)]
    later[min(12, len(later)) - 1] += kept
    reached = 0
    for at in range(len(later)):
        seen = sum(profile[: at + 1]) * PPM // sum(profile)
        up_to = lent if at == len(later) - 1 else lent * seen // PPM
        later[at] += up_to - reached
        reached = up_to
    cured = stock.overdue * habits.cured // PPM
    after = Stock(stock.rate, stock.overdue + slipped - cured, tuple(later))
    held = (stock.balance + after.balance) * days * stock.rate
    return after, {
        "opening": stock.balance,
        "lent": lent,
        "due": due,
        "slipped": slipped,
        "kept": kept,
        "early": sum(parts),
        "cured": cured,
        "repaid": due - slipped - kept + sum(parts) + cured,
        "closing": after.balance,
        "overdue": after.overdue,
        "interest": (held + 365 * PPM) // (2 * 365 * PPM),
    }
