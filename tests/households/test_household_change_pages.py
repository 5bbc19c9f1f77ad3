"""What every page that changes a household or a group shares: who may, the way back, the refusal in the form, the word."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from households_cast import TODAY, Cast, make_household

from tdcs.access.permissions import PERMISSIONS
from tdcs.entrustment.views import admitting
from tdcs.entrustment.views import changes as of_groups
from tdcs.households.models import HouseholdMember
from tdcs.households.views import changes as of_households

PAGES = {
    "households.change": (
        "add_member", "correct_person", "end_membership", "change_head", "move", "split",
        "end_household", "grant", "end_spell",
    ),
    "entrustment.change": (
        "change", "admit", "leave", "move", "merge", "dissolve", "appoint", "contract",
        "account_of_group",
    ),
}  # fmt: skip


def test_every_page_asks_the_permission_of_its_room() -> None:
    for permission, names in PAGES.items():
        room = of_households if permission.startswith("households") else of_groups
        assert permission in PERMISSIONS
        for name in names:
            view = admitting.admit_page if name == "admit" else getattr(room, name)
            assert view.permission == permission, name
            assert view.__doc__, name


@pytest.mark.django_db
def test_a_refusal_stays_in_the_form_and_success_is_said_on_the_right_page(
    cast: Cast, signed_in: Any
) -> None:
    home = make_household(commune_area=cast.la_nga, head_name="Lê Thị Hoa")
    client = signed_in(cast.clerk)
    page = reverse("households:end", args=[home.pk])
    # The day is to come: the service refuses, the form keeps what was typed.
    refused = client.post(page, {"last": "2030-01-01", "why": "Chuyển đi"})
    assert refused.status_code == 200 and "Chuyển đi" in refused.content.decode()
    assert HouseholdMember.objects.filter(household=home, ends_on=None).exists()
    ended = client.post(page, {"last": TODAY.isoformat(), "why": "Chuyển đi"})
    assert ended.url == reverse("households:household", args=[home.pk])
    assert f"Hộ {home.code} đã kết thúc." in client.get(ended.url).content.decode()
    # Who may not change households does not get there; what is out of scope is not found.
    assert signed_in(cast.chair).get(page).status_code == 403
    assert signed_in(cast.other_clerk).get(page).status_code == 404
    # Only reading and sending.
    assert signed_in(cast.clerk).delete(page).status_code == 405


@pytest.mark.django_db
def test_a_household_that_moved_away_leads_back_to_the_list(cast: Cast, signed_in: Any) -> None:
    home = make_household(commune_area=cast.la_nga, head_name="Trần Văn Bình")
    sent = {"area": cast.other.pk, "hamlet": "Ấp 3", "line": "", "since": TODAY.isoformat()}
    answer = signed_in(cast.clerk).post(reverse("households:move", args=[home.pk]), sent)
    assert answer.url == reverse("households:list")
