"""Which month a page shows."""

from __future__ import annotations

from datetime import date, timedelta

from tdcs.core import clock
from tdcs.group_results.queries.month import first_of, next_month
from tdcs.group_results.rules.rating import regimes


def month_of(words: str | None) -> date:
    """2026-10 as its first day; the last month that is over unless told, never before a regime or after today."""
    last = first_of(first_of(clock.today()) - timedelta(days=1))
    try:
        asked = date.fromisoformat(f"{(words or '').strip()}-01")
    except ValueError:
        return last
    earliest = next_month(regimes()[0].starts_on)
    return min(max(asked, earliest), first_of(clock.today()))
