"""What follows a decree that is carried out: collections, reversals, credits paid out."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from business import closed, same_as_replayed
from decree_book import ACT, LENT, PAID_OFF, Late, by_hand, collect, due, findings
from django.db import connection
from lending_cast import key
from referee import refer

from tdcs.core import clock
from tdcs.loans.errors import CreditInTheWay, NothingToRefund, SheetRefused
from tdcs.loans.models import Loan
from tdcs.loans.services import changing
from tdcs.loans.services.collecting import Collection, Sheet, collect_sheet
from tdcs.loans.services.crediting import refund_credit

pytestmark = pytest.mark.django_db
EVE = ACT - timedelta(days=1)


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


def test_the_referee_says_the_same(carried: Late) -> None:
    freeze = {"on": "2025-11-15", "kind": "freeze", "to": "2026-03-31", "loss_percent": 80}
    paid = {"on": PAID_OFF.isoformat(), "kind": "principal", "amount": 20_000_000}
    for loan, programme, events in (
        (carried.plain, "HN", []), (carried.local, "HN", []), (carried.near, "HCN", []), (carried.undone, "HN", []),
        (carried.frozen, "HN", [freeze]), (carried.paid, "HN", [paid]),
    ):  # fmt: skip
        kept = Loan.objects.get(pk=loan.pk)
        wanted = accrued(kept, programme, events=events) - kept.interest_collected
        assert due(kept, ACT) == wanted, loan
        assert kept.interest_credit == max(-wanted, 0)


def test_interest_is_refused_while_the_credit_lasts(carried: Late) -> None:
    with clock.fixed_today(ACT), pytest.raises(SheetRefused) as refused:
        line = Collection(carried.plain.pk, 1_000)
        sheet = Sheet(key(), carried.bank.office.pk, None, (line,))
        collect_sheet(sheet=sheet, by=carried.bank.teller, on=ACT)
    assert refused.value.rows[0][1].code == "interest_above_due"


def test_a_loan_paid_off_is_paid_its_credit_out_once(carried: Late) -> None:
    credit = Loan.objects.get(pk=carried.paid.pk).interest_credit
    with clock.fixed_today(ACT):
        with pytest.raises(NothingToRefund):
            refund_credit(loan=carried.plain, by=carried.bank.teller, on=ACT, key=key())
        one = key()
        answer = refund_credit(loan=carried.paid, by=carried.bank.teller, on=ACT, key=one)
        assert answer["amount"] == credit > 0
        again = refund_credit(loan=carried.paid, by=carried.bank.teller, on=ACT, key=one)
        assert (again["event"], again["again"]) == (answer["event"], True)
        with pytest.raises(NothingToRefund):
            refund_credit(loan=carried.paid, by=carried.bank.teller, on=ACT, key=key())
        kept = Loan.objects.get(pk=carried.paid.pk)
        assert (kept.interest_credit, due(kept, ACT), kept.state) == (0, 0, "settled")
        event = kept.events.get(kind="refund_interest")
        with pytest.raises(CreditInTheWay):
            changing.reverse_event(
                event=event, why="Nhầm", by=carried.bank.accountant, on=ACT, key=key()
            )
    closed(ACT)
    assert same_as_replayed(ACT) > 0
    with clock.fixed_today(ACT):
        assert findings() == {}


def test_a_reversal_brings_the_credit_down(carried: Late) -> None:
    last = carried.plain.events.filter(kind="interest").latest("pk")
    with clock.fixed_today(ACT):
        owed = due(carried.plain, ACT)
        changing.reverse_event(
            event=last, why="Ghi nhầm hộ", by=carried.bank.accountant, on=ACT, key=key()
        )
        kept = Loan.objects.get(pk=carried.plain.pk)
        assert (kept.interest_credit, due(kept, ACT)) == (0, owed + (last.amount or 0))
        assert findings() == {}


def test_the_next_collection_uses_the_credit(carried: Late) -> None:
    credit = Loan.objects.get(pk=carried.plain.pk).interest_credit
    later = ACT + timedelta(days=1)
    while due(carried.plain, later) <= 0:
        later += timedelta(days=1)
    day = later + timedelta(days=9)
    with clock.fixed_today(day):
        income = _booked("7021", carried.plain)
        paid = collect(carried.bank, carried.plain, day)
        assert paid == by_hand(50_000_000, 66_000, 62_400, day) - _collected_before(
            carried.plain, day
        )
        assert _booked("7021", carried.plain) == income + paid + credit
        assert _booked("4599", carried.plain) == 0
        assert Loan.objects.get(pk=carried.plain.pk).interest_credit == 0
        assert [name for name in findings() if name.startswith(("loans.", "ledger."))] == []


def _collected_before(loan: Loan, on: date) -> int:
    return sum(
        event.amount or 0
        for event in loan.events.filter(kind="interest", on__lt=on, reversed_by=None)
    )


def _booked(account: str, loan: Loan) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(p.credit - p.debit), 0) FROM ledger_posting p"
            " JOIN ledger_account a ON a.id = p.account_id WHERE a.code = %s AND p.subject = %s",
            [account, loan.pk],
        )
        return int(cursor.fetchone()[0])
