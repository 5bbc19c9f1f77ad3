"""Events written after their day was closed: its days are closed again, and the run says which figures moved."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from business import FIRST, Business, closed, same_as_replayed
from closed_grounds import begun_in, days_closed
from grounds import stands_on
from lending_cast import Bank, key, lend, make_household

from tdcs.closing.models import CloseRun
from tdcs.closing.queries import store
from tdcs.core import clock
from tdcs.ledger import checks as ledger
from tdcs.loans.models import LoanEvent
from tdcs.loans.services.collecting import Collection, Sheet, collect_sheet
from tdcs.organisations.models import Area

pytestmark = pytest.mark.django_db
DAY = FIRST + timedelta(days=6)
NEXT = DAY + timedelta(days=1)
WEEK = days_closed(DAY)


@pytest.fixture
@stands_on(WEEK)
def week(bank: Bank, home: Path) -> Business:
    """The days through DAY are closed."""
    return begun_in(home, WEEK)


def test_a_session_synced_the_next_day(bank: Bank, week: Business) -> None:
    before = store().manifest(DAY)
    loan = week.loans[0]
    with clock.fixed_today(NEXT):
        line = Collection(loan.pk, 1_000, 2_000_000)
        sheet = Sheet(key(), bank.office.pk, bank.group.pk, (line,))
        collect_sheet(sheet=sheet, by=bank.teller, on=DAY)
    answer = closed(NEXT)
    assert (answer.late, answer.days) == (2, [DAY])
    commune = Area.objects.get(code="n26227").pk
    moved = {(row[0], row[3]): (row[4], row[5]) for row in answer.moved}
    assert {row[1] for row in answer.moved} == {bank.office.pk}
    assert {row[2] for row in answer.moved} == {commune}
    old = before.totals
    assert moved[DAY.isoformat(), "balance"] == (old["balance"], old["balance"] - 2_000_000)
    assert moved[DAY.isoformat(), "repaid_month"] == (0, 2_000_000)
    assert moved[DAY.isoformat(), "collected_month"] == (0, 1_000)
    assert (DAY.isoformat(), "lent_month") not in moved
    run = CloseRun.objects.get(day=DAY)
    assert (run.recloses, run.before, len(run.moved)) == (1, {}, len(answer.moved))
    assert store().manifest(NEXT).previous == run.digest != before.digest
    assert same_as_replayed(NEXT) > 0
    reclose = closed(NEXT)
    assert (reclose.again, reclose.late) == (True, 0)


def test_several_days_are_closed_again_from_the_first_touched(bank: Bank, week: Business) -> None:
    # The import of a paper from days ago, behind the services' back.
    since = DAY - timedelta(days=3)
    LoanEvent.objects.create(
        loan=week.loans[1],
        on=since,
        kind="principal",
        amount=500_000,
        recorded_at=clock.now(),
    )
    older = store().manifest(since - timedelta(days=1)).digest
    answer = closed(DAY)
    assert answer.days == [since + timedelta(days=n) for n in range(4)]
    assert (answer.again, answer.late) == (False, 1)
    assert store().manifest(since).previous == older
    by_day = [row[0] for row in answer.moved if row[3] == "balance"]
    assert by_day == [day.isoformat() for day in answer.days]
    assert same_as_replayed(DAY) > 0
    # What stands in the ledger follows as the difference, dated on the book's last day.
    assert list(ledger.CHECKS["ledger.entries_balance"]()) == []


def test_a_late_loan_is_in_its_day(bank: Bank, week: Business) -> None:
    with clock.fixed_today(NEXT):
        loan = lend(bank, make_household(bank.group, "Hộ đến muộn"), on=DAY)
    answer = closed(NEXT)
    assert answer.days == [DAY]
    assert loan.pk in store().read(DAY).collect()["loan"].to_list()
    assert same_as_replayed(NEXT) > 0


def test_figures_are_those_before_the_first_try_when_a_close_again_is_cut_short(
    week: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    LoanEvent.objects.create(
        loan=week.loans[0],
        on=DAY - timedelta(days=1),
        kind="principal",
        amount=700_000,
        recorded_at=clock.now(),
    )
    before = store().manifest(DAY - timedelta(days=1)).totals["balance"]
    from tdcs.closing.services import reclose

    real, calls = reclose._folded_again, []

    def cut(*args):  # type: ignore[no-untyped-def]
        if calls:
            raise KeyboardInterrupt
        calls.append(1)
        return real(*args)

    monkeypatch.setattr(reclose, "_folded_again", cut)
    with pytest.raises(KeyboardInterrupt):
        closed(NEXT)
    monkeypatch.setattr(reclose, "_folded_again", real)
    answer = closed(NEXT)
    first = next(row for row in answer.moved if row[3] == "balance")
    assert first[0] == (DAY - timedelta(days=1)).isoformat()
    assert (first[4], first[5]) == (before, before - 700_000)
    assert same_as_replayed(NEXT) > 0
