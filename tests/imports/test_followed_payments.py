"""Who pays in an office that follows extracts: its sheets, its oversight and its templates know it by the extracts alone."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import polars as pl
import pytest
from extract_cast import loan, take

from tdcs.access.models import User
from tdcs.group_results.services.rating import rate_month
from tdcs.households.models import Household
from tdcs.imports import services
from tdcs.imports.reading.workbook import read_workbook
from tdcs.loans.models import Loan
from tdcs.loans.queries.reported import interest_reported
from tdcs.organisations.models import Organisation
from tdcs.oversight.queries.book import loans_of_offices
from tdcs.problem_loans.queries.dossiers import paid_between
from tdcs.sheets.composing.books import tabs_of
from tdcs.sheets.queries.requesting import Words, asked_of, sheet_of
from tdcs.word_templates.queries import figures

MONTHS: Final = (date(2026, 8, 31), date(2026, 9, 30), date(2026, 10, 31))
OFFICE: Final = "nhcsxh-pgd@004606"


@pytest.fixture(autouse=True)
def own_snapshots(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Snapshots of a test lie in a folder of its own; reading in a process of its own is another file's."""
    settings.HOME = tmp_path
    monkeypatch.setattr("tdcs.imports.services.reading.read_guarded", read_workbook)


def _month(day: date, number: int) -> list[dict[str, Any]]:
    """One who pays interest each month; one who pays principal; one who paid last in March, who is frozen, who never paid."""
    paid, last = 260_000 * number, day - timedelta(days=3)
    owed = 50_000_000 - 100_000 * number
    march = date(2026, 3, 12)
    return [
        loan(
            1,
            interest_collected=5_000_000 + paid,
            interest_in_time_month=260_000,
            last_transaction_on=last,
        ),
        loan(2, in_time=owed, balance=owed, repaid_in_time_month=100_000, last_transaction_on=last),
        loan(3, interest_collected=2_000_000, last_transaction_on=march),
        loan(4, in_time=0, frozen=50_000_000, frozen_until_on=date(2028, 1, 1)),
        loan(5, last_transaction_on=None),
    ]


@pytest.fixture
def followed(planner: User) -> dict[str, int]:
    """Three months of report 31; loans by the end of their contract's number."""
    for number, day in enumerate(MONTHS, start=1):
        take(planner, day, *_month(day, number))
    return {one[-1]: key for one, key in Loan.objects.values_list("number", "pk")}


def _inactive() -> dict[str, dict[str, date]]:
    tabs = tabs_of(asked_of(sheet_of("khong-hoat-dong"), Words(), None))
    return {tab.title: {row["contract"][-1]: row["last_on"] for row in tab.rows.to_dicts()} for tab in tabs}  # fmt: skip


def test_who_pays_every_month_is_inactive_nowhere(followed: dict[str, int]) -> None:
    march, disbursed = date(2026, 3, 12), date(2025, 3, 10)
    assert _inactive() == {
        "Từ 3 tháng": {"3": march, "5": disbursed},
        "Từ 6 tháng": {"3": march, "5": disbursed},
        "Từ 12 tháng": {"5": disbursed},
    }
    office = Organisation.objects.get(code=OFFICE)
    seen = loans_of_offices([office.pk], MONTHS[-1])
    silent = seen.filter(pl.col("silent") > 0)["loan"].to_list()
    assert sorted(silent) == sorted([followed["3"], followed["5"]])
    book = figures.book_of_unit(office.pk, MONTHS[-1])
    said = figures.sums_of(book, MONTHS[-1], amber=False)
    assert said["mon_3m_tong"] == 2
    # The month's movements too; of the year nothing, for the extracts begin in August.
    assert (said["cho_vay_thang"], said["thu_no_thang"]) == (0, 100_000)
    assert (said["tang_giam_thang"], said["chenh_lech_thang"]) == ("giảm", 100_000)
    assert {said[name] for name in ("cho_vay_nam", "thu_no_nam", "chenh_lech_dau_nam")} == {None}
    assert [row["dau_nam"] for row in figures.by_programme(book)] == [None]


def test_an_extract_taken_back_was_no_payment(planner: User) -> None:
    """Without the column, what an extract reports counts on its day; undone, it was never there."""
    take(planner, MONTHS[0], loan(1))
    late = take(planner, MONTHS[2], loan(1, interest_collected=260_000))
    office = [Organisation.objects.get(code=OFFICE).pk]
    assert loans_of_offices(office, MONTHS[2])["silent"].to_list() == [0]
    assert _inactive()["Từ 3 tháng"] == {}
    services.undo(imported=late, why="nhầm tệp", by=planner, on=date(2026, 11, 23), key="fp-undo")
    assert loans_of_offices(office, MONTHS[2])["silent"].to_list() != [0]


def test_a_followed_group_shows_its_interest_and_is_not_rated(followed: dict[str, int]) -> None:
    group = Loan.objects.get(pk=followed["1"]).group
    assert group is not None
    told = [interest_reported([group.pk], day.replace(day=1)) for day in MONTHS]
    # July has what was paid before: a whole life, not a month's sum.
    assert told == [260_000, 260_000, 260_000]
    assert interest_reported([group.pk], date(2026, 7, 1)) == 0
    assert rate_month(month=date(2026, 10, 1), by=None, on=date(2026, 11, 23)).total() == 0


def test_a_promise_is_kept_by_what_an_extract_reports(followed: dict[str, int]) -> None:
    home = Household.objects.get(loans=followed["1"])
    assert paid_between(home.pk, date(2026, 10, 1), date(2026, 10, 29)) == 260_000
    assert paid_between(home.pk, date(2026, 9, 1), date(2026, 10, 31)) == 520_000
    # The first extract's five million are of a whole life.
    assert paid_between(home.pk, date(2026, 7, 1), date(2026, 8, 31)) == 260_000
