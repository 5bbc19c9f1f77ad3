"""A draft tried on this installation's book: from the overlay to the figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tdcs.core import law
from tdcs.core.columns import day_number
from tdcs.policy_lab.queries.book import (
    book_day,
    decrees_at,
    homes_on,
    kinds_on,
    loans_on,
    no_homes,
)
from tdcs.policy_lab.rules.comparing import Compared, compare
from tdcs.policy_lab.rules.overlay import DRAFT, Laid, laid_over
from tdcs.policy_lab.rules.reading import Overlay
from tdcs.policy_lab.rules.trying import When
from tdcs.programmes.rules.decrees import Decrees


@dataclass(frozen=True, slots=True)
class Tried:
    """A draft and what it would do: ``day`` of the book, ``at`` from when all of it holds."""

    overlay: Overlay
    laid: Laid
    day: date
    at: date
    compared: Compared


def try_overlay(overlay: Overlay, on: date) -> Tried:
    """The draft on the book of the last closed day up to ``on``; nothing is written.

    Raises NothingClosed, OverlayFaulty.
    """
    day = book_day(on)
    laid = laid_over(overlay, day)
    at = max(day, overlay.last_day or day)
    touched = overlay.touches_households
    kinds = kinds_on(day, every=touched)
    now = When(day, at, law.province(), decrees_at(day, at))
    drafted = Decrees(now.decrees.taken_up | {(DRAFT, day_number(at))})
    then = When(day, at, now.province, drafted)
    homes = homes_on(day, kinds) if touched else no_homes()
    compared = compare(loans_on(day, kinds), homes, laid, now, then)
    return Tried(overlay, laid, day, at, compared)
