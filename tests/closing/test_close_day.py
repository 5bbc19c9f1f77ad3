"""Closing days through the services: in order, once, and equal to everything replayed; what it posts."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import polars as pl
import pytest
from business import FIRST, LAST, Business, closed, days, run_days, same_as_replayed
from lending_cast import Bank

from tdcs.closing.models import CloseRun
from tdcs.closing.queries import shown_day, store
from tdcs.closing.services import close_day, rebuild
from tdcs.closing.services.close_postings import ACCOUNTS, held
from tdcs.core import clock
from tdcs.core.errors import NoParametersOnDay
from tdcs.entrustment.models import GroupRating
from tdcs.group_results.queries import month as results
from tdcs.group_results.services import rating
from tdcs.ledger import checks as ledger
from tdcs.ledger.models import Book, JournalEntry, Operation, Posting
from tdcs.loans import checks as loans
from tdcs.loans.models import Loan, LoanEvent
from tdcs.loans.queries import month as lending

pytestmark = pytest.mark.django_db
MONTH_END = date(2026, 3, 31)


def test_weeks_closed_day_by_day_are_everything_replayed(bank: Bank) -> None:
    run_days(bank)
    kept = store()
    assert kept.days() == days(FIRST, LAST)
    assert shown_day(LAST + timedelta(days=3)) == LAST
    runs = list(CloseRun.objects.order_by("day"))
    assert [run.state for run in runs] == ["done"] * len(runs)
    assert [run.day for run in runs] == kept.days()
    for before, run in pairwise(runs):
        assert run.previous == before.digest == kept.manifest(before.day).digest
    last = runs[-1]
    assert last.totals["balance"] == sum(loan.balance for loan in Loan.objects.all())
    assert last.totals["loans"] == Loan.objects.filter(balance__gt=0).count()
    assert sum(run.events for run in runs) == LoanEvent.objects.count()
    assert same_as_replayed(LAST) > 200
    for name, check in {**ledger.CHECKS, **loans.CHECKS}.items():
        assert list(check()) == [], name
    _interest_stands_in_the_ledger(bank, LAST)


def _interest_stands_in_the_ledger(bank: Bank, day: date) -> None:
    """Each account holds what the day's rows say, summed here from the rows themselves."""
    rows = store().read(day).collect()
    tiers = {bank.source.pk: "central", bank.local.pk: "local"}
    for tier_source, tier in tiers.items():
        own = rows.filter(pl.col("source") == tier_source)
        due = int((own["accrued"] - own["collected"]).sum())
        old = [max(a - c, 0) for a, c in own.select("accrued_0", "collected").rows()]
        assert held().get((bank.office.pk, ACCOUNTS["arrears", tier]), 0) == sum(old)
        assert held()[bank.office.pk, ACCOUNTS["accrued", tier]] == due - sum(old)


def test_a_closed_day_again_has_the_same_bytes_and_posts_nothing(bank: Bank) -> None:
    run_days(bank, FIRST + timedelta(days=3))
    day = FIRST + timedelta(days=3)
    before = {path: path.read_bytes() for path in store().root.rglob("*.parquet")}
    run = CloseRun.objects.get(day=day)
    entries = JournalEntry.objects.count()
    answer = closed(day)
    assert (answer.again, answer.digest, answer.moved) == (True, run.digest, [])
    assert {path: path.read_bytes() for path in store().root.rglob("*.parquet")} == before
    assert JournalEntry.objects.count() == entries
    # An earlier closed day as well.
    earlier = closed(day - timedelta(days=2), on=day)
    assert earlier.again
    assert {path: path.read_bytes() for path in store().root.rglob("*.parquet")} == before
    assert JournalEntry.objects.count() == entries
    assert CloseRun.objects.get(day=day).finished_at == run.finished_at


def test_a_book_that_begins_with_a_day_built_from_all_events(bank: Bank) -> None:
    business = Business(bank)
    base = FIRST + timedelta(days=5)
    for day in days(FIRST, base + timedelta(days=1)):
        business.of(day)
    with clock.fixed_today(base + timedelta(days=1)):
        [made] = rebuild(days=[base], by=None)
        # Closed again, the day has no eve to step from and stays what it is.
        assert close_day(day=base, by=None).digest == made.digest
        assert (made.rows, made.previous) == (5, "")
        assert close_day(day=base + timedelta(days=1), by=None).rows == 5
        assert close_day(day=base, by=None).again
    assert store().days() == [base, base + timedelta(days=1)]
    assert same_as_replayed(base + timedelta(days=1)) == 10


def test_summary_entries_are_posted_once_and_name_their_day(bank: Bank) -> None:
    run_days(bank, FIRST + timedelta(days=12))
    keys = list(Operation.objects.filter(action="closing.post").values_list("key", flat=True))
    assert len(keys) == len(set(keys)) == 13
    assert f"close:{FIRST}:{bank.office.pk}:close.interest" in keys
    entries = JournalEntry.objects.filter(template="close.interest").order_by("number")
    assert [entry.on for entry in entries] == days(FIRST, FIRST + timedelta(days=12))
    # Day 0: 10.000.000 + 3.100.000 central and twice that local, one day at 6.24%: 2.240 and 2.770 dong.
    first = Posting.objects.filter(entry=entries[0]).order_by("pk")
    amounts = {row.account.code: row.debit or -row.credit for row in first if row.subject}
    assert amounts == {"9411": 2_240, "9421": 2_770}


def test_books_are_locked_through_the_eve_and_with_lock_the_day(bank: Bank) -> None:
    run_days(bank, FIRST + timedelta(days=1))
    book = Book.objects.get(organisation=bank.office)
    assert book.closed_through == FIRST
    run = CloseRun.objects.get(day=FIRST + timedelta(days=1))
    assert run.locked_through == FIRST
    assert any("phiên giao dịch" in words for words in run.notes)
    closed(FIRST + timedelta(days=2), on=FIRST + timedelta(days=3), lock=True)
    book.refresh_from_db()
    assert book.closed_through == FIRST + timedelta(days=2)


def test_a_freeze_that_ended_comes_back_at_the_close(bank: Bank) -> None:
    business = run_days(bank, FIRST + timedelta(days=28), first=FIRST + timedelta(days=26))
    loan = business.loans[2]
    loan.refresh_from_db()
    # Frozen from day 15 through day 27, booked back on day 28 although nobody came to pay.
    assert (loan.frozen_to, loan.state) == (None, "in_time")
    entry = JournalEntry.objects.get(template="loan.unfreeze")
    assert entry.on == FIRST + timedelta(days=28)
    assert list(loans.CHECKS["loans.subledger_is_the_ledger"]()) == []


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """What loans say of the month: interest by rate and the figures of the rating."""

    def interest(groups: Any, month: date) -> pl.DataFrame:
        rows = [(group, 66_000, 1_000_000) for group in groups]
        return pl.DataFrame(rows, schema=["group", "rate_ppm", "interest"], orient="row")

    def figures(groups: Any, month: date) -> pl.DataFrame:
        names = ("session_done", "session_all", "overdue", "outstanding", "principal_collected",
                 "principal_due", "interest_collected", "interest_due")  # fmt: skip
        row = dict(zip(names, (1, 1, 0, 10**8, 0, 0, 10**6, 10**6), strict=True))
        return pl.DataFrame([{"group": group, **row} for group in groups])

    monkeypatch.setattr(lending, "interest_of", interest)
    monkeypatch.setattr(lending, "figures_of", figures)


def test_month_end_work_is_posted_once_and_balances(bank: Bank, answers: None) -> None:
    run_days(bank, MONTH_END, first=MONTH_END - timedelta(days=2))
    run = CloseRun.objects.get(day=MONTH_END)
    templates = Counter(row["template"] for row in run.entries)
    assert templates == {"close.interest": 1, "close.commission": 1, "close.fee": 1}
    # 1.000.000 of interest at 6.6% a year: 0.085% a month of the outstanding, so 0.085 × 12 / 6.6 of it.
    [commission] = [row for row in run.entries if row["template"] == "close.commission"]
    assert commission["amounts"] == {"amount": 154_545}
    rating = GroupRating.objects.get(group=bank.group)
    assert rating.month == date(2026, 3, 1)
    entries = JournalEntry.objects.count()
    closed(MONTH_END)
    assert JournalEntry.objects.count() == entries
    assert list(ledger.CHECKS["ledger.entries_balance"]()) == []
    closed(MONTH_END + timedelta(days=1))
    assert (
        Counter(
            Operation.objects.filter(action="closing.post").values_list(
                "answer__template", flat=True
            )
        )["close.commission"]
        == 1
    )


def test_without_terms_of_law_the_run_says_what_was_not_done(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(month: date) -> Any:
        raise NoParametersOnDay(name="Tham số", day=f"{month:%d/%m/%Y}")

    monkeypatch.setattr(results, "commission_terms", none)
    monkeypatch.setattr(results, "fee_terms", none)
    monkeypatch.setattr(rating, "regime_of", none)
    run_days(bank, MONTH_END, first=MONTH_END - timedelta(days=2))
    notes = CloseRun.objects.get(day=MONTH_END).notes
    assert any("hoa hồng" in words for words in notes)
    assert any("chấm điểm" in words for words in notes)
    with clock.fixed_today(MONTH_END):
        assert not GroupRating.objects.exists()
