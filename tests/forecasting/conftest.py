"""Small books whose figures are worked out by hand, and a store of month-ends folded from random loans."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl
import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "closing"))
sys.path.append(str(Path(__file__).resolve().parents[1] / "loans"))
sys.path.append(str(Path(__file__).resolve().parents[1] / "entrustment"))

from groups_cast import TODAY as STORY_DAY
from random_book import Book as RandomBook
from random_book import month_start

from tdcs.closing import queries as closing_queries
from tdcs.closing.rules.history import days_of, rows_on_days
from tdcs.closing.rules.rows import ROW
from tdcs.closing.store import Lineage, Store
from tdcs.core.columns import day_number
from tdcs.core.months import month_end
from tdcs.forecasting.queries import allotments, backtest, opening, scenarios, uncertainty
from tdcs.forecasting.rules.assumptions import CENTRAL, LOCAL, PPM, Habits
from tdcs.forecasting.rules.path import RUNNING, Book, Borrowing, Key, Stock
from tdcs.forecasting.rules.scenario import Opening
from tdcs.loans.rules.history import Position
from tdcs.loans.rules.kinds import REVERSE
from tdcs.organisations import seed

BILLION = 10**9
LAST = date(2026, 10, 31)
MONTHS = 36


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        seed.load(on=STORY_DAY)


@pytest.fixture(scope="session")
def loans() -> RandomBook:
    """Random lives without reversals: every day is told from one fold as it was known then."""
    made = RandomBook("forecast", 90)
    undone = made.events.filter(nw.col("kind") == REVERSE).select("loan")
    made.events = made.events.join(undone, on="loan", how="anti")
    made.contracts = made.contracts.join(undone, on="loan", how="anti")
    return made


def _office(part: tuple[tuple[int], pl.DataFrame]) -> int:
    return part[0][0]


@pytest.fixture(scope="session")
def folded(loans: RandomBook, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Three years of month-ends through October 2026."""
    made = Store(tmp_path_factory.mktemp("snapshots"))
    days = [month_end(LAST, back) for back in range(-MONTHS, 1)]
    life = Position(loans.contracts, loans.events, day_number(LAST))
    when = days_of([(day_number(day), month_start(day_number(day)) - 1) for day in days])
    told: pl.DataFrame = rows_on_days(loans.contracts, life, loans.events, when).to_native()
    for day in days:
        native = told.filter(pl.col("at") == day_number(day)).select(ROW)
        made.write(
            day,
            [(office, rows) for (office,), rows in sorted(native.group_by("office"), key=_office)],
            month_start=day.replace(day=1),
            lineage=Lineage(previous="", law_hash="l", book="b"),
        )
    return made


@pytest.fixture
def book(loans: RandomBook, folded: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The store in place of the installation's; what a fold needs of some loans comes from the random book."""
    for module in (opening, backtest, scenarios, allotments, uncertainty, closing_queries):
        monkeypatch.setattr(module, "store", lambda: folded)
    monkeypatch.setattr(opening, "decrees_taken_up", lambda: None)
    monkeypatch.setattr(opening, "commune_sources", lambda day: {})
    monkeypatch.setattr(allotments, "commune_sources", lambda day: {})
    allotments._found.cache_clear()

    def some(keys: list[int], _day: date) -> Any:
        return loans.contracts.filter(nw.col("loan").is_in(keys))

    monkeypatch.setattr(opening, "contracts_of", some)
    monkeypatch.setattr(
        opening,
        "events_of",
        lambda keys, _day, _seen: loans.events.filter(nw.col("loan").is_in(keys)),
    )
    return folded


@pytest.fixture
def published() -> Opening:
    """The book of a published projection at the end of 2024: 4,830 billion, of it 354 local; a fifth falls due in each year."""

    def stock(balance: int) -> Stock:
        part = balance // 60
        return Stock(66_000, 0, (part,) * 59 + (balance - 59 * part, 0))

    stocks = {
        Key("HN", CENTRAL, RUNNING, 2024): stock(4_476 * BILLION),
        Key("HN", LOCAL, RUNNING, 2024): stock(354 * BILLION),
    }
    return Opening(
        book=Book(date(2024, 12, 31), stocks, {"HN": Borrowing((Habits(),), (0,) * 35 + (PPM,))}),
        at_year_begin={CENTRAL: 0, LOCAL: 0},
        lent={("HN", CENTRAL): 1_200 * BILLION, ("HN", LOCAL): 100 * BILLION},
        season=(1,) * 12,
        rates={("HN", CENTRAL): 66_000, ("HN", LOCAL): 66_000},
    )
