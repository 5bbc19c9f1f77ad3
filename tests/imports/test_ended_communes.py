"""Communes that ended on 30/6/2025 mean those in whose place they stand: in following, in the book of record, on each day."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from extract_cast import loan, take

from tdcs.access.models import User
from tdcs.closing.queries import store
from tdcs.closing.services.closing import close_day
from tdcs.core import clock
from tdcs.entrustment.models import GroupProfile
from tdcs.households.models import HouseholdAddress
from tdcs.imports import services
from tdcs.imports.models import Unexplained
from tdcs.imports.queries.core_codes import Communes
from tdcs.imports.reading.workbook import read_workbook
from tdcs.ledger.services import load_chart
from tdcs.organisations.models import Area, Organisation
from tdcs.programmes.models import DecreeApplication
from tdcs.programmes.rules.decrees import decrees_in_law

BEFORE, AFTER, FIRST = date(2025, 5, 31), date(2025, 7, 31), date(2025, 8, 1)
ON = date(2026, 11, 23)
SEPTEMBER = date(2026, 9, 30)


@pytest.fixture(autouse=True)
def own_snapshots(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    """Snapshots of a test lie in a folder of its own; reading in a process of its own is another file's."""
    settings.HOME = tmp_path
    monkeypatch.setattr("tdcs.imports.services.reading.read_guarded", read_workbook)
    load_chart()
    for document, first in decrees_in_law().items():
        DecreeApplication.objects.create(
            document=document, state=DecreeApplication.State.DONE, asked_on=first, taken_up_on=first
        )


def _area(code: str) -> int:
    return Area.objects.get(code=code).pk


def _office() -> Organisation:
    return Organisation.objects.get(code="nhcsxh-pgd@004606")


def _communes(day: date) -> set[int]:
    return set(store().read(day).collect()["commune"].to_list())


def test_an_extract_that_names_an_ended_commune_means_its_successor(planner: User) -> None:
    take(
        planner,
        SEPTEMBER,
        loan(1, commune_name="xã Phú Ngọc"),
        loan(2, commune_name="Tuc Trung", group="0100002"),
    )
    assert not Unexplained.objects.exists()
    held = set(HouseholdAddress.objects.values_list("area__code", flat=True))
    assert held == {"n26206", "n26227"}
    groups = GroupProfile.objects.values_list("area__code", "mass_organisation__ends_on")
    assert set(groups) == {("n26206", None), ("n26227", None)}
    assert _communes(SEPTEMBER) == {_area("n26206"), _area("n26227")}


def test_a_name_that_lives_on_is_the_living_one_and_a_divided_commune_goes_by_the_office() -> None:
    now = Communes(_office(), SEPTEMBER)
    assert now.area("xã La Ngà") == _area("n26227")
    assert now.area("xã Không Có") is None
    # Xuân Tâm was divided: each part belongs to another office, and a third cannot tell.
    for office, heir in (("004610", "n26359"), ("004605", "n26446")):
        there = Organisation.objects.get(code=f"nhcsxh-pgd@{office}")
        assert Communes(there, SEPTEMBER).area("xã Xuân Tâm") == _area(heir)
    assert now.area("xã Xuân Tâm") is None
    old = Communes(_office(), BEFORE)
    assert old.area("xã La Ngà") == _area("c26227") and old.area("xã Túc Trưng") == _area("c26239")


def test_a_followed_loan_crosses_the_merger_and_its_book_begins(planner: User) -> None:
    row = loan(1, commune_name="xã Túc Trưng", commune="750399")
    take(planner, BEFORE, row)
    assert _communes(BEFORE) == {_area("c26239")}
    # The core goes on with the old code and name for a month.
    take(planner, date(2025, 6, 30), row)
    take(planner, AFTER, row)
    assert not Unexplained.objects.exists()
    assert _communes(AFTER) == {_area("n26227")}
    services.cut_over(office=_office(), day=FIRST, by=planner, on=ON, key="k-1")
    with clock.fixed_today(FIRST):
        close_day(day=FIRST, by=None)
    assert _communes(FIRST) == {_area("n26227")}
    assert _communes(BEFORE) == {_area("c26239")}
