"""Who sees which units; roles hold from a day to a day."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from tdcs.access import queries, services
from tdcs.access.errors import NameTaken, PasswordWeak, RoleUnknown
from tdcs.access.models import RoleHolding, User
from tdcs.access.permissions import PERMISSIONS, Role
from tdcs.access.services import NewAccount
from tdcs.audit.models import AuditLine
from tdcs.core import clock
from tdcs.organisations.models import Organisation

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 23)


def _unit(code: str) -> Organisation:
    return Organisation.objects.get(code=code)


def _person(role: str, code: str, since: date = date(2024, 1, 1)) -> User:
    person = User.objects.create_user(f"{role}-{code}".replace("@", "."), full_name="Ai đó")
    RoleHolding.objects.create(user=person, role=role, organisation=_unit(code), starts_on=since)
    return person


@pytest.mark.parametrize(
    ("role", "code", "sees", "not_sees"),
    [
        (
            Role.UNIT_CLERK,
            "ubnd@n26227",
            ["ubnd@n26227", "hoi-phu-nu@n26227"],
            ["ubnd@n26206", "so-tai-chinh@p75"],
        ),
        (
            Role.LEADER,
            "so-tai-chinh@p75",
            ["so-tai-chinh@p75", "so-ke-hoach-va-dau-tu@p75"],
            ["ubnd@n26227"],
        ),
        (Role.UNIT_CLERK, "hoi-phu-nu@n26227", ["hoi-phu-nu@n26227"], ["ubnd@n26227"]),
    ],
)
def test_a_unit_sees_itself_its_subtree_and_what_it_continues(
    role: str, code: str, sees: list[str], not_sees: list[str]
) -> None:
    person = _person(role, code)
    visible = queries.visible_organisations(person, DAY)
    assert visible is not None
    for seen in sees:
        assert _unit(seen).pk in visible, seen
    for hidden in not_sees:
        assert _unit(hidden).pk not in visible, hidden


def test_a_commune_sees_the_years_of_the_communes_it_continues() -> None:
    visible = queries.visible_organisations(_person(Role.UNIT_CLERK, "ubnd@n26227"), DAY)
    assert visible is not None
    old = Organisation.objects.filter(
        successions__successor__code="ubnd@n26227", type="ubnd", level="commune"
    )
    assert old.count() == 2
    assert {unit.pk for unit in old} <= visible


@pytest.mark.parametrize(
    "role", [Role.BRANCH_PLANNER, Role.AUDITOR, Role.SYSTEM_ADMIN, Role.LEADER]
)
def test_the_branch_sees_all(role: str) -> None:
    assert queries.visible_organisations(_person(role, "nhcsxh-chi-nhanh@p75"), DAY) is None


def test_a_role_holds_from_its_day_to_the_day_before_its_end() -> None:
    person = _person(Role.UNIT_CLERK, "ubnd@n26227", date(2026, 3, 1))
    holding = person.holdings.get()
    holding.ends_on = date(2026, 6, 1)
    holding.save()
    for day, may in (
        (date(2026, 2, 28), False),
        (date(2026, 3, 1), True),
        (date(2026, 5, 31), True),
        (date(2026, 6, 1), False),
    ):
        with clock.fixed_today(day):
            assert User.objects.get(pk=person.pk).may("plans.work") is may, day


def test_two_roles_at_once_are_refused_by_the_database() -> None:
    person = _person(Role.UNIT_CLERK, "ubnd@n26227")
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleHolding.objects.create(
            user=person, role=Role.AUDITOR, organisation=_unit("ubnd@n26227"), starts_on=DAY
        )


def test_nobody_without_a_role_may_anything() -> None:
    person = User.objects.create_user("khong-vai", full_name="Không vai")
    assert not any(person.may(permission) for permission in PERMISSIONS)
    assert queries.visible_organisations(person, DAY) == frozenset()


def test_a_closed_account_may_nothing() -> None:
    person = _person(Role.BRANCH_PLANNER, "nhcsxh-chi-nhanh@p75")
    person.is_active = False
    assert not person.may("plans.publish")


def test_an_unknown_permission_is_an_error_not_a_no() -> None:
    with pytest.raises(KeyError):
        _person(Role.AUDITOR, "nhcsxh-chi-nhanh@p75").may("plans.everything")


def test_a_person_is_made_with_a_line_in_the_trail() -> None:
    services.create_person(
        account=NewAccount(
            username="hoa.le", full_name="Lê Thị Hoa", email="", password="mat-khau-dai-2026"
        ),
        role=Role.UNIT_CLERK,
        organisation=_unit("ubnd@n26227"),
        by=None,
        on=DAY,
    )
    assert AuditLine.objects.filter(
        action="access.create_person", subject_words="Lê Thị Hoa"
    ).exists()


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"username": "A B"}, NameTaken),
        ({"username": "x"}, NameTaken),
        ({"password": "12345"}, PasswordWeak),
        ({"role": "king"}, RoleUnknown),
        ({"organisation": None}, RoleUnknown),
    ],
)
def test_bad_accounts_are_refused_and_nothing_is_kept(
    changes: dict[str, object], refusal: type[Exception]
) -> None:
    before = User.objects.count()
    fields: dict[str, object] = {
        "username": "moi.nguoi",
        "full_name": "Mới",
        "email": "",
        "password": "mat-khau-dai-2026",
        "role": Role.UNIT_CLERK,
        "organisation": _unit("ubnd@n26227"),
        "by": None,
        "on": DAY,
    }
    with pytest.raises(refusal):
        given = fields | changes
        account = NewAccount(
            **{n: given.pop(n) for n in ("username", "full_name", "email", "password")}
        )  # type: ignore[arg-type]
        services.create_person(account=account, **given)  # type: ignore[arg-type]
    assert User.objects.count() == before


def test_a_new_role_ends_the_old_one() -> None:
    person = _person(Role.UNIT_CLERK, "ubnd@n26227")
    services.give_role(
        person=person, role=Role.LEADER, organisation=_unit("ubnd@p75"), by=None, on=DAY
    )
    spans = list(person.holdings.order_by("starts_on").values_list("role", "ends_on"))
    assert spans == [(Role.UNIT_CLERK, DAY), (Role.LEADER, None)]
