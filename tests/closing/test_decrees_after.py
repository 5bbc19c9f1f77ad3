"""What follows a decree taken up late: collections in between, reversals, credits paid out."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest
from business import closed, same_as_replayed
from decree_book import (
    ACT,
    DECREE,
    LENT,
    PAID_OFF,
    Late,
    collect,
    due,
    findings,
    taken_up,
)
from lending_cast import key
from referee import refer

from tdcs.closing.services.decrees import carry_out
from tdcs.core import clock
from tdcs.loans.errors import CreditInTheWay, NothingToRefund, SheetRefused
from tdcs.loans.models import Loan
from tdcs.loans.services import changing
from tdcs.loans.services.crediting import refund_credit

pytestmark = pytest.mark.django_db
EVE = ACT - timedelta(days=1)


def carried_out(book: Late) -> None:
    """Taken up and carried out on ACT."""
    taken_up(book)
    with clock.fixed_today(ACT):
        carry_out(document=DECREE, by=book.director, on=ACT)


def accrued(loan: Loan, programme: str = "HN", **events: object) -> int:
    """Interest through the eve of ACT by the referee, who knows the law of each day."""
    case = {
        "programme": programme,
        "disbursed_on": LENT.isoformat(),
        "principal": loan.disbursed_total,
        "term_months": loan.term_months,
        "instalment_months": loan.instalment_months,
        "session_day": 15,
        "as_of": EVE.isoformat(),
        "events": events.get("events", []),
    }
    return int(refer(case)["interest_accrued"])


def test_the_referee_says_the_same(book: Late) -> None:
    freeze = {"on": "2025-11-15", "kind": "freeze", "to": "2026-03-31", "loss_percent": 80}
    paid = {"on": PAID_OFF.isoformat(), "kind": "principal", "amount": 20_000_000}
    carried_out(book)
    for loan, programme, events in (
        (book.plain, "HN", []), (book.local, "HN", []), (book.near, "HCN", []), (book.undone, "HN", []),
        (book.frozen, "HN", [freeze]), (book.paid, "HN", [paid]),
    ):  # fmt: skip
        kept = Loan.objects.get(pk=loan.pk)
        wanted = accrued(kept, programme, events=events) - kept.interest_collected
        assert due(kept, ACT) == wanted, loan
        assert kept.interest_credit == max(-wanted, 0)


def test_a_collection_between_confirming_and_carrying_out(book: Late) -> None:
    taken_up(book)
    later = ACT + timedelta(days=40)
    with clock.fixed_today(later):
        old_way = int(Fraction(50_000_000 * 66_000 * 41, 365 * 10**6))
        paid = collect(book.bank, book.plain, later)
        assert 0 < paid < old_way
        carry_out(document=DECREE, by=book.director, on=later)
        kept = Loan.objects.get(pk=book.plain.pk)
        assert (kept.interest_credit, due(kept, later)) == (0, 0)
        assert findings() == {}


def test_interest_is_refused_while_the_credit_lasts(book: Late) -> None:
    carried_out(book)
    with clock.fixed_today(ACT), pytest.raises(SheetRefused) as refused:
        from tdcs.loans.services.collecting import Collection, Sheet, collect_sheet

        line = Collection(book.plain.pk, 1_000)
        sheet = Sheet(key(), book.bank.office.pk, None, (line,))
        collect_sheet(sheet=sheet, by=book.bank.teller, on=ACT)
    assert refused.value.rows[0][1].code == "interest_above_due"


def test_a_loan_paid_off_is_paid_its_credit_out_once(book: Late) -> None:
    carried_out(book)
    credit = Loan.objects.get(pk=book.paid.pk).interest_credit
    with clock.fixed_today(ACT):
        with pytest.raises(NothingToRefund):
            refund_credit(loan=book.plain, by=book.bank.teller, on=ACT, key=key())
        one = key()
        answer = refund_credit(loan=book.paid, by=book.bank.teller, on=ACT, key=one)
        assert answer["amount"] == credit > 0
        again = refund_credit(loan=book.paid, by=book.bank.teller, on=ACT, key=one)
        assert (again["event"], again["again"]) == (answer["event"], True)
        with pytest.raises(NothingToRefund):
            refund_credit(loan=book.paid, by=book.bank.teller, on=ACT, key=key())
        kept = Loan.objects.get(pk=book.paid.pk)
        assert (kept.interest_credit, due(kept, ACT), kept.state) == (0, 0, "settled")
        event = kept.events.get(kind="refund_interest")
        with pytest.raises(CreditInTheWay):
            changing.reverse_event(
                event=event, why="Nhầm", by=book.bank.accountant, on=ACT, key=key()
            )
    closed(ACT)
    assert same_as_replayed(ACT) > 0
    with clock.fixed_today(ACT):
        assert findings() == {}


def test_a_reversal_brings_the_credit_down(book: Late) -> None:
    carried_out(book)
    last = book.plain.events.filter(kind="interest").latest("pk")
    with clock.fixed_today(ACT):
        owed = due(book.plain, ACT)
        changing.reverse_event(
            event=last, why="Ghi nhầm hộ", by=book.bank.accountant, on=ACT, key=key()
        )
        kept = Loan.objects.get(pk=book.plain.pk)
        assert (kept.interest_credit, due(kept, ACT)) == (0, owed + (last.amount or 0))
        assert findings() == {}
