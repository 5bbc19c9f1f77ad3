"""Day after day, the close makes of yesterday's rows what the engine makes of all events."""

from __future__ import annotations

from typing import Any

import narwhals as nw
from random_book import Book, month_start

from tdcs.closing.rules.history import rows_from_events
from tdcs.closing.rules.rows import ROW, empty
from tdcs.closing.rules.step import close, needs
from tdcs.core.columns import day_of_number

Frame = nw.DataFrame[Any]


def differences(closed: Frame, folded: Frame) -> list[str]:
    """loan and column where two frames of rows do not say the same."""
    if closed["loan"].to_list() != folded["loan"].to_list():
        only = set(closed["loan"].to_list()) ^ set(folded["loan"].to_list())
        return [f"loans {sorted(only)[:5]} are in one only"]
    pairs = zip(closed.rows(named=True), folded.rows(named=True), strict=True)
    return [
        f"loan {a['loan']} {name}: closed {a[name]}, folded {b[name]}"
        for a, b in pairs
        for name in ROW
        if a[name] != b[name]
    ]


def walk_days(book: Book, first: int, last: int, *, every: int = 1) -> int:
    """Closes each day from first to last on its own yesterday and compares; returns rows compared."""
    rows = empty(ROW)
    if first > book.first:
        rows, _ = rows_from_events(book.contracts, book.events, first - 1, month_start(first - 1))
    seen = 0
    for day in range(first, last + 1):
        today = book.today(day)
        asked = needs(rows, today)
        closed = close(rows, today, *book.of(asked))
        assert (closed.unknown, closed.lost) == ([], []), day_of_number(day)
        rows = closed.rows
        if day % every == 0 or day == last:
            whole, refused = rows_from_events(book.contracts, book.events, day, month_start(day))
            assert len(refused) == 0, refused
            found = differences(rows, whole)
            assert not found, f"{day_of_number(day)}: " + "\n".join(found[:5])
            seen += len(rows)
    return seen
