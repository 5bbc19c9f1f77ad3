"""Which events of a loan count: a reversal voids the event it names, one that was itself reversed voids nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import narwhals as nw

from tdcs.core.basis import without_basis
from tdcs.core.frames import Frame
from tdcs.loans.rules.kinds import REVERSE

# An event as the books keep it; ``key`` is the order of writing, ``reverses`` the key of the reversed one or 0.
EVENT: Final = ("loan", "key", "day", "kind", "amount", "to", "due", "rate", "reverses")


@without_basis("đảo bút toán là sửa sổ, không phải quy định cho vay")
def voided(reversals: Iterable[tuple[int, int]]) -> set[int]:
    """The keys that no longer count, of (key of a reversal, key of what it reverses); an event is reversed once.

    1 reversed by 2, 2 by 3, 3 by 4: 4 stands, so 3 is void, 2 stands again, and 1 is void.
    """
    of = dict(reversals)
    reversed_ = set(of.values())
    void: set[int] = set()
    for last in of.keys() - reversed_:
        # Back from a reversal that nobody reversed: every second event of its chain is void.
        key, stands = last, True
        while key in of:
            key, stands = of[key], not stands
            if not stands:
                void.add(key)
    return void


def effective_events(events: Frame, day: int | nw.Expr) -> Frame:
    """The events that count at the end of ``day`` (a number, or each row's own): not later, not voided by then.

    In: key, day, kind, reverses. Reversals themselves are left out.
    """
    col = nw.col
    there = events.filter(col("day") <= day)
    reversals = there.filter(col("kind") == REVERSE)
    if len(reversals) == 0:
        return there
    void = voided(reversals.select("key", "reverses").rows())
    plain = there.filter(col("kind") != REVERSE)
    return plain.filter(~col("key").is_in(sorted(void)))
