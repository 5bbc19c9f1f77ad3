"""Who appears in the stories of the ledger, and what they post."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tdcs.access.models import RoleHolding, User
from tdcs.ledger.models import Book
from tdcs.ledger.rules import Line
from tdcs.organisations.models import Organisation

TODAY = date(2026, 11, 23)


def person(username: str, role: str, unit: Organisation) -> User:
    """An account with one role over one unit."""
    made = User.objects.create_user(
        username, "mat-khau-dai", full_name=username, email=f"{username}@example.vn"
    )
    RoleHolding.objects.create(
        user=made, role=role, organisation=unit, starts_on=max(unit.starts_on, date(2024, 1, 1))
    )
    return made


@dataclass(frozen=True)
class Cast:
    """An office's book and people, another office's book, the branch's auditor."""

    book: Book
    other: Book
    accountant: User
    director: User
    teller: User
    far: User
    auditor: User


def cash(amount: int) -> tuple[Line, Line]:
    """Capital from above comes in as cash."""
    return ("1011", amount, 0, None), ("4411", 0, amount, None)
