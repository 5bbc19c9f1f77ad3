"""Decrees as the book knows them."""

from __future__ import annotations

from tdcs.core.remembered import remembered
from tdcs.programmes.models import DecreeApplication
from tdcs.programmes.rules.decrees import Decrees

_TAKEN_UP = (DecreeApplication.State.CONFIRMED, DecreeApplication.State.DONE)


@remembered
def decrees_taken_up() -> Decrees:
    """The decrees under which the book's loans stand now, each with the day on which it was confirmed."""
    rows = DecreeApplication.objects.filter(state__in=_TAKEN_UP, taken_up_on__isnull=False)
    return Decrees.of({row.document: row.taken_up_on for row in rows if row.taken_up_on})
