"""A warning in words: the kind's sentence with its figures, as Vietnamese and English write them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from tdcs.core.columns import day_of_number
from tdcs.documents.numbers import grouped
from tdcs.problem_loans.rules.columns import PPM
from tdcs.problem_loans.rules.thresholds import words

FACTS: Final = ("figure", "before", "now", "count", "amount", "when")
# Kinds whose ``before`` or ``now`` is a number of months or loans though their figure is a share, or the reverse.
_COUNTED: Final = {("absent", "now"), ("savings_withdrawn", "before")}


def sentence(kind: str, facts: Mapping[str, Any], language: str = "vi") -> str:
    """Why there is a warning, in one language."""
    english = language.startswith("en")
    one = words()[kind]
    shares = one["figure"] == "share"

    def written(name: str) -> str:
        value = facts.get(name) or 0
        if name == "when":
            day = day_of_number(value) if isinstance(value, int) else value
            return _day(day, kind)
        if name in ("figure", "before", "now") and shares and (kind, name) not in _COUNTED:
            return percent(value, english=english)
        return grouped(value, english=english)

    return one["en" if english else "vi"].format(**{name: written(name) for name in FACTS})


def next_step(kind: str, language: str = "vi") -> str:
    """What is usually done about a kind."""
    return words()[kind]["next"]["en" if language.startswith("en") else "vi"]


def percent(ppm: int, *, english: bool) -> str:
    """Parts of a million as percent with one decimal, halves up: 453.250 is 45,3%."""
    tenths = (2 * ppm * 1000 + PPM) // (2 * PPM)
    mark = "." if english else ","
    return f"{tenths // 10}{mark}{tenths % 10}%"


def _day(day: date, kind: str) -> str:
    """Of what falls due the month, else the day."""
    return f"{day:%m/%Y}" if kind == "maturities" else f"{day:%d/%m/%Y}"
