"""What rooms above answer for this one: what members owe, a group's figures of a month.

Rooms import downwards only; loans hands its answers down when it starts (AppConfig.ready). What decides whether somebody
may leave raises until it was answered: "nobody owes" must not be the answer of a room that is not there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

import polars as pl

# Households, the day → household → dong owed (principal and interest), only of those that owe.
Owes = Callable[[Collection[int], date], dict[int, int]]
# Inside the move's transaction: households, from group, to group, the day. Their loans follow.
Follow = Callable[[Collection[int], int, int, date], None]
# Groups, the month's first day → frame (group, session_done, session_all, overdue, outstanding, principal_collected,
# principal_due, interest_collected, interest_due), a row for each group, whole numbers.
Figures = Callable[[Collection[int], date], pl.DataFrame]
# Groups, the month's first day → frame (group, rate_ppm, interest): interest collected by yearly contract rate.
Interest = Callable[[Collection[int], date], pl.DataFrame]


@dataclass
class _Above:
    owes: Owes | None = None
    follow: Follow | None = None
    figures: Figures | None = None
    interest: Interest | None = None


_above = _Above()


def install(
    *,
    owes: Owes | None = None,
    follow: Follow | None = None,
    figures: Figures | None = None,
    interest: Interest | None = None,
) -> None:
    """Hand down an answer; the loans room calls this once, with what it knows."""
    _above.owes = owes or _above.owes
    _above.follow = follow or _above.follow
    _above.figures = figures or _above.figures
    _above.interest = interest or _above.interest


def owed(households: Collection[int], on: date) -> dict[int, int]:
    """Dong that each of these households owes. Raises RuntimeError while no room answers."""
    if _above.owes is None:
        raise RuntimeError("no room has said who owes")
    return _above.owes(households, on) if households else {}


def follow(households: Collection[int], old: int, new: int, on: date) -> None:
    """Tell the rooms above, in the running transaction, that members went from a group to another.

    Raises RuntimeError while no room answers: their loans would stay behind.
    """
    if _above.follow is None:
        raise RuntimeError("no room moves the loans of members along")
    if households:
        _above.follow(households, old, new, on)


def figures() -> Figures | None:
    """The loans' part of a month's figures, or None while no room answers."""
    return _above.figures


def interest() -> Interest | None:
    """Interest collected by contract rate, or None while no room answers."""
    return _above.interest
