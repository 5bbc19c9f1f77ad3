"""A loan frozen in part when its book begins: to the dong on the eve, on the ledger, day by day, and when the freeze is over."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import narwhals as nw
import pytest
from extract_cast import DAY, loan, take
from test_cut_over import FIRST, ON, _begin, _clean, _figures, _made, _rows

from tdcs.access.models import User
from tdcs.closing.queries import store
from tdcs.closing.rules.rows import figures
from tdcs.closing.services.closing import close_day
from tdcs.closing.services.replaying import replay
from tdcs.core import clock
from tdcs.imports import services
from tdcs.imports.reading.workbook import read_workbook
from tdcs.ledger.models import Posting
from tdcs.ledger.services import load_chart
from tdcs.loans.models import Loan
from tdcs.loans.queries.folding import balances_on
from tdcs.loans.queries.owed import due_rows
from tdcs.loans.services.collecting import Collection, Sheet, collect_sheet
from tdcs.programmes.models import DecreeApplication
from tdcs.programmes.rules.decrees import decrees_in_law

UNTIL = date(2026, 11, 2)


@pytest.fixture(autouse=True)
def own_snapshots(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    """Snapshots of a test lie in a folder of its own; reading in a process of its own is another file's."""
    settings.HOME = tmp_path
    monkeypatch.setattr("tdcs.imports.services.reading.read_guarded", read_workbook)
    load_chart()
    for document, first in decrees_in_law().items():
        DecreeApplication.objects.create(
            document=document, state=DecreeApplication.State.DONE, asked_on=first, taken_up_on=first
        )


def _partly_frozen(until: date = UNTIL) -> dict[str, Any]:
    """15 of 50 million repaid; 3 overdue since 13/9, 8 frozen, 24 in time."""
    return loan(
        2,
        balance=35_000_000,
        in_time=24_000_000,
        overdue=3_000_000,
        frozen=8_000_000,
        frozen_until_on=until,
        turned_overdue_on=date(2026, 9, 13),
        interest_collected=3_000_000,
        arrears_in_time=120_000,
        arrears_overdue=33_333,
    )


def _pay(by: User, at: Loan, on: date, principal: int) -> None:
    lines = (Collection(at.pk, principal=principal),)
    sheet = Sheet(key=f"f-{next(_made)}", office_id=at.office_id, group_id=at.group_id, lines=lines)
    collect_sheet(sheet=sheet, by=by, on=on)


def _booked(at: Loan) -> dict[str, int]:
    rows = Posting.objects.filter(account__subledger="loan", subject=at.pk)
    found: dict[str, int] = {}
    for code, debit, credit in rows.values_list("account__code", "debit", "credit"):
        found[code] = found.get(code, 0) + debit - credit
    return {code: amount for code, amount in found.items() if code in ("2111", "2118")}


def _row(at: Loan, day: date) -> dict[str, Any]:
    kept = nw.from_native(store().read(day).collect(), eager_only=True)
    return next(row for row in figures(kept).iter_rows(named=True) if row["loan"] == at.pk)


def _parts(row: dict[str, Any]) -> tuple[int, int, int]:
    return row["in_time"], row["overdue"], row["frozen"]


def test_a_loan_frozen_in_part_opens_and_goes_on(planner: User) -> None:
    take(planner, DAY, loan(1), _partly_frozen())
    said = _figures(DAY)
    made = _begin(planner)
    assert _figures(DAY) == said and made.sums["frozen"] == 8_000_000
    held = Loan.objects.get(number__endswith="2")
    assert (held.frozen_to, held.frozen_part) == (UNTIL, 8_000_000)
    assert _booked(held) == {"2111": 27_000_000, "2118": 8_000_000}
    begun = balances_on([held], DAY)[held.pk]
    assert begun.interest_due == 153_333
    _clean()
    # What is due on the first day: the overdue part, nothing of the frozen one.
    (owed,) = due_rows([held.pk], FIRST)
    assert (owed["principal_due"], owed["frozen"]) == (3_000_000, 8_000_000)
    with clock.fixed_today(FIRST):
        _pay(planner, held, FIRST, 5_000_000)
        close_day(day=FIRST, by=None)
    assert _parts(_row(held, FIRST)) == (22_000_000, 0, 8_000_000)
    with clock.fixed_today(UNTIL):
        # All that is not frozen, and 2 of the 8 million that are.
        _pay(planner, held, UNTIL, 24_000_000)
        _clean()
        close_day(day=UNTIL, by=None)
    assert _booked(held) == {"2111": 0, "2118": 6_000_000}
    assert _parts(_row(held, UNTIL)) == (0, 0, 6_000_000)
    with clock.fixed_today(date(2026, 11, 3)):
        close_day(day=date(2026, 11, 3), by=None)
    # The freeze is over: what is left is in time again, and bears interest.
    assert _parts(_row(held, date(2026, 11, 3))) == (6_000_000, 0, 0)
    assert _booked(held) == {"2111": 6_000_000, "2118": 0}
    after = balances_on([held], date(2026, 11, 3))[held.pk]
    # 22,000,000 on 1/11 and 6,000,000 on 3/11: 28,000,000 x 6,24% / 365 = 4,786.8.
    assert after.accrued - begun.accrued in (4_786, 4_787)
    _clean()
    told = list(replay(to=date(2026, 11, 3), every="day"))
    assert [(one.day, one.named) for one in told if one.loans] == []


def test_the_opening_of_a_loan_frozen_in_part_is_undone_as_it_was(planner: User) -> None:
    take(planner, DAY, loan(1), _partly_frozen(date(2028, 6, 30)))
    said, loans = _figures(DAY), _rows()
    made = _begin(planner)
    services.undo_cut_over(made=made, why="nhầm tháng", by=planner, on=ON, key="u-frozen")
    assert _figures(DAY) == said and _rows() == loans
    assert not Loan.objects.exclude(frozen_part=0).exists()
    _clean()
    _begin(planner)
    assert _figures(DAY) == said
    _clean()
