"""The person of a session is read with the role in one question, and is who the two questions before would have named."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from tdcs.access.backends import AccountBackend
from tdcs.access.models import RoleHolding, User, person_with_role
from tdcs.organisations.models import Organisation

TODAY = date(2026, 11, 23)


@pytest.fixture
def officer(db: None) -> User:
    user = User.objects.create_user("can-bo", "mat-khau-dai-9", full_name="Nguyễn Thị Ngân")
    office = Organisation.objects.filter(type="nhcsxh-pgd").order_by("pk")[0]
    RoleHolding.objects.create(
        user=user, role="loan_officer", organisation=office, starts_on=date(2026, 1, 1)
    )
    return user


def test_person_role_and_unit_come_in_one_question(
    officer: User, django_assert_num_queries: Any
) -> None:
    right = RoleHolding.objects.select_related("organisation").get(user=officer)
    with django_assert_num_queries(1):
        found = person_with_role(officer.pk, TODAY)
        assert found is not None
        holding = found.holding(TODAY)
        assert holding is not None
        unit = holding.organisation
    assert found == officer
    assert found.full_name == officer.full_name
    assert holding == right
    assert (holding.role, holding.starts_on, holding.ends_on) == (
        "loan_officer",
        date(2026, 1, 1),
        None,
    )
    assert (unit, unit.code) == (right.organisation, right.organisation.code)


def test_a_role_counts_from_its_day_to_the_day_before_its_end(officer: User) -> None:
    RoleHolding.objects.filter(user=officer).update(ends_on=TODAY)
    for day, held in ((date(2025, 12, 31), False), (date(2026, 11, 22), True), (TODAY, False)):
        found = person_with_role(officer.pk, day)
        assert found is not None
        assert (found.holding(day) is not None) is held, day


def test_who_is_not_there_or_not_active_is_nobody(officer: User) -> None:
    accounts = AccountBackend()
    assert person_with_role(0, TODAY) is None
    assert accounts.get_user(0) is None
    assert accounts.get_user(None) is None
    assert accounts.get_user("ai đó") is None
    assert accounts.get_user(officer.pk) == officer
    User.objects.filter(pk=officer.pk).update(is_active=False)
    assert accounts.get_user(officer.pk) is None


def test_who_holds_no_role_is_a_person_all_the_same(officer: User) -> None:
    RoleHolding.objects.filter(user=officer).delete()
    found = person_with_role(officer.pk, TODAY)
    assert found == officer
    assert found.holding(TODAY) is None
    assert not found.may("loans.view")


def test_a_session_of_the_backend_before_ends_at_the_sign_in(officer: User) -> None:
    """Its path is listed no more: whoever was signed in while the program was renewed signs in again."""
    client = Client()
    client.force_login(officer, "tdcs.access.backends.AccountBackend")
    session = client.session
    session["_auth_user_backend"] = "allauth.account.auth_backends.AuthenticationBackend"
    session.save()
    answer = client.get("/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/tai-khoan/login/")


def test_a_password_that_was_changed_ends_the_sessions_before(officer: User) -> None:
    client = Client()
    client.force_login(officer, "tdcs.access.backends.AccountBackend")
    assert client.get("/").status_code == 200
    officer.set_password("mat-khau-moi-77")
    officer.save()
    answer = client.get("/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/tai-khoan/login/")
