"""Successive extracts become the book of a monitored office: what they say, to the dong, and back."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from extract_cast import DAY, loan, workbook

from tdcs.access.models import User
from tdcs.capital.models import CapitalSource  # noqa: F401
from tdcs.closing.queries import store
from tdcs.closing.rules.rows import figures
from tdcs.imports import services
from tdcs.imports.errors import LaterExtractRests, OfficeKeepsBook  # noqa: F401
from tdcs.imports.models import ExtractImport, Unexplained
from tdcs.ledger.models import Book, JournalEntry
from tdcs.loans.models import Loan

ON = date(2026, 11, 23)
SEPTEMBER = date(2026, 9, 30)
_made = iter(range(10_000))


@pytest.fixture(autouse=True)
def own_snapshots(settings: Any, tmp_path: Path) -> None:
    settings.HOME = tmp_path


def _take(by: User, day: date, *rows: dict[str, Any], monitor: bool = True) -> ExtractImport:
    content = workbook(*({**row, "day": day} for row in rows), day=day)
    made = services.receive(
        files=[(f"{day:%d-%m-%Y}.xlsx", content)], by=by, on=ON, key=f"m-{next(_made)}"
    )
    services.read(imported=made, by=by, on=ON)
    services.commit(imported=made, monitor=monitor, by=by, on=ON, key=f"mc-{next(_made)}")
    return made


def _sums(day: date) -> dict[str, int]:
    import narwhals as nw

    rows = figures(nw.from_native(store().read(day).collect(), eager_only=True)).to_native()
    names = (
        "lent",
        "balance",
        "in_time",
        "overdue",
        "frozen",
        "arrears",
        "collected",
        "lent_month",
        "repaid_month",
        "collected_month",
        "newly_overdue",
    )
    return {name: rows[name].sum() for name in names}


def test_two_months_stand_as_the_extracts_say(planner: User) -> None:
    _take(planner, SEPTEMBER, loan(1), loan(2, interest_collected=900_000, arrears_in_time=40_000))
    found = _sums(SEPTEMBER)
    assert found["balance"] == 100_000_000
    assert found["arrears"] == 40_000
    _take(
        planner,
        DAY,
        loan(
            1,
            in_time=20_000_000,
            overdue=25_000_000,
            balance=45_000_000,
            interest_collected=100_000,
        ),
        loan(2, in_time=0, frozen=50_000_000, interest_collected=900_000, arrears_in_time=300_000),
        loan(3, lent_month=50_000_000, first_disbursed_on=date(2026, 10, 4)),
    )
    found = _sums(DAY)
    assert found == {
        "lent": 150_000_000,
        "balance": 145_000_000,
        "in_time": 70_000_000,
        "overdue": 25_000_000,
        "frozen": 50_000_000,
        "arrears": 300_000,
        "collected": 1_000_000,
        "lent_month": 50_000_000,
        "repaid_month": 5_000_000,
        "collected_month": 100_000,
        "newly_overdue": 25_000_000,
    }
    assert not JournalEntry.objects.exists()
    assert Book.objects.get().monitored_from == SEPTEMBER
    assert Loan.objects.get(number="6600000000000001").balance == 45_000_000
    assert list(Unexplained.objects.values_list("code", flat=True)) == []
