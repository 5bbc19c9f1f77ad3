"""Candidates for commendation come from figures; another person decides; the register and a paper follow."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest
from plans_cast import Cast, person

from tdcs.access.models import User
from tdcs.access.permissions import Role
from tdcs.closing.rules.rows import ROW
from tdcs.core.errors import Refusal
from tdcs.organisations.models import Kind, Organisation
from tdcs.outreach import errors
from tdcs.outreach.models import Nomination, RegisterRecord
from tdcs.outreach.queries import commending as queries
from tdcs.outreach.rules.commending import (
    best_groups,
    clean_officers,
    clean_offices,
    criteria_on,
    timely_units,
)
from tdcs.outreach.services import commending
from tdcs.plans.models import Plan

TODAY = date(2026, 11, 23)
GROUPS, OFFICES, OFFICERS, UNITS = criteria_on(TODAY)


def keys(found: list[Any]) -> list[int]:
    return [one.key for one in found]


def test_criteria_on_both_sides() -> None:
    assert criteria_on(date(2023, 12, 31)) == ()
    year = [("good", 95)] * 12
    told = [
        (1, year), (2, year[:11]), (3, [*year[:11], ("fair", 95)]),
        (4, [*year[:11], ("good", 94)]), (5, [*year[:11], ("good", 96)]), (6, []),
    ]  # fmt: skip
    assert keys(best_groups(GROUPS, told)) == [5, 1]
    # One in a thousand overdue is still clean, a dong more is not; an office that lends nothing is none.
    lent = [(1, 1_000_000, 1_000_000_000), (2, 1_000_001, 1_000_000_000), (3, 0, 0), (4, 0, 5)]
    assert keys(clean_offices(OFFICES, lent)) == [4, 1]
    assert keys(timely_units(UNITS, [(1, 3, 3), (2, 2, 2), (3, 9, 8), (4, 5, 5)])) == [4, 1]
    many = [(n, 3, 3) for n in range(1, 30)]
    assert keys(timely_units(UNITS, many)) == list(range(1, UNITS.most + 1))


def test_an_officer_needs_loans_enough_and_little_overdue() -> None:
    lent = [
        (1, 50, 1_000_000, 1_000_000_000), (2, 50, 1_000_001, 1_000_000_000),
        (3, 49, 0, 1_000_000_000), (4, 80, 0, 4_000_000_000),
    ]  # fmt: skip
    found = clean_officers(OFFICERS, lent)
    assert keys(found) == [4, 1]
    assert found[0].figures == (
        "80 món đã thẩm định còn dư nợ 4.000.000.000 đồng, nợ quá hạn 0,00%"
    )


@pytest.mark.django_db
def test_loans_count_for_the_officer_who_checked_them(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = Organisation.objects.filter(kind=Kind.TRANSACTION_OFFICE).order_by("pk")[0]
    officer = person("can-bo", Role.LOAN_OFFICER, office.code)
    gone = User.objects.create_user("da-nghi", full_name="Đã nghỉ")
    owed = {"in_time": [9, 0, 20, 31], "overdue": [1, 0, 0, 9], "frozen": [0, 0, 10, 0]}
    book = pl.LazyFrame({"loan": [1, 2, 3, 4], **owed})
    assert set(book.collect_schema()) <= set(ROW)
    checked = pl.DataFrame({"loan": [1, 2, 3, 4], "officer": [officer.pk] * 3 + [gone.pk]})
    kept = SimpleNamespace(read=lambda day, columns: book.select(columns))
    monkeypatch.setattr(queries, "shown_day", lambda on: on)
    monkeypatch.setattr(queries, "store", lambda: kept)
    monkeypatch.setattr(queries, "checked_by", lambda day: checked)
    # A loan that is paid back counts no more, and whoever has left is not proposed.
    assert queries._officers(2026, TODAY) == [(officer.pk, 2, 1, 40)]
    [(name, unit)] = queries.subjects(OFFICERS, [officer.pk], TODAY).values()
    assert (name.startswith("can-bo ("), unit) == (True, office.pk)


@pytest.fixture
def told(cast: Cast, la_nga: Any, plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    """La Ngà did its three tasks in time."""
    monkeypatch.setattr(queries, "_units", lambda year, on: [(la_nga.pk, 3, 3)])


def propose(by: Any) -> int:
    return commending.propose(year=2026, by=by, on=TODAY)


def decide(by: Any, **given: Any) -> int:
    chosen = list(Nomination.objects.values_list("pk", flat=True))
    told = {"chosen": chosen, "approve": True, "number": "12/QĐ", "why": "", **given}
    return commending.decide(by=by, on=TODAY, **told)


def refused(error: type[Refusal], call: Any, *args: Any, **given: Any) -> None:
    with pytest.raises(error) as found:
        call(*args, **given)
    assert found.value.sentence("en") != found.value.sentence("vi")


def test_from_the_figures_to_the_register(told: None, cast: Cast) -> None:
    assert propose(cast.planner) == 1 and propose(cast.planner) == 0
    row = Nomination.objects.get()
    assert row.figures == "3/3 nhiệm vụ đến hạn hoàn thành đúng hạn"
    refused(errors.NotForTheProvince, propose, cast.la_nga)
    refused(errors.ProposerDecides, decide, cast.planner)
    refused(errors.NobodyChosen, decide, cast.admin, chosen=[])
    refused(errors.NominationIncomplete, decide, cast.admin, number=" ")
    refused(errors.NominationIncomplete, decide, cast.admin, approve=False)
    assert not RegisterRecord.objects.exists()
    assert decide(cast.admin) == 1
    line = RegisterRecord.objects.get(register="commendations")
    assert (line.title, line.values["decision"]) == (row.title, "12/QĐ") and line.sha256
    refused(errors.NominationSettled, decide, cast.admin)


def test_not_commended_needs_its_reason_and_leaves_no_line(told: None, cast: Cast) -> None:
    propose(cast.planner)
    assert decide(cast.admin, approve=False, why="Có đơn thư đang xem xét") == 1
    assert not RegisterRecord.objects.exists()
    assert Nomination.objects.get().why == "Có đơn thư đang xem xét"


def test_pages(told: None, cast: Cast, signed_in: Any) -> None:
    browser = signed_in(cast.planner)
    at = "/phong-trao/khen-thuong/"
    browser.post(f"{at}de-xuat/")
    page = browser.get(at).content.decode()
    assert "3/3 nhiệm vụ" in page and "Chờ quyết định" in page
    assert browser.get(f"{at}danh-sach/docx/?year=2026").content[:2] == b"PK"
    assert browser.post(f"{at}quyet-dinh/").status_code == 403
    assert signed_in(cast.la_nga).post(f"{at}de-xuat/").status_code == 403
    assert signed_in(cast.la_nga).get(f"{at}?year=abc").status_code == 200
