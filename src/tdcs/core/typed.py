"""Numbers and days as people and machines type them into addresses and forms: one reading for every page."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

_WHOLE: Final = re.compile(r"-?[0-9]{1,11}")
_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 2199


def parse_int(words: str | None, default: int = 0) -> int:
    """A whole number of at most eleven digits, or the default: ``--5``, ``²`` and ``1e9`` are none."""
    text = (words or "").strip()
    return int(text) if _WHOLE.fullmatch(text) else default


def parse_year(words: str | None, default: int) -> int:
    """A year of this age, or the default."""
    found = parse_int(words, default)
    return found if _FIRST_YEAR <= found <= _LAST_YEAR else default


def parse_day(words: str | None) -> date | None:
    """A day from a date field, or None; no day of another age, with which reckoning would leave the calendar."""
    try:
        found = date.fromisoformat((words or "").strip())
    except ValueError:
        return None
    return found if _FIRST_YEAR <= found.year <= _LAST_YEAR else None
