"""A write-off covers interest as the decision says; interest may be written off alone (issue 9, F5)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from lending_cast import Bank, key, lend, make_household

from tdcs.ledger.models import Posting
from tdcs.loans import checks
from tdcs.loans.errors import FieldWrong, RuleRefused
from tdcs.loans.models import ChangeRequest, Loan, LoanEvent
from tdcs.loans.queries.folding import balances_on
from tdcs.loans.services import changing
from tdcs.loans.services.changing import ChangeDecision, ChangeDraft

pytestmark = pytest.mark.django_db
DAY, LATER = date(2026, 3, 5), date(2026, 6, 1)
# 50,000,000 × 88 days × 6.24% ÷ 365.
DUE = 752_219


def _clean() -> None:
    for name, check in checks.CHECKS.items():
        assert list(check()) == [], name


def _ask(bank: Bank, loan: Loan, kind: str, **given: Any) -> ChangeRequest:
    return changing.ask_change(
        loan=loan,
        change=ChangeDraft(kind=kind, cause="Chết, không còn tài sản", **given),
        by=bank.officer,
        on=LATER,
    )


def _decide(bank: Bank, request: ChangeRequest) -> None:
    changing.decide_change(
        request=request,
        decision=ChangeDecision(approve=True, number="9/QĐ"),
        by=bank.director,
        on=LATER,
        key=key(),
    )


def test_a_write_off_covers_principal_and_interest(bank: Bank) -> None:
    loan = lend(bank, make_household(bank.group), on=DAY)
    request = _ask(bank, loan, "write_off", interest=DUE)
    foreseen = changing.foresee_change(request=request, on=LATER)
    assert (foreseen.balance, foreseen.interest_due, foreseen.waived) == (0, 0, DUE)
    _decide(bank, request)
    loan.refresh_from_db()
    assert (loan.state, loan.written_off, loan.interest_written_off) == (
        "written_off",
        50_000_000,
        DUE,
    )
    later = balances_on([loan], date(2026, 11, 23))[loan.pk]
    assert (later.interest_due, later.accrued, later.collected) == (0, DUE, 0)
    events = LoanEvent.objects.filter(loan=loan, kind__startswith="write_off").order_by("pk")
    assert [(e.kind, e.amount) for e in events] == [
        ("write_off", 50_000_000),
        ("write_off_interest", DUE),
    ]
    assert len({e.entry_id for e in events}) == 1
    followed = Posting.objects.filter(subject=loan.pk, account__code__in=("9711", "9712"))
    assert sorted((p.account.code, p.debit) for p in followed) == [
        ("9711", 50_000_000),
        ("9712", DUE),
    ]
    _clean()


def test_more_interest_than_is_due_is_refused(bank: Bank) -> None:
    loan = lend(bank, make_household(bank.group), on=DAY)
    with pytest.raises(RuleRefused) as refused:
        _ask(bank, loan, "write_off", interest=DUE + 1)
    assert refused.value.code == "interest_above_due"
    with pytest.raises(FieldWrong):
        _ask(bank, loan, "freeze", interest=1, until_on=date(2027, 6, 1))
    assert not ChangeRequest.objects.exists()


def test_interest_alone_by_a_decision_of_its_own(bank: Bank) -> None:
    loan = lend(bank, make_household(bank.group), on=DAY)
    request = _ask(bank, loan, "write_off_interest")
    # All that is due at the end of the day, the day's own interest with it.
    assert request.amount == DUE + 8_548
    _decide(bank, request)
    loan.refresh_from_db()
    assert (loan.balance, loan.state, loan.interest_written_off) == (
        50_000_000,
        "in_time",
        DUE + 8_548,
    )
    assert balances_on([loan], LATER)[loan.pk].interest_due == 0
    _clean()
    event = LoanEvent.objects.get(loan=loan, kind="write_off_interest")
    changing.reverse_event(event=event, why="sai hồ sơ", by=bank.accountant, on=LATER, key=key())
    loan.refresh_from_db()
    assert loan.interest_written_off == 0
    assert balances_on([loan], LATER)[loan.pk].interest_due == DUE + 8_548
    _clean()


def test_the_page_asks_for_both_and_says_what_is_left(bank: Bank, signed_in: Any) -> None:
    loan = lend(bank, make_household(bank.group), on=DAY)
    client = signed_in(bank.officer)
    address = reverse("loans:ask", args=[loan.pk, "write_off"])
    page = client.get(address)
    assert page.status_code == 200 and "Số lãi xóa kèm theo" in page.content.decode()
    asked = {"amount": "50.000.000", "interest": "1.000.000", "cause": "Mất tích", "key": key()}
    answer = client.post(address, asked)
    assert answer.status_code == 302
    request = ChangeRequest.objects.get()
    assert (request.amount, request.interest) == (50_000_000, 1_000_000)
    too_much = client.post(address, asked | {"interest": "900.000.000", "key": key()})
    assert "Vượt lãi còn phải thu" in too_much.content.decode()
    alone = client.get(reverse("loans:ask", args=[loan.pk, "write_off_interest"]))
    assert "Số lãi xóa (đồng)" in alone.content.decode()
