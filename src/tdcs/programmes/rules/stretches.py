"""Stretches of days over which no figure of the law changes: what was looked up for one day holds for all of them.

Loans of ten years were signed on thousands of days, and the law they stand under changed on some sixty.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import date

from tdcs.core import law
from tdcs.core.dated import Parameter, Value
from tdcs.programmes.rules.overlays import overlays
from tdcs.programmes.rules.shared import all_shared
from tdcs.programmes.rules.terms import programmes


def first_of_stretch(day: date) -> date:
    """The last day up to ``day`` on which a figure began or ended; ``day`` itself before the first of them."""
    known = edges()
    at = bisect_right(known, day)
    return known[at - 1] if at else day


@law.remembered
def edges() -> tuple[date, ...]:
    """Every day on which a dated figure of programmes, of all loans or of a province begins or ends, in order."""
    return tuple(
        sorted({day for value in _values() for day in (value.starts_on, value.ends_on) if day})
    )


def _values() -> Iterator[Value]:
    for parameter in _parameters():
        yield from parameter.values
    for one in programmes().values():
        for rows in one.written.values():
            yield from rows


def _parameters() -> Iterator[Parameter]:
    yield from all_shared().values()
    for one in programmes().values():
        yield from one.figures.values()
        yield from one.limits.values()
        for _, own in one.groups.values():
            yield from own.values()
    for province in law.provinces():
        for overlay in overlays(province).values():
            yield overlay.parameter
