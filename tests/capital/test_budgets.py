"""A budget's way from the estimate to the receipt, and a quarter's balance signed by both sides."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from lending_cast import Bank, key, lend, make_household, person

from tdcs.access.models import User
from tdcs.capital.composing.confirmation import confirmation_document
from tdcs.capital.errors import (
    ConfirmationThere,
    FundingStateWrong,
    FundingWrong,
    MayNotFund,
    NotYourBudget,
    QuarterNotOver,
)
from tdcs.capital.models import BudgetEstimate, CapitalSource
from tdcs.capital.queries.budgets import (
    budget_years,
    budgets_of,
    last_quarter,
    quarter_of,
    waiting_for,
)
from tdcs.capital.services import budgets, invest
from tdcs.capital.services.budgets import Resolution
from tdcs.capital.services.funding import order_tranche, plan_tranche
from tdcs.capital.services.receipts import Money, receive_money
from tdcs.capital.states import ConfirmationState, EstimateState
from tdcs.core import clock
from tdcs.documents.official import to_docx
from tdcs.organisations.models import Organisation

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def today() -> Any:
    with clock.fixed_today(TODAY):
        yield


@pytest.fixture
def commune(bank: Bank) -> CapitalSource:
    unit = bank.commune.holding().organisation
    return invest(investor=unit, by=None, on=date(2025, 9, 1))


@pytest.fixture
def finance(bank: Bank) -> User:
    return person("so-tc", "finance", Organisation.objects.get(code="so-tai-chinh@p75"))


@pytest.fixture
def planner(bank: Bank) -> User:
    return person(
        "ke-hoach", "branch_planner", Organisation.objects.get(code="nhcsxh-chi-nhanh@p75")
    )


def estimated(source: CapitalSource, by: User, year: int = 2026) -> BudgetEstimate:
    return budgets.estimate(
        source=source, year=year, amount=100, words="Bổ sung vốn", by=by, on=TODAY
    )


def test_from_the_estimate_to_the_receipt(bank: Bank, finance: User) -> None:
    source = bank.local
    made = estimated(source, finance)
    resolution = Resolution("20/NQ-HĐND", date(2026, 3, 1), 80)
    contract = budgets.resolve(estimate=made, resolution=resolution, by=finance, on=TODAY)
    assert (contract.kind, contract.amount) == ("province", 80)
    assert (contract.starts_on, contract.ends_on) == (date(2026, 3, 1), date(2027, 1, 1))
    part = plan_tranche(contract=contract, amount=60, planned_on=TODAY, by=None, on=TODAY)
    assert [line.count for line in waiting_for(finance, TODAY)] == [1]
    order_tranche(tranche=part, number="LCT-7", by=finance, on=TODAY)
    assert waiting_for(finance, TODAY) == []
    money = Money(source, bank.office, 45, tranche=part)
    receive_money(money=money, by=None, on=TODAY, key=key())
    [year] = budget_years([source], 2026)
    assert (year.estimated, year.resolved, year.ordered, year.received) == (100, 80, 60, 45)
    assert year.missing == 35
    made.refresh_from_db()
    assert (made.state, made.contract) == (EstimateState.RESOLVED, contract)
    with pytest.raises(FundingStateWrong, match="Đã có nghị quyết"):
        budgets.withdraw_estimate(estimate=made, by=finance, on=TODAY)


def test_nothing_half_kept_when_a_resolution_is_wrong(bank: Bank, finance: User) -> None:
    made = estimated(bank.local, finance)
    for number, day, amount in (("", TODAY, 5), ("1/NQ", date(2026, 12, 1), 5), ("1/NQ", TODAY, 0)):
        with pytest.raises(FundingWrong):
            budgets.resolve(
                estimate=made, resolution=Resolution(number, day, amount), by=finance, on=TODAY
            )
    made.refresh_from_db()
    assert (made.state, made.contract) == (EstimateState.ESTIMATED, None)
    assert not bank.local.contracts.exists()
    budgets.withdraw_estimate(estimate=made, by=finance, on=TODAY)
    assert budget_years([bank.local], 2026)[0].estimated == 0


@pytest.mark.parametrize(
    "terms", [{"amount": 0}, {"year": 2040}, {"words": " "}, {"amount": True}], ids=str
)
def test_a_wrong_estimate_is_refused(bank: Bank, finance: User, terms: dict[str, Any]) -> None:
    given: dict[str, Any] = {"source": bank.local, "year": 2026, "amount": 5, "words": "x"}
    with pytest.raises(FundingWrong):
        budgets.estimate(**{**given, **terms}, by=finance, on=TODAY)
    with pytest.raises(NotYourBudget):
        budgets.estimate(**{**given, "source": bank.source}, by=finance, on=TODAY)
    assert not BudgetEstimate.objects.exists()


def test_others_are_refused(bank: Bank, finance: User, commune: CapitalSource) -> None:
    for one in (bank.teller, bank.accountant, bank.commune, bank.director, bank.auditor):
        with pytest.raises(MayNotFund):
            estimated(bank.local, one)
    own = person("tai-chinh-xa", "finance", commune.investor)
    assert [row.code for row in budgets_of(own, TODAY)] == [commune.code]
    with pytest.raises(NotYourBudget):
        estimated(bank.local, own)
    estimated(commune, own)
    assert {bank.local, commune} <= set(budgets_of(finance, TODAY))
    # An office of the bank speaks for no budget, whatever its people hold.
    odd = person("lac", "finance", bank.office)
    assert budgets_of(odd, TODAY) == []
    with pytest.raises(NotYourBudget):
        estimated(commune, odd)


def test_a_quarter_is_signed_by_the_bank_then_by_the_budget(
    bank: Bank, finance: User, planner: User
) -> None:
    source = bank.local
    money = Money(source, bank.office, 70_000_000)
    receive_money(money=money, by=None, on=date(2026, 8, 3), key=key())
    lend(bank, make_household(bank.group), on=date(2026, 9, 30), source=source)
    lend(bank, make_household(bank.group, "Trần Thị Mai"), on=date(2026, 10, 1), source=source)
    terms = {"source": source, "year": 2026, "quarter": 3, "by": planner, "on": TODAY}
    made = budgets.draw_confirmation(**terms)
    figures = (made.opening, made.received, made.closing, made.outstanding)
    assert figures == (10**12, 70_000_000, 10**12 + 70_000_000, 50_000_000)
    with pytest.raises(FundingStateWrong):
        budgets.sign_for_budget(confirmation=made, by=finance, on=TODAY)
    with pytest.raises(MayNotFund):
        budgets.sign_for_bank(confirmation=made, by=finance, on=TODAY)
    budgets.sign_for_bank(confirmation=made, by=planner, on=TODAY)
    with pytest.raises(MayNotFund):
        budgets.sign_for_budget(confirmation=made, by=planner, on=TODAY)
    assert [line.count for line in waiting_for(finance, TODAY)] == [1]
    signed = budgets.sign_for_budget(confirmation=made, by=finance, on=TODAY)
    assert (signed.state, signed.bank_by, signed.budget_by) == (
        ConfirmationState.SIGNED,
        planner,
        finance,
    )
    with pytest.raises(ConfirmationThere):
        budgets.draw_confirmation(**terms)
    branch = Organisation.objects.get(code="nhcsxh-chi-nhanh@p75")
    text = ZipFile(BytesIO(to_docx(confirmation_document(signed, branch)))).read(
        "word/document.xml"
    )
    for words in ("1.000.070.000.000", "50.000.000", "so-tc", "ke-hoach"):
        assert words in text.decode()


def test_a_returned_confirmation_is_drawn_up_anew(bank: Bank, finance: User, planner: User) -> None:
    terms = {"source": bank.local, "year": 2026, "quarter": 3, "by": planner, "on": TODAY}
    made = budgets.draw_confirmation(**terms)
    budgets.sign_for_bank(confirmation=made, by=planner, on=TODAY)
    with pytest.raises(FundingWrong):
        budgets.return_confirmation(confirmation=made, words=" ", by=finance, on=TODAY)
    budgets.return_confirmation(confirmation=made, words="Lệch số nhận", by=finance, on=TODAY)
    again = budgets.draw_confirmation(**terms)
    assert again.pk != made.pk


def test_only_a_quarter_that_is_over(bank: Bank, planner: User) -> None:
    for year, quarter, refusal in (
        (2026, 4, QuarterNotOver),
        (2026, 5, FundingWrong),
        (2026, 0, FundingWrong),
    ):
        with pytest.raises(refusal):
            budgets.draw_confirmation(
                source=bank.local, year=year, quarter=quarter, by=planner, on=TODAY
            )
    with pytest.raises(FundingWrong):
        budgets.draw_confirmation(source=bank.source, year=2026, quarter=3, by=planner, on=TODAY)


@pytest.mark.parametrize(
    ("on", "last"),
    [
        (date(2026, 1, 1), (2025, 4)),
        (date(2026, 3, 31), (2025, 4)),
        (date(2026, 4, 1), (2026, 1)),
        (date(2026, 12, 31), (2026, 3)),
    ],
)
def test_the_last_quarter_of_a_day(on: date, last: tuple[int, int]) -> None:
    assert last_quarter(on) == last
    assert quarter_of(*last)[1] < on


def test_the_last_days_of_quarters() -> None:
    assert [quarter_of(2026, q)[1] for q in (1, 2, 3, 4)] == [
        date(2026, 3, 31),
        date(2026, 6, 30),
        date(2026, 9, 30),
        date(2026, 12, 31),
    ]
