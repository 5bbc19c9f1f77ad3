"""Small books whose figures are worked out by hand."""

from __future__ import annotations

from datetime import date

import pytest

from tdcs.forecasting.rules.assumptions import CENTRAL, LOCAL, PPM, Habits
from tdcs.forecasting.rules.path import RUNNING, Book, Borrowing, Stock
from tdcs.forecasting.rules.scenario import Opening

BILLION = 10**9


@pytest.fixture
def published() -> Opening:
    """The book of a published projection at the end of 2024: 4,830 billion, of it 354 local; a fifth falls due in each year."""

    def stock(balance: int) -> Stock:
        part = balance // 60
        return Stock(66_000, 0, (part,) * 59 + (balance - 59 * part, 0))

    stocks = {
        ("HN", CENTRAL, RUNNING): stock(4_476 * BILLION),
        ("HN", LOCAL, RUNNING): stock(354 * BILLION),
    }
    return Opening(
        book=Book(date(2024, 12, 31), stocks, {"HN": Borrowing(Habits(), (0,) * 35 + (PPM,))}),
        at_year_begin={CENTRAL: 0, LOCAL: 0},
        lent={("HN", CENTRAL): 1_200 * BILLION, ("HN", LOCAL): 100 * BILLION},
        season=(1,) * 12,
        rates={("HN", CENTRAL): 66_000, ("HN", LOCAL): 66_000},
    )
