"""A second factor by role; no identity number in an address; so many numbers seen within an hour and no more."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.urls import reverse

from tdcs.access.models import RoleHolding, User
from tdcs.access.permissions import MFA_ROLES, PERMISSIONS, Role
from tdcs.audit.models import AuditLine
from tdcs.households.errors import TooMuchSeen
from tdcs.households.models import Household, HouseholdAddress, HouseholdMember, Person
from tdcs.households.services.unmasking import unmask
from tdcs.organisations.models import Organisation, OrganisationProfile

NUMBER = "075199001234"
TODAY = date(2026, 11, 23)
pytestmark = pytest.mark.django_db


def _person(role: str, code: str = "ubnd@n26227") -> User:
    made = User.objects.create_user(f"nguoi-{role}", full_name=role)
    unit = Organisation.objects.get(code=code)
    RoleHolding.objects.create(
        user=made, role=role, organisation=unit, starts_on=max(unit.starts_on, date(2024, 1, 1))
    )
    return made


def _browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="tdcs.access.backends.AccountBackend")
    return client


def _household() -> Household:
    area = OrganisationProfile.objects.get(organisation__code="ubnd@n26227", ends_on=None).area
    since = date(2025, 7, 1)
    made = Household.objects.create(code="H-THU", search="ba thu", starts_on=since)
    head = Person.objects.create(
        full_name="Bà Thu", identity_number=NUMBER, phone="0901234567", search="ba thu"
    )
    HouseholdMember.objects.create(
        household=made, person=head, relation="chủ hộ", is_head=True, starts_on=since
    )
    HouseholdAddress.objects.create(household=made, area=area, hamlet="Ấp 1", starts_on=since)
    return made


def test_who_moves_money_sees_numbers_or_administers_is_named() -> None:
    assert PERMISSIONS["access.manage"] | PERMISSIONS["ledger.enter"] <= MFA_ROLES
    assert PERMISSIONS["households.unmask"] | PERMISSIONS["loans.disburse"] <= MFA_ROLES
    assert not {Role.AUDITOR, Role.LEADER, Role.BRANCH_PLANNER, Role.GROUP_LEADER} & MFA_ROLES


@pytest.mark.parametrize("role", list(Role))
def test_a_second_factor_is_demanded_by_role(role: Role, settings: Any) -> None:
    settings.TDCS_MFA = True
    user = _person(role)
    browser = _browser(user)
    answer = browser.get(reverse("programmes:list"))
    if role not in MFA_ROLES:
        assert answer.status_code == 200
        return
    assert answer.status_code == 302 and answer["Location"] == reverse("mfa_activate_totp")
    TOTP.activate(user, generate_totp_secret())
    assert browser.get(reverse("programmes:list")).status_code == 200
    settings.TDCS_MFA = False
    assert _browser(_person_again(user)).get(reverse("programmes:list")).status_code == 200


def _person_again(user: User) -> User:
    return User.objects.get(pk=user.pk)


@pytest.mark.parametrize("words", [NUMBER, "075 199 001 234", "075.199.001.234"])
def test_no_identity_number_stands_in_an_address(words: str) -> None:
    home, browser = _household(), _browser(_person("unit_clerk"))
    answer = browser.get(reverse("households:list"), {"q": words, "kind": "poor"})
    assert answer.status_code == 302
    assert answer["Location"] == reverse("households:list") + "?kind=poor"
    found = browser.post(reverse("web:search"), {"q": words})
    page = found.content.decode()
    assert found.status_code == 200 and home.code in page
    assert NUMBER not in page and found["Cache-Control"] == "no-store"
    line = AuditLine.objects.get(action="households.find_identity")
    assert line.data == {"found": 1} and NUMBER not in str(line.__dict__)
    other = browser.post(reverse("web:search"), {"q": "bà thu"})
    assert other["Location"] == reverse("web:search") + "?q=b%C3%A0+thu"
    # A contract's sixteen digits are no identity number.
    assert browser.get(reverse("loans:loans"), {"q": "6600000000000001"}).status_code == 200


def test_an_identity_number_outside_the_scope_finds_nothing() -> None:
    _household()
    browser = _browser(_person("unit_clerk", "so-tai-chinh@p75"))
    page = browser.post(reverse("web:search"), {"q": NUMBER}).content.decode()
    assert "H-THU" not in page and "Không tìm thấy gì" in page


def test_so_many_within_an_hour_and_no_more(settings: Any) -> None:
    settings.TDCS_UNMASK_LIMIT = 5
    home, clerk = _household(), _person("unit_clerk")
    head = home.members.get().person
    browser = _browser(clerk)
    address = reverse("households:unmask", args=[home.pk, head.pk])
    for at in range(5):
        page = browser.post(address, {"what": "identity"}).content.decode()
        assert NUMBER in page
        assert ("đã xem" in page) is (at >= 3)
    last = browser.post(address, {"what": "identity"}, follow=True).content.decode()
    assert NUMBER not in last and "đã xem đủ 5" in last
    with pytest.raises(TooMuchSeen):
        unmask(household=home, person=head, what="phone", by=clerk, on=TODAY)
    noted = AuditLine.objects.filter(action="households.unmask_limit")
    assert {line.actor for line in noted} == {clerk} and noted.count() == 2
    # Another person's hour is his own.
    other = _person("loan_officer")
    assert unmask(household=home, person=head, what="identity", by=other, on=TODAY) == NUMBER
