"""A year of needs in three communes of two offices, and a book of closed days written by hand."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "entrustment"))
sys.path.append(str(Path(__file__).resolve().parents[1] / "indicators"))

from credit_plan_cast import FIRST, LAST, MILLION, SECOND, THIRD, World, terms
from groups_cast import BRANCH, TODAY, make_home, person, unit
from indicator_book import loan_row, make_book

from tdcs.capital.models import CapitalSource
from tdcs.capital.services import receive
from tdcs.cli.setup import load_lending
from tdcs.closing.queries import store
from tdcs.credit_plan.services.planning import open_plan
from tdcs.entrustment.models import GroupMember
from tdcs.households.models import CreditNeed, NeedSurvey
from tdcs.organisations import seed


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The real units, the chart and the capital sources are loaded once."""
    with django_db_blocker.unblock():
        seed.load(on=TODAY)
        load_lending()


@pytest.fixture
def world(db: None, tmp_path: Path, settings: Any) -> World:
    """Needs of 2027: 50, 30 and 10 million; each commune owes 100, of which A's falls due in 2027."""
    settings.HOME = tmp_path
    book = make_book(store())
    rows = []
    for number, at in enumerate((FIRST, SECOND, THIRD)):
        months = 24 if at == FIRST else 60
        rows.append(
            loan_row(number + 1, at, 0)
            | terms(100 * MILLION, since=date(2025, 10, 5), months=months)
        )
    book.close(LAST, rows)
    places = [book.place(at, LAST) for at in (FIRST, SECOND, THIRD)]
    for place, amount in zip(places, (50, 30, 10), strict=True):
        home = make_home(place.area)
        GroupMember.objects.create(
            group=place.group,
            household=home,
            person=home.members.get().person,
            starts_on=date(2026, 1, 5),
        )
        survey = NeedSurvey.objects.create(area=place.area, year=2027)
        CreditNeed.objects.create(
            survey=survey,
            household=home,
            programme="HN",
            amount=amount * MILLION,
            told_on=date(2026, 11, 2),
        )
    branch = unit(BRANCH)
    planner = person("planner", "branch_planner", branch)
    central = CapitalSource.objects.get(tier="central")
    receive(
        source=central, office=places[0].office, amount=320 * MILLION, by=None, on=LAST, key="von"
    )
    return World(
        open_plan(year=2027, by=planner, on=TODAY),
        book,
        planner,
        person("director", "office_director", branch),
        [place.area_id for place in places],
        [place.office for place in places],
        central,
        CapitalSource.objects.filter(tier="local").order_by("pk")[0],
    )
