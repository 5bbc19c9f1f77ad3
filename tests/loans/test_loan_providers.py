"""What loans provide: who owes, who was served, a month's figures of a group, its loans on the group's page."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest
from lending_cast import Bank, head_of, key, lend, make_group, make_household, person, savings_of

from tdcs.demand.queries.serving import served
from tdcs.entrustment import ports
from tdcs.entrustment.errors import StillOwes
from tdcs.entrustment.services import members
from tdcs.entrustment.services.members import Transfer
from tdcs.group_results.queries.month import commission_of
from tdcs.group_results.queries.month import figures_of as rated_figures
from tdcs.loans.queries.month import figures_of, interest_of
from tdcs.loans.services.changing import reverse_event
from tdcs.loans.services.collecting import Collection, Sheet, collect_sheet
from tdcs.loans.views.sections import group_section
from tdcs.organisations.models import Organisation

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 5)
OCTOBER = date(2026, 10, 1)


def _collect(bank: Bank, on: date, *lines: Collection) -> dict[str, Any]:
    sheet = Sheet(key(), bank.office.pk, bank.group.pk, lines)
    return collect_sheet(sheet=sheet, by=bank.teller, on=on)


def _row(group: int, month: date) -> dict[str, int]:
    (row,) = figures_of([group], month).rows(named=True)
    return row


def test_who_owes_is_told_to_the_dong(bank: Bank) -> None:
    household, other = make_household(bank.group), make_household(bank.group, "Trần Văn Bình")
    lend(bank, household, on=DAY)
    # Through the end of 14/4: 41 days × 50,000,000 × 6.24% / 365 = 350,465.8.
    assert ports.debts([household.pk, other.pk], date(2026, 4, 14)) == {household.pk: 50_350_466}


def test_a_member_who_owes_does_not_leave_and_takes_loans_along(bank: Bank) -> None:
    household = make_household(bank.group)
    loan = lend(bank, household, on=DAY)
    with pytest.raises(StillOwes):
        members.leave(
            household=household,
            group=bank.group,
            why="Chuyển đi",
            since=date(2026, 4, 1),
            by=None,
            on=date(2026, 4, 2),
        )
    into = make_group(bank.office, "4606002")
    members.move(
        transfer=Transfer(household=household, group=bank.group, into=into, why="Gần nhà"),
        since=date(2026, 4, 1),
        by=None,
        on=date(2026, 4, 2),
    )
    loan.refresh_from_db()
    assert (loan.group_id, loan.session_day) == (into.pk, 15)


def test_figures_of_a_month(bank: Bank) -> None:
    """50 million in three instalments of 12 months, another of 12 million due on 05/10 (by session: 15/9)."""
    long = lend(bank, make_household(bank.group), on=DAY)
    short = lend(
        bank,
        make_household(bank.group, "Trần Văn Bình"),
        on=DAY,
        amount=12_000_000,
        term=12,
        spacing=7,
    )
    _collect(bank, date(2026, 9, 15), Collection(long.pk, 1_000_000))
    _collect(
        bank, date(2026, 10, 15), Collection(long.pk, 500_000), Collection(short.pk, 0, 1_000_000)
    )
    _collect(bank, date(2026, 10, 27), Collection(short.pk, 100_000))
    row = _row(bank.group.pk, OCTOBER)
    assert (row["session_done"], row["session_all"]) == (2, 2)
    # The first instalment of 6,000,000 fell on 15/9; one million of it was paid in October, five are overdue.
    assert (row["principal_due"], row["principal_collected"]) == (6_000_000, 1_000_000)
    assert (row["outstanding"], row["overdue"]) == (61_000_000, 5_000_000)
    # Through the eve of 15/10, 224 days: 50 million × 224 × 6.24% / 365 = 1,914,739.7 − 1,000,000 of September; of the
    # other 12 million × 224 and 6 million overdue × 30% × 29 days: 459,537.5 + 8,924.1.
    long_due = 1_914_740 - 1_000_000
    short_due = (10 * 12_000_000 * 224 + 3 * 6_000_000 * 29) * 62_400 / (3650 * 10**6)
    assert abs(row["interest_due"] - long_due - short_due) <= 1
    assert row["interest_collected"] == 600_000


def test_interest_by_rate_earns_commission_and_a_reversal_takes_it_back(bank: Bank) -> None:
    poor = lend(bank, make_household(bank.group), on=DAY)
    near = lend(
        bank, make_household(bank.group, "Cận nghèo", ("near_poor",)), on=DAY, programme="HCN"
    )
    _collect(bank, date(2026, 10, 15), Collection(poor.pk, 300_000), Collection(near.pk, 200_000))
    rows = interest_of([bank.group.pk], OCTOBER).rows()
    assert rows == [(bank.group.pk, 62_400, 300_000), (bank.group.pk, 74_880, 200_000)]
    (before,) = commission_of([bank.group.pk], OCTOBER)["for_interest"].to_list()
    assert before > 0
    event = near.events.get(kind="interest")
    reverse_event(event=event, why="Ghi nhầm", by=bank.accountant, on=date(2026, 10, 16), key=key())
    assert interest_of([bank.group.pk], OCTOBER).rows() == [(bank.group.pk, 62_400, 300_000)]
    (after,) = commission_of([bank.group.pk], OCTOBER)["for_interest"].to_list()
    assert 0 < after < before


def test_a_month_can_be_rated(bank: Bank) -> None:
    loan = lend(bank, make_household(bank.group), on=DAY)
    _collect(bank, date(2026, 10, 15), Collection(loan.pk, 500_000))
    (row,) = rated_figures([bank.group.pk], OCTOBER).rows(named=True)
    assert (row["outstanding"], row["interest_collected"]) == (50_000_000, 500_000)


def test_who_was_served(bank: Bank) -> None:
    household = make_household(bank.group)
    lend(bank, household, on=DAY)
    needs = pl.DataFrame(
        [
            (1, household.pk, "HN", 50_000_000, date(2026, 1, 10)),
            (2, household.pk, "HN", 50_000_000, date(2026, 3, 6)),
            (3, household.pk, "NSVSMT", 20_000_000, date(2026, 1, 10)),
        ],
        schema=["need", "household", "programme", "amount", "on"],
        orient="row",
    )
    assert served(needs).rows() == [(1, DAY, 50_000_000)]


def test_the_groups_page_shows_its_loans(bank: Bank, signed_in: Any) -> None:
    household = make_household(bank.group)
    savings_of(household, bank)
    loan = lend(bank, household, on=DAY)
    _collect(bank, date(2026, 11, 15), Collection(loan.pk, 123_456))
    page = signed_in(bank.teller).get(f"/to/{bank.group.pk}/").content.decode()
    assert "Dư nợ của tổ" in page and "50.000.000" in page and "123.456" in page
    assert head_of(household).full_name in page


def test_an_office_far_away_sees_no_loans_of_the_group(bank: Bank, rf: Any) -> None:
    lend(bank, make_household(bank.group), on=DAY)
    far = Organisation.objects.get(code="nhcsxh-pgd@004609")
    request = rf.get("/")
    request.user = bank.teller
    assert group_section(request, bank.group)[1]["due"].balance == 50_000_000
    request.user = person("giao-dich-xa", "teller", far)
    assert group_section(request, bank.group)[1] == {"hidden": True}
