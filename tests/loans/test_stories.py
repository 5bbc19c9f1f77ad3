"""A loan from need to settlement, and what goes wrong on the way."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from lending_cast import Bank, approved, head_of, key, lend, make_household, savings_of

from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.ledger.errors import BeforeClose, KeyReused
from tdcs.ledger.models import Book, JournalEntry, Posting
from tdcs.loans import checks
from tdcs.loans.errors import (
    AboveApproved,
    AboveMaximum,
    NotAllowed,
    NotEligible,
    NotMember,
    RuleRefused,
    SamePerson,
    SheetRefused,
    WrongState,
)
from tdcs.loans.models import ChangeRequest, Loan, LoanEvent
from tdcs.loans.queries.due import loan_rows, roll_forward
from tdcs.loans.queries.folding import balances_on
from tdcs.loans.services import changing
from tdcs.loans.services.applications import LoanRequest, advance, apply
from tdcs.loans.services.changing import ChangeDecision, ChangeDraft
from tdcs.loans.services.collecting import Collection, Sheet, collect_sheet
from tdcs.loans.services.lending import disburse

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 5)


def _sheet(bank: Bank, *lines: Collection, at: str = "") -> Sheet:
    return Sheet(at or key(), bank.office.pk, bank.group.pk, lines)


def _due(loan: Loan, on: date) -> int:
    return balances_on([loan], on - timedelta(days=1))[loan.pk].interest_due


def _clean() -> None:
    for name, check in checks.CHECKS.items():
        assert list(check()) == [], name


def test_from_need_to_settlement(bank: Bank) -> None:
    household = make_household(bank.group)
    account = savings_of(household, bank)
    loan = lend(bank, household, on=DAY)
    assert (loan.balance, loan.rate_ppm, loan.session_day, loan.by_instalment) == (
        50_000_000,
        62_400,
        15,
        True,
    )
    assert [row.principal for row in loan.instalments.order_by("number")] == [
        16_600_000,
        16_600_000,
        16_800_000,
    ]
    on = date(2026, 4, 15)
    # 41 days × 50,000,000 × 6.24% / 365 = 350,465.75
    assert _due(loan, on) == 350_466
    collect_sheet(
        sheet=_sheet(bank, Collection(loan.pk, 350_466, 0, 50_000, account.pk)),
        by=bank.teller,
        on=on,
    )
    loan.refresh_from_db()
    account.refresh_from_db()
    assert (loan.interest_collected, account.balance) == (350_466, 50_000)
    end = date(2026, 11, 16)
    due = _due(loan, end)
    # 215 further days: 1,943,835.6 beside 370,684.93 is 2,314,520.5 in all.
    assert due == 2_188_274 - 350_466
    collect_sheet(sheet=_sheet(bank, Collection(loan.pk, due, 50_000_000)), by=bank.teller, on=end)
    loan.refresh_from_db()
    assert (loan.balance, loan.state) == (0, "settled")
    assert balances_on([loan], clock.today())[loan.pk].state == "settled"
    _clean()


def test_a_sheet_of_sixty_is_all_or_nothing(bank: Bank) -> None:
    loans = [
        lend(bank, make_household(bank.group, f"Hộ {n}"), on=DAY, amount=10_000_000)
        for n in range(12)
    ]
    on = date(2026, 4, 15)
    lines = [Collection(loan.pk, _due(loan, on), 100_000) for loan in loans]
    bad = [
        *lines[:-2],
        Collection(loans[-2].pk, 999_999_999),
        Collection(loans[-1].pk, 0, 10_000_001),
    ]
    entries = JournalEntry.objects.count()
    with pytest.raises(SheetRefused) as refused:
        collect_sheet(sheet=_sheet(bank, *bad), by=bank.teller, on=on)
    assert [(at, why.code) for at, why in refused.value.rows] == [
        (11, "interest_above_due"),
        (12, "principal_above_balance"),
    ]
    assert JournalEntry.objects.count() == entries
    assert Loan.objects.filter(interest_collected__gt=0).count() == 0
    answer = collect_sheet(sheet=_sheet(bank, *lines), by=bank.teller, on=on)
    entry = JournalEntry.objects.get(pk=answer["entry"])
    postings = list(entry.postings.order_by("pk").values_list("account__code", "debit", "credit"))
    assert sum(d for _, d, _ in postings) == sum(c for _, _, c in postings)
    assert postings[0][0] == "1011"
    assert postings[0][1] == answer["interest"] + 12 * 100_000
    _clean()


def test_the_same_key_is_answered_once(bank: Bank) -> None:
    loan = lend(bank, make_household(bank.group), on=DAY)
    on, once = date(2026, 4, 15), key()
    first = collect_sheet(
        sheet=_sheet(bank, Collection(loan.pk, 100_000), at=once), by=bank.teller, on=on
    )
    again = collect_sheet(
        sheet=_sheet(bank, Collection(loan.pk, 100_000), at=once), by=bank.teller, on=on
    )
    assert again == {**first, "again": True}
    with pytest.raises(KeyReused):
        collect_sheet(
            sheet=_sheet(bank, Collection(loan.pk, 100_001), at=once), by=bank.teller, on=on
        )
    loan.refresh_from_db()
    assert loan.interest_collected == 100_000
    assert LoanEvent.objects.filter(loan=loan, kind="interest").count() == 1


def test_days_only_go_forward_and_never_into_a_closed_period(bank: Bank) -> None:
    loan = lend(bank, make_household(bank.group), on=DAY)
    collect_sheet(
        sheet=_sheet(bank, Collection(loan.pk, 1_000)), by=bank.teller, on=date(2026, 4, 15)
    )
    with pytest.raises(SheetRefused) as refused:
        collect_sheet(
            sheet=_sheet(bank, Collection(loan.pk, 1_000)), by=bank.teller, on=date(2026, 4, 14)
        )
    assert refused.value.rows[0][1].code == "event_before_last"
    other = lend(bank, make_household(bank.group, "Hộ khác"), on=date(2026, 4, 15))
    # Another loan may still be entered on a day that is open.
    late = lend(bank, make_household(bank.group, "Hộ ba"), on=date(2026, 4, 10), amount=1_000_000)
    assert late.disbursed_on == date(2026, 4, 10)
    Book.objects.filter(organisation=bank.office).update(closed_through=date(2026, 4, 30))
    with pytest.raises(BeforeClose):
        collect_sheet(
            sheet=_sheet(bank, Collection(other.pk, 1_000)), by=bank.teller, on=date(2026, 4, 30)
        )


def test_who_made_it_does_not_approve_it(bank: Bank) -> None:
    household = make_household(bank.group)
    made = apply(
        request=LoanRequest(
            household=household,
            borrower=head_of(household),
            programme="HN",
            amount=30_000_000,
            term_months=36,
            purpose="Nuôi dê",
            group=bank.group,
            office=bank.office,
            source=bank.source,
        ),
        by=bank.officer,
        on=DAY,
    )
    advance(application=made, verb="appraise", by=bank.leader, on=DAY)
    advance(application=made, verb="confirm", by=bank.commune, on=DAY)
    with pytest.raises(SamePerson):
        advance(application=made, verb="check", by=bank.officer, on=DAY)
    with pytest.raises(NotAllowed):
        advance(application=made, verb="check", by=bank.teller, on=DAY)
    with pytest.raises(WrongState):
        advance(application=made, verb="approve", by=bank.director, on=DAY)


def test_limits_count_a_household_s_loans_together(bank: Bank) -> None:
    household = make_household(bank.group, kinds=("poor", "rural_resident"))
    lend(bank, household, on=DAY, amount=70_000_000)
    with pytest.raises(AboveMaximum) as above:
        approved(bank, household, on=DAY, amount=30_000_001)
    assert above.value.params["maximum"] == 100_000_000
    # Another programme has a limit of its own.
    assert (
        lend(bank, household, on=DAY, amount=50_000_000, programme="NSVSMT").balance == 50_000_000
    )
    lend(bank, household, on=DAY, amount=30_000_000)


def test_outside_eligibility_or_group(bank: Bank) -> None:
    with pytest.raises(NotEligible) as refused:
        approved(bank, make_household(bank.group, kinds=("near_poor",)), on=DAY)
    assert "hộ nghèo" in refused.value.sentence()
    with pytest.raises(NotMember):
        approved(bank, make_household(None), on=DAY)


def test_paid_out_in_parts(bank: Bank) -> None:
    application = approved(bank, make_household(bank.group), on=DAY, amount=60_000_000)
    first = disburse(application=application, amount=40_000_000, by=bank.teller, on=DAY, key=key())
    with pytest.raises(AboveApproved):
        disburse(application=application, amount=20_000_001, by=bank.teller, on=DAY, key=key())
    disburse(
        application=application,
        amount=20_000_000,
        by=bank.teller,
        on=date(2026, 5, 5),
        key=key(),
    )
    loan = Loan.objects.get(pk=first["loan"])
    assert loan.balance == 60_000_000
    assert [i.principal for i in loan.instalments.order_by("number")] == [20_000_000] * 3
    _clean()


def test_freeze_write_off_and_the_ledger(bank: Bank) -> None:
    loan = lend(bank, make_household(bank.group), on=DAY, source=bank.local)
    on = date(2026, 6, 1)
    asked = changing.ask_change(
        loan=loan,
        change=ChangeDraft(
            kind="freeze",
            cause="Lũ cuốn trôi chuồng trại",
            until_on=date(2029, 6, 1),
            loss_percent=60,
        ),
        by=bank.officer,
        on=on,
    )
    with pytest.raises(NotAllowed):
        changing.decide_change(
            request=asked, decision=ChangeDecision(approve=True), by=bank.officer, on=on, key=key()
        )
    changing.decide_change(
        request=asked,
        decision=ChangeDecision(approve=True, number="9/QĐ"),
        by=bank.director,
        on=on,
        key=key(),
    )
    loan.refresh_from_db()
    assert loan.state == "frozen"
    frozen = Posting.objects.filter(account__code="2128", subject=loan.pk)
    assert [(p.debit, p.credit) for p in frozen] == [(50_000_000, 0)]
    later = date(2026, 11, 23)
    # 88 days before the freeze: 752,219; none since.
    assert balances_on([loan], later)[loan.pk].accrued == 752_219
    with pytest.raises(RuleRefused) as refused:
        changing.ask_change(
            loan=loan,
            change=ChangeDraft(kind="freeze", cause="x", until_on=date(2030, 1, 1)),
            by=bank.officer,
            on=later,
        )
    assert refused.value.code == "already_frozen"
    off = changing.ask_change(
        loan=loan,
        change=ChangeDraft(kind="write_off", cause="Chết, không còn tài sản"),
        by=bank.officer,
        on=later,
    )
    changing.decide_change(
        request=off, decision=ChangeDecision(approve=True), by=bank.director, on=later, key=key()
    )
    loan.refresh_from_db()
    assert (loan.balance, loan.state, loan.written_off) == (0, "written_off", 50_000_000)
    assert ChangeRequest.objects.filter(state="approved").count() == 2
    _clean()


def test_a_wrong_payment_is_reversed_not_edited(bank: Bank) -> None:
    loan = lend(bank, make_household(bank.group), on=DAY)
    on = date(2026, 4, 15)
    collect_sheet(sheet=_sheet(bank, Collection(loan.pk, 0, 8_000_000)), by=bank.teller, on=on)
    wrong = LoanEvent.objects.get(loan=loan, kind="principal")
    with pytest.raises(NotAllowed):
        changing.reverse_event(event=wrong, why="nhầm hộ", by=bank.teller, on=on, key=key())
    later = date(2026, 4, 20)
    changing.reverse_event(event=wrong, why="nhầm hộ", by=bank.accountant, on=later, key=key())
    loan.refresh_from_db()
    assert loan.balance == 50_000_000
    # As if it had never been paid: 46 days on the whole. The day before still shows the payment.
    rolled_on = roll_forward(loan_rows([loan.pk]), later)
    assert rolled_on["due"].to_list() == [393_205]
    assert _due(loan, later) == 386_367
    with pytest.raises(Refusal):
        changing.reverse_event(event=wrong, why="nữa", by=bank.accountant, on=later, key=key())
    _clean()


def test_a_row_altered_behind_the_back_is_named(bank: Bank) -> None:
    loan = lend(bank, make_household(bank.group), on=DAY)
    Loan.objects.filter(pk=loan.pk).update(interest_collected=5)
    found = [words for check in checks.CHECKS.values() for words in check()]
    assert any(loan.number in words and "lãi đã thu" in words for words in found)
