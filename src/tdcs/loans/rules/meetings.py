"""A group's meeting that appraises applications: how many must be there, and who is chosen."""

from __future__ import annotations

from datetime import date

from tdcs.core.basis import basis
from tdcs.programmes.rules.shared import shared

_WHOLE = 1_000_000


@basis("QD-15-2013-HDQT")
@basis("QD-70-2026-HDQT")
def least_present(members: int, on: date) -> int:
    """How many members must be present: the share of the law, rounded up.

    Two thirds of 9 members are 6, of 10 members 7. Raises NoParametersOnDay.
    """
    share = shared("meeting_quorum_ppm").on(on).amount
    return -(-members * share // _WHOLE)


@basis("QD-15-2013-HDQT")
@basis("QD-70-2026-HDQT")
def is_chosen(agree: int, present: int, on: date) -> bool:
    """Whether a household is chosen: more of those present agree than the share of the law. Raises NoParametersOnDay."""
    return agree * _WHOLE > present * shared("meeting_vote_ppm").on(on).amount
