"""Books for the rules of early warning, written by hand: a row says only what it is about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl

from tdcs.core.columns import day_number
from tdcs.problem_loans.rules.columns import DAYS, LOANS, SAVINGS, SUMS, Book, schema

DAY = date(2026, 11, 22)
MONTHS = 15
Rows = Sequence[dict[str, Any]]


def bits(words: str) -> int:
    """ "paid in the newest month, not in the one before": "1.1" is 5."""
    return sum(2**ago for ago, one in enumerate(words) if one == "1")


def loan(number: int = 1, paid: str = "1" * MONTHS, **given: Any) -> dict[str, Any]:
    """A loan of 10 million that owes interest in every month; ``paid``: a 1 for each month with a payment, the newest first."""
    row = {
        "loan": number, "household": number, "group": 1, "commune": 1, "office": 1, "programme": "HN",
        "balance": 10_000_000, "frozen": 0, "fallen": 0, "next_due": day_number(DAY) + 1_000,
        "next_amount": 1_000_000, "paid_now": 0, "paid_bits": bits(paid), "owed_bits": 2**MONTHS - 1,
    }  # fmt: skip
    return {**row, **given}


def loans_of(count: int, paid: str, first: int = 1, **given: Any) -> list[dict[str, Any]]:
    """Some loans alike."""
    return [loan(first + n, paid, **given) for n in range(count)]


def sums(to_collect: Sequence[int], collected: Sequence[int], **given: Any) -> list[dict[str, Any]]:
    """A group's months, the newest first."""
    row = {"group": 1, "commune": 1, "office": 1, "programme": "HN", "loans": 40, "in_time": 10**9,
           "newly_overdue": 0, "overdue_loans": 0}  # fmt: skip
    return [
        {**row, "ago": ago, "to_collect": owed, "collected_month": got, **given}
        for ago, (owed, got) in enumerate(zip(to_collect, collected, strict=True))
    ]


def book(
    loans: Rows = (), sums: Rows = (), days: Rows = (), savings: Rows = (), months: int = MONTHS
) -> Book:
    """What the rules read."""

    def frame(rows: Rows, names: tuple[str, ...]) -> pl.DataFrame:
        return pl.DataFrame(list(rows), schema=schema(names))

    return Book(
        day_number(DAY), months, frame(loans, LOANS), frame(sums, SUMS), frame(days, DAYS),
        frame(savings, SAVINGS),
    )  # fmt: skip
