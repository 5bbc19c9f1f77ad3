"""Every warning of a day."""

from __future__ import annotations

from datetime import date

import polars as pl

from tdcs.problem_loans.rules.columns import Book
from tdcs.problem_loans.rules.households import (
    savings_withdrawn,
    silent,
    silent_loans,
    with_silence,
)
from tdcs.problem_loans.rules.places import (
    absent,
    interest_falling,
    maturities,
    paying_for_many,
    rolling,
    silent_share,
)
from tdcs.problem_loans.rules.thresholds import COMMUNE, GROUP


def warnings_of(book: Book, day: date) -> pl.DataFrame:
    """WARNING of every kind on a day, the gravest first."""
    loans = with_silence(book)
    quiet = silent_loans(loans, day)
    owing = loans.filter(pl.col("owed_bits") % 2 == 1)
    places = (GROUP, COMMUNE)
    parts = [
        silent(quiet, day),
        savings_withdrawn(book, loans, day),
        *(silent_share(owing, quiet, place, day) for place in places),
        *(interest_falling(book, place, day) for place in places),
        absent(loans, book.months, day),
        *(maturities(book, place, day) for place in places),
        paying_for_many(book, day),
        rolling(book, day),
    ]
    return pl.concat(parts).sort(
        "level", "strength", "kind", "commune", "group", "household",
        descending=[True, True, False, False, False, False],
    )  # fmt: skip
