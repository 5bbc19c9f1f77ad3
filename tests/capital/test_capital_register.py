"""Money of others on its way to policy credit, campaigns down to the receipt, a source that goes to a successor, interest."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from lending_cast import Bank, key, lend, make_household, person

from tdcs.access.models import User
from tdcs.capital.errors import (
    AlreadySplit,
    FundingStateWrong,
    FundingWrong,
    MayNotFund,
    NothingToSplit,
    YearNotOver,
)
from tdcs.capital.models import CapitalSource, Fund, FundingContract, FundReceipt, InterestSplit
from tdcs.capital.rules import free_for_programme, share_interest
from tdcs.capital.services import register
from tdcs.capital.services.funding import Agreement, agree, hand_over
from tdcs.capital.services.receipts import Money, receive_money
from tdcs.capital.services.register import CampaignPlan, Found
from tdcs.capital.services.splitting import split_interest
from tdcs.capital.states import OutsideState
from tdcs.core import clock
from tdcs.loans.services.collecting import Collection, Sheet, collect_sheet
from tdcs.organisations.models import Organisation

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
BASIS = "CT 39-CT/TW"


@pytest.fixture(autouse=True)
def today() -> Any:
    with clock.fixed_today(TODAY):
        yield


@pytest.fixture
def planner(bank: Bank) -> User:
    return person(
        "ke-hoach", "branch_planner", Organisation.objects.get(code="nhcsxh-chi-nhanh@p75")
    )


def step(row: Any, verb: str, by: User, letter: str = "12/CV") -> Any:
    return register.step_fund(fund=row, verb=verb, letter=letter, words="", by=by, on=TODAY)


def test_a_fund_of_others_from_found_to_moved(bank: Bank, planner: User) -> None:
    found = Found("Quỹ hỗ trợ nông dân", "fund", "Hội Nông dân", 5_000, BASIS)
    row = register.list_fund(found=found, by=planner, on=TODAY)
    with pytest.raises(FundingWrong, match="đã có trong danh mục"):
        register.list_fund(found=found, by=planner, on=TODAY)
    with pytest.raises(FundingStateWrong):
        step(row, "agree", planner)
    row = step(row, "propose", planner)
    row = step(row, "refuse", planner)
    row = step(row, "propose", planner)
    money = Money(bank.local, bank.office, 4_000)
    terms = {"fund": row, "money": money, "by": bank.accountant, "on": TODAY}
    with pytest.raises(FundingStateWrong):
        register.move_fund(**terms, key=key())
    before = Fund.objects.get(source=bank.local).received
    row = step(row, "agree", planner)
    register.move_fund(**terms, key="quy-1")
    row.refresh_from_db()
    assert (row.state, row.receipt.amount) == (OutsideState.MOVED, 4_000)
    assert Fund.objects.get(source=bank.local).received == before + 4_000
    with pytest.raises(FundingStateWrong):
        register.move_fund(**terms, key="quy-2")
    assert [one.verb for one in row.steps.order_by("pk")] == [
        "propose",
        "refuse",
        "propose",
        "agree",
        "move",
    ]


@pytest.mark.parametrize(
    "terms",
    [{"name": ""}, {"basis": " "}, {"owner_words": ""}, {"size": 0}, {"kind": "x"}],
    ids=str,
)
def test_a_wrong_line_of_the_register_is_refused(
    bank: Bank, planner: User, terms: dict[str, Any]
) -> None:
    given = {"name": "Quỹ", "kind": "fund", "owner_words": "Hội", "size": 5, "basis": BASIS}
    with pytest.raises(FundingWrong):
        register.list_fund(found=Found(**{**given, **terms}), by=planner, on=TODAY)
    with pytest.raises(MayNotFund):
        register.list_fund(found=Found(**given), by=bank.teller, on=TODAY)


def test_a_campaign_down_to_the_receipt(bank: Bank, planner: User) -> None:
    plan = CampaignPlan("Chung tay", BASIS, bank.local, date(2026, 11, 1), TODAY, 1_000)
    campaign = register.start_campaign(plan=plan, by=planner, on=TODAY)
    with pytest.raises(FundingWrong, match="cùng tên"):
        register.start_campaign(plan=plan, by=planner, on=TODAY)
    donated = {"campaign": campaign, "donor": "Công ty A", "amount": 300, "by": planner}
    with pytest.raises(FundingWrong, match="không diễn ra"):
        register.pledge(**donated, on=TODAY)
    eve = date(2026, 11, 22)
    made = register.pledge(**donated, on=eve)
    terms = {"pledge": made, "office": bank.office, "on": TODAY}
    with pytest.raises(MayNotFund):
        register.receive_pledge(**terms, by=planner, key=key())
    register.receive_pledge(**terms, by=bank.accountant, key=key())
    made.refresh_from_db()
    assert (made.receipt.amount, made.receipt.words) == (300, "Chung tay: Công ty A")
    with pytest.raises(FundingWrong, match="đã nhận"):
        register.receive_pledge(**terms, by=bank.accountant, key=key())


def test_a_source_goes_to_the_successor_with_what_is_still_to_come(bank: Bank) -> None:
    district = CapitalSource.objects.create(
        code="DP-HUYEN", name="Vốn huyện", tier="local", starts_on=date(2020, 1, 1)
    )
    old = agree(
        agreement=Agreement(
            district, "district", "5/QĐ-UBND", date(2025, 1, 2), date(2025, 1, 2), None, 100
        ),
        by=None,
        on=TODAY,
    )
    first = Money(district, bank.office, 60, contract=old)
    receive_money(money=first, by=None, on=date(2025, 3, 3), key=key())
    province = Organisation.objects.get(code="ubnd@p75")
    ceased = date(2025, 7, 1)
    terms = {"source": district, "successor": province, "by": None, "on": ceased}
    with pytest.raises(FundingWrong):
        hand_over(**terms, decision=" ")
    [new] = hand_over(**terms, decision="NQ 1662/NQ-UBTVQH15")
    old.refresh_from_db()
    district.refresh_from_db()
    assert (old.ends_on, new.starts_on, new.succeeds) == (ceased, ceased, old)
    assert (new.kind, new.amount, new.owner, district.investor) == (
        "province",
        40,
        province,
        province,
    )
    with pytest.raises(FundingWrong, match="đang là chủ"):
        hand_over(**terms, decision="lần nữa")
    late = Money(district, bank.office, 40, contract=new)
    receive_money(money=late, by=None, on=ceased, key=key())
    assert Fund.objects.get(source=district).received == 100
    assert FundingContract.objects.filter(source=district).count() == 2


def test_a_years_interest_is_shared_and_booked_once(bank: Bank) -> None:
    loan = lend(bank, make_household(bank.group), on=date(2025, 3, 3), source=bank.local)
    sheet = Sheet(key(), bank.office.pk, None, (Collection(loan.pk, interest=2_000_000),))
    collect_sheet(sheet=sheet, by=bank.teller, on=date(2025, 12, 31))
    terms = {"source": bank.local, "office": bank.office, "by": None}
    with pytest.raises(YearNotOver):
        split_interest(**terms, year=2025, on=date(2025, 12, 31), key=key())
    before = Fund.objects.get(source=bank.local).received
    answer = split_interest(**terms, year=2025, on=TODAY, key="lai-2025")
    assert split_interest(**terms, year=2025, on=TODAY, key="lai-2025")["again"]
    made = InterestSplit.objects.get()
    # 0.75% of 50 million in time; 15% of the interest; the rest.
    assert (made.interest, made.healthy) == (2_000_000, 50_000_000)
    assert (made.provision, made.management, made.capital) == (375_000, 300_000, 1_325_000)
    assert Fund.objects.get(source=bank.local).received == before + 1_325_000
    assert FundReceipt.objects.get(kind="added").entry_id == answer["entry"]
    lines = made.entry.postings.values_list("account__code", "debit", "credit").order_by("pk")
    assert list(lines) == [
        ("8593", 2_000_000, 0),
        ("6921", 0, 375_000),
        ("4597", 0, 300_000),
        ("4421", 0, 1_325_000),
    ]
    with pytest.raises(AlreadySplit):
        split_interest(**terms, year=2025, on=TODAY, key=key())
    with pytest.raises(NothingToSplit):
        split_interest(**terms, year=2024, on=TODAY, key=key())
    with pytest.raises(NothingToSplit):
        split_interest(**{**terms, "source": bank.source}, year=2025, on=TODAY, key=key())


@pytest.mark.parametrize(
    ("interest", "healthy", "held", "on", "shares"),
    [
        # 0.75% of 1 million, 15% of 100,000, the rest; on the law's last day before and first day of the circular.
        (100_000, 1_000_000, 0, date(2025, 8, 18), (7_500, 15_000, 77_500)),
        (100_000, 1_000_000, 0, date(2025, 8, 19), (7_500, 15_000, 77_500)),
        # What is held counts; more than enough is held.
        (100_000, 1_000_000, 7_499, date(2025, 12, 31), (1, 15_000, 84_999)),
        (100_000, 1_000_000, 9_000, date(2025, 12, 31), (0, 15_000, 85_000)),
        # The provision comes first; the fee takes no more than is left.
        (7_500, 1_000_000, 0, date(2025, 12, 31), (7_500, 0, 0)),
        (8_000, 1_000_000, 0, date(2025, 12, 31), (7_500, 500, 0)),
        # Rounded down, the odd dong to the capital.
        (7, 100, 0, date(2025, 12, 31), (0, 1, 6)),
    ],
)
def test_shares_of_interest(
    interest: int, healthy: int, held: int, on: date, shares: tuple[int, ...]
) -> None:
    found = share_interest(interest=interest, healthy=healthy, provision_held=held, on=on)
    assert tuple(found) == shares
    assert sum(found) == interest


@pytest.mark.parametrize(
    ("received", "lent", "programme", "free"),
    [
        ({}, {}, "HN", 0),
        ({(): 10}, {"HN": 4}, "HN", 6),
        ({(): 10, ("A", "B"): 5}, {}, "HN", 10),
        ({(): 10, ("A", "B"): 5}, {}, "A", 15),
        ({(): 10, ("A", "B"): 5}, {"A": 2, "B": 2}, "HN", 10),
        # Beyond their own money A and B use the money for all.
        ({(): 10, ("A", "B"): 5}, {"A": 6, "B": 2}, "HN", 7),
        ({(): 10, ("A", "B"): 5}, {"A": 6, "B": 2}, "A", 7),
        ({(): 10, ("A",): 5, ("C",): 3}, {"HN": 4, "C": 3}, "A", 11),
        # More lent than received: below zero.
        ({("A",): 5}, {"HN": 1}, "HN", -1),
        ({("A",): 5}, {"HN": 1}, "A", 4),
    ],
)
def test_what_is_free_for_a_programme(
    received: dict[tuple[str, ...], int], lent: dict[str, int], programme: str, free: int
) -> None:
    assert free_for_programme(received, lent, programme) == free
