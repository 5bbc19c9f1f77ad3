"""The rules of loans tell the same whether Polars or lists (core/few_rows.py) carry them out."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from lending_cast import Bank, lend, make_household
from random_loans import near_miss, random_case
from test_project_cases import all_cases, as_loan

from tdcs.core import engine
from tdcs.core.engine import few
from tdcs.loans.models import Loan
from tdcs.loans.queries.due import OwedRow, loan_rows, roll_forward, rows_rolled_forward
from tdcs.loans.queries.folding import Reaching, events_of_many, given_of, standings_rows
from tdcs.loans.rules.fold import EVENT_COLUMNS, LAW_COLUMNS, LOAN_COLUMNS, Folded, fold
from tdcs.loans.rules.project import frame_of, project_lines
from tdcs.loans.services.collecting import Collection, Sheet, collect_sheet

DAY, TODAY = date(2026, 3, 5), date(2026, 11, 23)


def both(cases: list[Any]) -> None:
    told = project_lines(cases)
    with few():
        assert project_lines(cases) == told


def test_every_case_of_the_law() -> None:
    both([as_loan(param.values[0]) for param in all_cases()])


def test_random_loans_and_near_misses() -> None:
    lucky = [random.Random(f"few {number}") for number in range(200)]
    both([random_case(luck) for luck in lucky])
    both([near_miss(luck)[0] for luck in lucky])


def everything(folded: Folded) -> dict[str, list[Any]]:
    """All that a fold knows, by the name of its frame: rows in one order."""
    found = {}
    for name in ("positions", "instalments", "refused", "staged", "laid", "freezes"):
        frame = getattr(folded, name)
        names = sorted(frame.columns)
        found[name] = [names, *sorted(frame.select(*names).rows(), key=repr)]
    return found


@pytest.mark.django_db
def test_a_loans_whole_life_and_what_it_owes(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    loans = [lend(bank, make_household(bank.group, name), on=DAY) for name in ("Hoa", "Bình")]
    line = Collection(loan_id=loans[0].pk, principal=1_000_000, interest=5_000)
    sheet = Sheet("few", bank.office.pk, bank.group.pk, (line,))
    collect_sheet(sheet=sheet, by=bank.teller, on=TODAY)
    loans = list(Loan.objects.order_by("pk"))
    events = events_of_many([loan.pk for loan in loans])
    views = [(loan, TODAY, standings_rows(events[loan.pk], TODAY)) for loan in loans]
    given = given_of(views, Reaching())

    def folded() -> dict[str, list[Any]]:
        loans_, events_, changes = given
        return everything(
            fold(
                frame_of(LOAN_COLUMNS, loans_, {"by_instalment"}),
                frame_of(EVENT_COLUMNS, events_, set()),
                frame_of(LAW_COLUMNS, changes, set()),
            )
        )

    told = folded()
    with few():
        assert folded() == told
    ids = [loan.pk for loan in loans]
    rows = roll_forward(loan_rows(ids), TODAY).rows(named=True)
    assert rows_rolled_forward(ids, TODAY, OwedRow) == rows
    monkeypatch.setattr("tdcs.loans.queries.due.LEAST_OF_ENGINES", 0)
    assert rows_rolled_forward(ids, TODAY, OwedRow) == rows


def test_rules_are_written_once_for_both() -> None:
    """A rule of loans that one fold calls says nothing to Narwhals itself: it would not be said to lists."""
    rules = Path(engine.__file__).parents[1] / "loans/rules"
    names = ("fold", "timeline", "schedule", "balance", "accrual", "limits", "running", "sessions")
    for name in names:
        source = (rules / f"{name}.py").read_text(encoding="utf-8")
        assert "import narwhals" not in source and "import polars" not in source, name
