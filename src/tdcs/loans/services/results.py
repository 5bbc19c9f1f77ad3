"""What the verbs of loans answer under their keys."""

from __future__ import annotations

from typing import NotRequired

from tdcs.ledger.results import Answer, Posted


class Disbursed(Answer):
    """The loan, its number and the event by which money was paid out."""

    loan: int
    number: str
    event: int


class Collected(Posted):
    """A sheet's entry, how many lines it had, and its totals in dong."""

    lines: int
    interest: int
    principal: int
    savings: int


class EventMade(Answer):
    """An event of a loan."""

    event: int


class ChangeDecided(Answer):
    """A request, how it stands now, and the event that it became."""

    request: int
    state: str
    event: int | None


class MoveDecided(Answer):
    """A request to move, and how it stands now."""

    request: int
    state: str


class HeirDecided(Answer):
    """A request of an heir, how it stands now, and how many loans went over or back."""

    request: int
    state: str
    loans: int


class CreditRefunded(Posted):
    """The event of a refund, and how much was paid out."""

    event: int
    amount: int


class Recovered(Posted):
    """A recovery of written-off debt; ``left``: what of the debt is still out, where something was paid."""

    recovery: int
    left: NotRequired[int]
