"""What the stories of the yearly plan share: the world they stand in, the shape of a contract."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from groups_cast import person
from indicator_book import Book

from tdcs.access.models import User
from tdcs.capital.models import CapitalSource
from tdcs.credit_plan.models import CreditPlan
from tdcs.organisations.models import Organisation

MILLION = 1_000_000
# Groups of the book (indicator_book.COMMUNES) that stand in the three communes of the stories.
FIRST, SECOND, THIRD = 0, 2, 4
LAST = date(2026, 10, 31)


@dataclass
class World:
    """The plan of 2027, who works on it, and the communes A, B (of one office or two) and C."""

    plan: CreditPlan
    book: Book
    planner: User
    director: User
    communes: list[int]
    offices: list[Organisation]
    central: CapitalSource
    local: CapitalSource

    def office_user(self, at: int, role: str = "office_director") -> User:
        return person(f"{role}-{at}", role, self.offices[at])


def terms(principal: int, *, since: date, months: int) -> dict[str, Any]:
    """A contract of one instalment at the end, lent before the month."""
    return {
        "disbursed": (since - date(1970, 1, 1)).days,
        "principal": principal,
        "term": months,
        "spacing": months,
        "lent": principal,
        "lent_0": principal,
        "paid": 0,
        "in_time": principal,
    }
