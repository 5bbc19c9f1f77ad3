"""What is approved and not yet paid out counts against a household's maximum, at every step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from lending_cast import Bank, approved, head_of, key, lend, make_household

from tdcs.households.models import Household
from tdcs.loans import checks
from tdcs.loans.errors import AboveApproved, AboveMaximum, FieldWrong, WrongState
from tdcs.loans.models import ApplicationMove, Loan, LoanApplication
from tdcs.loans.queries.offers import limits_of
from tdcs.loans.services import applications
from tdcs.loans.services.applications import LoanRequest, advance, apply
from tdcs.loans.services.lending import disburse

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 5)
MOST = 100_000_000


def _ask(bank: Bank, household: Household, amount: int, programme: str = "HN") -> LoanApplication:
    return apply(
        request=LoanRequest(
            household=household,
            borrower=head_of(household),
            programme=programme,
            amount=amount,
            term_months=36,
            purpose="Nuôi bò",
            group=bank.group,
            office=bank.office,
            source=bank.source,
        ),
        by=bank.leader,
        on=DAY,
    )


def _pay(bank: Bank, application: LoanApplication, amount: int) -> Loan:
    answer = disburse(application=application, amount=amount, by=bank.teller, on=DAY, key=key())
    return Loan.objects.get(pk=answer["loan"])


def _unlimited(work: Callable[[], Any]) -> Any:
    """A step as a system without the limit would let it pass."""
    kept = applications.require_below
    applications.require_below = lambda *given: None  # type: ignore[assignment]
    try:
        return work()
    finally:
        applications.require_below = kept


def _found() -> list[str]:
    return list(checks.CHECKS["loans.households_stay_below_the_maximum"]())


def test_what_is_approved_and_not_paid_out_counts(bank: Bank) -> None:
    """60,000,000 approved, 1 dong paid: another 99,999,999 is refused, 40,000,000 are not, to the dong."""
    household = make_household(bank.group)
    first = approved(bank, household, on=DAY, amount=60_000_000)
    _pay(bank, first, 1)
    with pytest.raises(AboveMaximum) as refused:
        _ask(bank, household, 99_999_999)
    assert refused.value.params == {
        "owed": 1,
        "promised": 59_999_999,
        "amount": 99_999_999,
        "maximum": MOST,
        "programme": "HN",
    }
    assert "59999999" in refused.value.sentence() and "59999999" in refused.value.sentence("en")
    with pytest.raises(AboveMaximum):
        _ask(bank, household, 40_000_001)
    limits = limits_of(household, "HN", DAY)
    assert limits is not None
    assert (limits.owed, limits.promised, limits.left) == (1, 59_999_999, 40_000_000)
    second = approved(bank, household, on=DAY, amount=40_000_000)
    _pay(bank, second, 40_000_000)
    _pay(bank, first, 59_999_999)
    assert sum(Loan.objects.filter(household=household).values_list("balance", flat=True)) == MOST
    assert _found() == []


@pytest.mark.parametrize(
    ("programme", "kind", "most"),
    [("HCN", "near_poor", MOST), ("NSVSMT", "rural_resident", 50_000_000)],
)
def test_every_programme_has_its_own(bank: Bank, programme: str, kind: str, most: int) -> None:
    household = make_household(bank.group, kinds=(kind,))
    _pay(bank, approved(bank, household, on=DAY, amount=most - 1, programme=programme), 1)
    with pytest.raises(AboveMaximum):
        _ask(bank, household, 2, programme)
    assert _ask(bank, household, 1, programme).amount == 1


def test_an_approval_counts_it_too(bank: Bank) -> None:
    household = make_household(bank.group)
    first = approved(bank, household, on=DAY, amount=60_000_000)
    _pay(bank, first, 1)
    other = _unlimited(lambda: _ask(bank, household, 99_999_999))
    steps = [("appraise", bank.leader), ("confirm", bank.commune), ("check", bank.officer)]
    for verb, who in [*steps, ("control", bank.head)]:
        other = advance(application=other, verb=verb, by=who, on=DAY)
    with pytest.raises(AboveMaximum):
        advance(application=other, verb="approve", by=bank.director, on=DAY)
    taken = advance(
        application=other, verb="approve", by=bank.director, on=DAY, approved_amount=40_000_000
    )
    assert taken.approved_amount == 40_000_000


def test_no_money_goes_out_of_two_files_approved_above_it(bank: Bank) -> None:
    """Two approvals of the time before the limit counted both: neither is paid out, and the check names the household."""
    household = make_household(bank.group)
    first = approved(bank, household, on=DAY, amount=60_000_000)
    _pay(bank, first, 1)
    second = _unlimited(lambda: approved(bank, household, on=DAY, amount=99_999_999))
    assert _found() == [
        f"hộ {household.code}, chương trình HN: dư nợ 1 cộng phần đã duyệt chưa giải ngân 159999998 "
        "vượt mức tối đa 100000000 của ngày duyệt 05/03/2026"
    ]
    for application in (first, second):
        with pytest.raises(AboveMaximum):
            _pay(bank, application, 1)
    advance(application=second, verb="withdraw", by=bank.leader, on=DAY, words="Không vay nữa")
    assert _found() == []
    _pay(bank, first, 59_999_999)


def test_a_loan_of_a_higher_maximum_is_no_fault_later(bank: Bank) -> None:
    """50,000,000 was the most before 1/3/2019: what was approved then is judged by that day, not by another."""
    loan = lend(bank, make_household(bank.group), on=DAY, amount=60_000_000)
    assert _found() == []
    ApplicationMove.objects.filter(application=loan.application, verb="approve").update(
        on=date(2019, 2, 28)
    )
    assert len(_found()) == 1
    ApplicationMove.objects.filter(application=loan.application, verb="approve").update(
        on=date(2019, 3, 1)
    )
    assert _found() == []


def test_the_rest_is_given_up(bank: Bank) -> None:
    """What will not be paid out any more frees the household's maximum; nothing of it can be paid out afterwards."""
    household = make_household(bank.group)
    first = approved(bank, household, on=DAY, amount=60_000_000)
    _pay(bank, first, 10_000_000)
    first.refresh_from_db()
    with pytest.raises(FieldWrong):
        advance(application=first, verb="forgo", by=bank.officer, on=DAY)
    gone = advance(application=first, verb="forgo", by=bank.officer, on=DAY, words="Đủ vốn")
    assert (gone.state, gone.forgone) == ("disbursed", 50_000_000)
    move = ApplicationMove.objects.filter(application=first).latest("pk")
    assert (move.verb, move.data) == ("forgo", {"amount": 50_000_000})
    with pytest.raises(WrongState):
        advance(application=gone, verb="forgo", by=bank.officer, on=DAY, words="Lần nữa")
    with pytest.raises(AboveApproved):
        _pay(bank, first, 1)
    _pay(bank, approved(bank, household, on=DAY, amount=90_000_000), 90_000_000)
    for name, check in checks.CHECKS.items():
        assert list(check()) == [], name


def test_a_signed_contract_is_withdrawn_before_money(bank: Bank) -> None:
    household = make_household(bank.group)
    first = approved(bank, household, on=DAY, amount=MOST)
    with pytest.raises(AboveMaximum):
        _ask(bank, household, 1)
    advance(application=first, verb="withdraw", by=bank.leader, on=DAY, words="Không vay nữa")
    assert _ask(bank, household, MOST).amount == MOST
