"""The month of a group: figures from savings and from loans, points, commission."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest
from groups_cast import Cast, head_of, make_account, make_group, make_home, unit

from tdcs.audit.models import AuditLine
from tdcs.core import clock
from tdcs.entrustment import errors
from tdcs.entrustment.models import (
    BoardMember,
    GroupMember,
    GroupRating,
    SavingsAccount,
    SavingsEvent,
)
from tdcs.entrustment.services import members
from tdcs.entrustment.services.members import Transfer
from tdcs.group_results.queries.month import balance_days, commission_of, savings_figures
from tdcs.group_results.rules.rating import regime_of
from tdcs.group_results.services.rating import rate_month

pytestmark = pytest.mark.django_db
OCTOBER = date(2026, 10, 1)
NOVEMBER_3 = date(2026, 11, 3)


def _event(account: SavingsAccount, on: date, amount: int, kind: str = "deposit") -> SavingsEvent:
    return SavingsEvent.objects.create(account=account, on=on, kind=kind, amount=amount)


@pytest.fixture
def saved(cast: Cast) -> list[SavingsAccount]:
    """Four of six save: 100,000 before October; in October 50,000 more on the 15th, a withdrawal, a reversed deposit."""
    accounts = [make_account(cast.group, home) for home in cast.homes[:4]]
    for account in accounts[:2]:
        _event(account, date(2026, 9, 15), 50_000)
    _event(accounts[0], date(2026, 10, 15), 50_000)
    _event(accounts[1], date(2026, 10, 20), -20_000, "withdraw")
    taken = _event(accounts[2], date(2026, 10, 15), 70_000)
    _event(accounts[2], date(2026, 10, 16), -70_000, "reverse")
    SavingsEvent.objects.filter(account=accounts[2], kind="reverse").update(reverses=taken)
    _event(accounts[3], date(2026, 11, 1), 99_000)
    return accounts


def test_savings_of_a_month(cast: Cast, saved: list[SavingsAccount]) -> None:
    (row,) = savings_figures([cast.group.pk], OCTOBER).rows(named=True)
    assert row == {
        "group": cast.group.pk,
        "members": 6,
        # Bà Hoa only: the others withdrew, were taken back or came in November.
        "members_saving": 1,
        "savings_before": 100_000,
        "savings_growth": 30_000,
    }


def test_balances_count_from_the_day_of_the_deposit(
    cast: Cast, saved: list[SavingsAccount]
) -> None:
    (row,) = balance_days([cast.group.pk], OCTOBER).rows(named=True)
    # 100,000 × 31 + 50,000 × 17 (15th to 31st) − 20,000 × 12 (20th to 31st) + 70,000 × 1 (the 15th).
    assert row["balance_days"] == 3_100_000 + 850_000 - 240_000 + 70_000
    assert row["days"] == 31


def test_savings_follow_a_member_who_moves(cast: Cast, saved: list[SavingsAccount]) -> None:
    other = make_group(
        code="4606002",
        commune_area=cast.la_nga,
        office=cast.office,
        mass_organisation=cast.farmers,
        households=[make_home(cast.la_nga) for _ in range(5)],
    )
    BoardMember.objects.filter(person=head_of(cast.homes[1])).delete()
    members.move(
        transfer=Transfer(household=cast.homes[1], group=cast.group, into=other, why="Gần nhà"),
        since=date(2026, 10, 11),
        by=None,
        on=NOVEMBER_3,
    )
    assert GroupMember.objects.filter(household=cast.homes[1]).count() == 2
    both = {
        row["group"]: row
        for row in balance_days([cast.group.pk, other.pk], OCTOBER).rows(named=True)
    }
    # Ten days of 50,000 here; 21 days there, less 20,000 for 12.
    assert both[other.pk]["balance_days"] == 50_000 * 21 - 20_000 * 12
    assert both[cast.group.pk]["balance_days"] == 50_000 * 31 + 50_000 * 17 + 70_000 + 50_000 * 10
    rows = savings_figures([cast.group.pk, other.pk], OCTOBER).rows(named=True)
    figures = {row["group"]: row for row in rows}
    assert figures[cast.group.pk]["savings_before"] == 100_000
    assert figures[cast.group.pk]["savings_growth"] == 0
    assert (figures[other.pk]["savings_before"], figures[other.pk]["savings_growth"]) == (0, 30_000)


def _loans(cast: Cast, **changes: int) -> Any:
    row = {
        "session_done": 6,
        "session_all": 6,
        "overdue": 0,
        "outstanding": 300_000_000,
        "principal_collected": 0,
        "principal_due": 0,
        "interest_collected": 1_600_000,
        "interest_due": 1_650_000,
        **changes,
    }
    return lambda groups, month: pl.DataFrame([{"group": cast.group.pk, **row}])


def test_a_month_is_rated_from_both_rooms(
    cast: Cast, saved: list[SavingsAccount], nobody_above: Any
) -> None:
    nobody_above.figures = _loans(cast)
    grades = rate_month(month=date(2026, 10, 31), by=cast.officer, on=NOVEMBER_3)
    assert grades == {"good": 1}
    made = GroupRating.objects.get()
    assert (made.group, made.month) == (cast.group, OCTOBER)
    # 97% of the interest: 17; one member of six saved: 0; savings grew by 30%: 10.
    assert made.points == {
        "session": 20,
        "overdue": 30,
        "principal": 15,
        "interest": 17,
        "saving": 0,
        "growth": 10,
    }
    assert (made.total, made.grade, made.basis) == (92, "good", "70/QĐ-HĐQT")
    assert made.law_hash == regime_of(OCTOBER).law_hash
    assert made.figures["savings_growth"] == 30_000 and made.figures["interest_due"] == 1_650_000
    # Again, with other figures: the month's rating is replaced, the trail keeps both.
    nobody_above.figures = _loans(cast, overdue=30_000_000)
    assert rate_month(month=OCTOBER, by=cast.officer, on=NOVEMBER_3) == {"average": 1}
    assert GroupRating.objects.get().total == 62
    assert AuditLine.objects.filter(action="entrustment.rate").count() == 2


def test_a_group_without_loans_is_rated_by_what_there_is(cast: Cast, nobody_above: Any) -> None:
    columns = [*_loans(cast)([], OCTOBER).columns]
    nobody_above.figures = lambda *_: pl.DataFrame(schema=dict.fromkeys(columns, pl.Int64))
    rate_month(month=OCTOBER, by=cast.officer, on=NOVEMBER_3)
    assert GroupRating.objects.get().total == 85


def test_a_running_month_is_not_rated(cast: Cast, nobody_above: Any) -> None:
    nobody_above.figures = _loans(cast)
    with pytest.raises(errors.MonthOpen, match="Tháng 10/2026 chưa kết thúc"):
        rate_month(month=OCTOBER, by=cast.officer, on=date(2026, 10, 31))
    assert rate_month(month=OCTOBER, by=cast.officer, on=date(2026, 11, 1))


def test_an_office_rates_its_own_groups(cast: Cast, nobody_above: Any) -> None:
    far = make_group(
        code="9999001",
        commune_area=cast.far,
        office=cast.far_office,
        mass_organisation=unit(f"hoi-phu-nu@{cast.far.code}"),
    )
    nobody_above.figures = _loans(cast)
    assert rate_month(month=OCTOBER, by=cast.far_officer, on=NOVEMBER_3).total() == 1
    assert GroupRating.objects.get().group == far
    assert rate_month(month=OCTOBER, by=cast.branch_officer, on=NOVEMBER_3).total() == 2


def test_commission_of_a_month(cast: Cast, saved: list[SavingsAccount], nobody_above: Any) -> None:
    nobody_above.interest = lambda groups, month: pl.DataFrame(
        {
            "group": [cast.group.pk] * 3,
            "rate_ppm": [66_000, 66_000, 79_200],
            "interest": [550_000, 275_000, 660_000],
        }
    )
    (row,) = commission_of([cast.group.pk], OCTOBER).rows(named=True)
    # 85,000 + 42,500 + 85,000; savings: 3,780,000 balance-days ÷ 31 = 121,935.48…, 0.1% of it 121.9….
    assert row == {
        "group": cast.group.pk,
        "for_interest": 212_500,
        "for_savings": 122,
        "commission": 212_622,
    }


def test_commission_without_interest_is_for_savings_only(cast: Cast) -> None:
    (row,) = commission_of([cast.group.pk], OCTOBER).rows(named=True)
    assert (row["for_interest"], row["for_savings"], row["commission"]) == (0, 0, 0)
    assert clock.today() == date(2026, 11, 23)
