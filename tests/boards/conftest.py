"""The board of La Ngà with a head and members, under the small plan."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "plans"))

from plan_fixtures import BRANCH, cast, django_db_setup, draft, plan, signed_in  # noqa: F401
from plans_cast import Cast, commune

from tdcs.boards.models import BoardSeat, Office
from tdcs.boards.services import offices
from tdcs.boards.services.offices import Holder
from tdcs.organisations.models import Kind, Organisation, OrganisationProfile

TODAY = date(2026, 11, 23)


@pytest.fixture
def la_nga(cast: Cast) -> Organisation:  # noqa: F811
    return Organisation.objects.get(code=commune("La Ngà"))


@pytest.fixture
def board(la_nga: Organisation) -> Organisation:
    """The board of the commune, with its seats by law, each office held."""
    area = OrganisationProfile.objects.get(organisation=la_nga, ends_on=None).area
    made = Organisation.objects.get(
        kind=Kind.BOARD, ends_on=None, profiles__area=area, profiles__ends_on=None
    )
    offices.seat_board(board=made, by=None, on=TODAY)
    for number, seat in enumerate(BoardSeat.objects.filter(board=made).order_by("pk")):
        offices.appoint(
            organisation=seat.organisation,
            holder=Holder(
                full_name=f"Nguyễn Văn {'ABCDE'[number]}",
                title="Chủ tịch" if seat.office == Office.HEAD else "Trưởng phòng",
                since=date(2026, 1, 15),
                office=seat.office,
            ),
            by=None,
            on=TODAY,
        )
    return made
