"""A transfer is booked once when a person confirms it; what has no match has a decision; an undoing makes it wait again."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from lending_cast import Bank, lend, make_household, savings_of
from offline_cast import TODAY, code_of

from tdcs.core import clock
from tdcs.ledger.models import Book, JournalEntry
from tdcs.loans.models import Loan
from tdcs.loans.services.collecting import Collection, Sheet, collect_sheet
from tdcs.loans.services.sheet_undoing import reverse_sheet
from tdcs.transaction_points.checks import CHECKS
from tdcs.transaction_points.models import BankCredit, SessionEntry, TransactionSession
from tdcs.transaction_points.queries.summary import cash_expected
from tdcs.transaction_points.queries.transfers import CreditFilters, credit_rows, owed_of
from tdcs.transaction_points.rules.transfers import Parts, proposed
from tdcs.transaction_points.services import transfer_booking, transfers

pytestmark = pytest.mark.django_db
AMOUNT = 300_000


def credit(
    bank: Bank,
    session: TransactionSession | None,
    loan: Loan | None,
    on: date = TODAY,
    amount: int = AMOUNT,
) -> BankCredit:
    return BankCredit.objects.create(
        office=bank.office, on=on, amount=amount, content="x", session=session, loan=loan,
        copy=BankCredit.objects.count() + 1, recorded_at=clock.now(), recorded_by=bank.accountant,
    )  # fmt: skip


def state(bank: Bank) -> list[str]:
    rows = credit_rows(bank.accountant, CreditFilters(show=""))
    return [str(row.state) for row in sorted(rows, key=lambda row: row.credit.pk)]


def book(bank: Bank, row: BankCredit, *parts: int, by: Any = None, on: date = TODAY) -> BankCredit:
    return transfer_booking.book_credit(
        credit=row, parts=Parts(*parts), by=by or bank.accountant, on=on
    )


def test_how_an_amount_is_shared_out() -> None:
    owed: dict[str, Any] = {"interest": 62_000, "principal": 500_000, "balance": 5_000_000}
    assert proposed(1_000_000, **owed, saves=True) == (62_000, 500_000, 438_000)
    assert proposed(1_000_000, **owed, saves=False) == (62_000, 938_000, 0)
    assert proposed(62_000, **owed, saves=True) == (62_000, 0, 0)
    assert proposed(61_999, **owed, saves=True) == (61_999, 0, 0)
    assert proposed(62_001, **owed, saves=True) == (62_000, 1, 0)
    # More than the loan can take stays out.
    assert sum(proposed(9_000_000, **owed, saves=False)) == 5_062_000


def test_a_matched_transfer_is_booked_once(
    bank: Bank, session: TransactionSession, loans: list[Loan]
) -> None:
    loan = loans[0]
    account = savings_of(loan.household, bank)
    row = credit(bank, session, loan)
    assert state(bank) == ["unpaid"]
    made = book(bank, row, 50_000, 150_000, 100_000)
    loan.refresh_from_db()
    account.refresh_from_db()
    assert (loan.balance, loan.interest_collected, account.balance) == (19_850_000, 50_000, 100_000)
    entry = JournalEntry.objects.get(pk=made.entry_id)
    assert (entry.on, entry.template) == (TODAY, "loan.transfer")
    debits = {line.account.code: line.debit for line in entry.postings.all() if line.debit}
    assert debits == {"1311": AMOUNT}
    # No cash of the session, and no row of its sheet.
    assert (cash_expected(session), state(bank)) == (0, ["booked"])
    for _again in range(2):
        assert code_of(lambda: book(bank, row, 50_000, 150_000, 100_000)) == "case_decided"
    assert code_of(
        lambda: transfers.handle_credit(credit=row, words="x", by=bank.accountant, on=TODAY)
    ) == "case_decided"  # fmt: skip
    assert BankCredit.objects.get().tries == 1
    # Undone by the reversal of the whole entry: money leaves from where it came in; it may be booked anew.
    reverse_sheet(entry=entry, why="Nhầm người", by=bank.accountant, on=TODAY, key="dao")
    loan.refresh_from_db()
    assert (loan.balance, state(bank)) == (20_000_000, ["unpaid"])
    codes = JournalEntry.objects.get(reverses=entry).postings.filter(credit__gt=0)
    assert [line.account.code for line in codes if line.credit == AMOUNT] == ["1311"]
    again = book(bank, row, 0, AMOUNT, 0)
    assert again.entry_id not in (None, entry.pk) and state(bank) == ["booked"]


def test_what_refuses_it(bank: Bank, session: TransactionSession, loans: list[Loan]) -> None:
    loan = loans[0]
    row, unnamed = credit(bank, session, loan), credit(bank, None, None)
    due = owed_of(loan, TODAY)
    assert due is not None

    def refused(*parts: int, of: BankCredit = row, by: Any = None) -> str:
        found = code_of(lambda: book(bank, of, *parts, by=by))
        loan.refresh_from_db()
        assert loan.balance == 20_000_000 and BankCredit.objects.get(pk=of.pk).entry_id is None
        return found

    assert refused(0, AMOUNT, 0, of=unnamed) == "transfer_unnamed"
    for parts in ((0, AMOUNT - 1, 0), (0, AMOUNT + 1, 0), (-1, AMOUNT + 1, 0)):
        assert refused(*parts) == "transfer_split_wrong"
    big = credit(bank, session, loan, amount=due.interest_due + 1)
    # The counter's own rules stand: no more interest than is due, no savings without an account.
    assert refused(due.interest_due + 1, 0, 0, of=big) == "sheet_refused"
    assert refused(0, 0, AMOUNT) == "sheet_refused"
    assert refused(0, AMOUNT, 0, by=bank.teller) == "point_out_of_scope"
    # Handled otherwise: no more.
    transfers.handle_credit(credit=row, words="Đã hoàn trả", by=bank.accountant, on=TODAY)
    assert refused(0, AMOUNT, 0) == "case_decided"


def test_which_day_it_bears(bank: Bank, session: TransactionSession, loans: list[Loan]) -> None:
    first, second = loans
    # The bank's day, while the book is open for it.
    row = book(bank, credit(bank, session, first, on=date(2026, 11, 20)), 0, AMOUNT, 0)
    event = first.events.get(kind="principal")
    assert row.entry is not None
    assert (event.on, row.entry.on) == (date(2026, 11, 20), date(2026, 11, 20))
    assert SessionEntry.objects.get().entry_id == row.entry_id
    # After the loan's last event: what stands is not opened again.
    line = Collection(second.pk, interest=1_000)
    sheet = Sheet("quay", bank.office.pk, None, (line,))
    collect_sheet(sheet=sheet, by=bank.teller, on=date(2026, 11, 22))
    book(bank, credit(bank, session, second, on=date(2026, 11, 21)), 0, AMOUNT, 0)
    assert second.events.get(kind="principal").on == date(2026, 11, 22)
    # The book is closed for the bank's day: the entry stands on the first open one.
    Book.objects.filter(organisation=bank.office).update(closed_through=date(2026, 11, 22))
    third = lend_third(bank)
    late = book(bank, credit(bank, session, third, on=date(2026, 11, 21)), 0, AMOUNT, 0)
    assert late.entry is not None
    assert (third.events.get(kind="principal").on, late.entry.on) == (date(2026, 11, 21), TODAY)
    assert [words for check in CHECKS.values() for words in check()] == []


def lend_third(bank: Bank) -> Loan:
    """Paid out before the books were closed."""
    with clock.fixed_today(TODAY):
        Book.objects.filter(organisation=bank.office).update(closed_through=None)
        made = lend(
            bank, make_household(bank.group, "Hộ 9"), on=date(2026, 6, 23), amount=9_000_000
        )
        Book.objects.filter(organisation=bank.office).update(closed_through=date(2026, 11, 22))
    return made


def test_who_is_meant_is_said_by_a_person(
    bank: Bank, session: TransactionSession, loans: list[Loan]
) -> None:
    row = credit(bank, None, None)

    def name(number: str, by: Any = None) -> str:
        return code_of(
            lambda: transfer_booking.name_credit(
                credit=row, session=session, number=number, by=by or bank.accountant, on=TODAY
            )
        )

    assert (name("x"), name(loans[0].number, bank.teller)) == (
        "point_field_wrong",
        "point_out_of_scope",
    )
    done = transfer_booking.name_credit(
        credit=row, session=session, number=f" {loans[0].number} ", by=bank.accountant, on=TODAY
    )
    assert (done.loan, state(bank)) == (loans[0], ["unpaid"])
    book(bank, row, 0, AMOUNT, 0)
    assert name(loans[1].number) == "case_decided"


def test_what_stands_on_a_sheet_is_told_apart_from_transfers(
    bank: Bank, session: TransactionSession, loans: list[Loan]
) -> None:
    loan = loans[0]
    line = Collection(loan.pk, principal=AMOUNT)
    collect_sheet(sheet=Sheet("to", bank.office.pk, None, (line,)), by=bank.teller, on=TODAY)
    first = credit(bank, session, loan)
    assert state(bank) == ["matched"]
    # The teller says that the sheet's money was cash: the transfer came besides.
    book(bank, first, 0, AMOUNT, 0)
    credit(bank, session, loan)
    assert state(bank) == ["booked", "matched"]
    credit(bank, session, loan, amount=1)
    assert state(bank) == ["booked", "differs", "differs"]


def test_the_page(
    bank: Bank, session: TransactionSession, loans: list[Loan], signed_in: Any
) -> None:
    row, keeper = credit(bank, session, loans[0]), signed_in(bank.accountant)
    at = reverse("points:credit", args=[row.pk])
    due = owed_of(loans[0], TODAY)
    assert due is not None
    page = keeper.get(at).content.decode()
    assert "Xác nhận hạch toán" in page and loans[0].number in page
    bad = keeper.post(reverse("points:book_credit", args=[row.pk]), {"principal": "ba trăm"})
    assert bad.status_code != 500 and BankCredit.objects.get().entry_id is None
    keeper.post(reverse("points:book_credit", args=[row.pk]), {"principal": "300.000"})
    page = keeper.get(at).content.decode()
    assert "Đã hạch toán" in page and "Đề nghị đảo" in page and "Xác nhận hạch toán" not in page
    entry = BankCredit.objects.get().entry_id
    assert keeper.get(reverse("loans:reverse_sheet", args=[entry])).status_code == 200
    other = credit(bank, None, None)
    keeper.post(
        reverse("points:name_credit", args=[other.pk]),
        {"session": session.pk, "number": loans[1].number},
    )
    other.refresh_from_db()
    assert other.loan == loans[1]
    assert signed_in(bank.teller).get(at).status_code == 403
