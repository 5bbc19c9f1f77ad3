"""Conflicts of duty as data: who did one thing of a file may not do another of the same file, whenever that is.

One table and one function; every step asks it. A person's duty changes over the years, the file's hands do not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

# Act → the acts of the same file whose doer may not do it.
CONFLICTS: Final[dict[str, frozenset[str]]] = {
    # An application: who made it checks, controls and approves nothing of it; each of these is another person.
    "loans.confirm": frozenset({"loans.apply"}),
    "loans.check": frozenset({"loans.apply", "loans.control", "loans.approve"}),
    "loans.control": frozenset({"loans.apply", "loans.check", "loans.approve"}),
    "loans.approve": frozenset({"loans.apply", "loans.check", "loans.control"}),
    # Who decided does not sign; who decided, checked or signed does not hand out the money.
    "loans.sign": frozenset({"loans.control", "loans.approve"}),
    "loans.disburse": frozenset(
        {"loans.apply", "loans.check", "loans.control", "loans.approve", "loans.sign"}
    ),
    # Asked by one, decided by another.
    "loans.decide_change": frozenset({"loans.ask_change"}),
    "loans.decide_move": frozenset({"loans.ask_move"}),
    "loans.decide_heir": frozenset({"loans.ask_heir"}),
    "law.decide_decree": frozenset({"law.ask_decree"}),
    "ledger.confirm": frozenset({"ledger.ask"}),
}


def in_conflict(act: str, hands: Iterable[tuple[str, int | None]], person: int) -> str:
    """The act by which a person is in conflict with ``act``; "" when free. ``hands``: (act, person) of the file so far."""
    barred: Collection[str] = CONFLICTS.get(act, frozenset())
    return next((done for done, by in hands if by == person and done in barred), "")
