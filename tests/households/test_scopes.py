"""How far each role reaches on the routes of surveys and single cases: departments read figures and write nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from households_cast import TODAY, Cast, make_household, person

from tdcs.access.permissions import PERMISSIONS, SEES_ALL, Role
from tdcs.access.scopes import REACH, Scope, reach_of, reads_cases, scope_of
from tdcs.demand.queries.needs import visible_surveys
from tdcs.demand.services import surveys
from tdcs.demand.services.surveys import Need
from tdcs.entrustment.queries.scope import visible_groups
from tdcs.households.errors import OutsideYourArea
from tdcs.households.models import CreditNeed, NeedSurvey
from tdcs.households.queries.scope import figure_communes, visible_households
from tdcs.loans.queries.scope import visible_loans
from tdcs.organisations.models import Organisation


def test_every_action_has_its_reach() -> None:
    assert set(REACH) <= set(PERMISSIONS)
    assert all(reach_of(name) for name in PERMISSIONS)
    assert scope_of(Role.UNIT_CLERK, "households.survey") == Scope.KEPT
    assert scope_of(Role.GROUP_LEADER, "households.survey") == Scope.GROUP
    assert scope_of(Role.AUDITOR, "loans.view") == Scope.PROVINCE
    assert scope_of(Role.TELLER, "access.manage") is None
    assert Role.AUDITOR in SEES_ALL


@pytest.mark.django_db
def test_departments_read_figures_not_cases(cast: Cast) -> None:
    make_household(commune_area=cast.la_nga, head_name="Bà Hoa")
    assert not reads_cases(cast.finance, "households")
    assert not visible_households(cast.finance).exists()
    assert not visible_groups(cast.finance).exists()
    assert not visible_loans(cast.finance).exists()
    assert figure_communes(cast.finance) is None
    for user in (cast.clerk, cast.planner, cast.officer):
        assert reads_cases(user, "households") and visible_households(user).exists()


@pytest.mark.django_db
def test_a_duty_opens_the_households_and_nothing_else(cast: Cast) -> None:
    unit = Organisation.objects.get(code="so-nong-nghiep-va-moi-truong@p75")
    reviewer = person("so-nong-nghiep", "unit_clerk", unit)
    make_household(commune_area=cast.la_nga, head_name="Bà Hoa")
    assert visible_households(reviewer).exists()
    assert not visible_groups(reviewer).exists() and not visible_loans(reviewer).exists()


@pytest.mark.django_db
def test_nobody_outside_writes_into_a_commune_s_survey(cast: Cast, signed_in: Any) -> None:
    home = make_household(commune_area=cast.la_nga, head_name="Bà Hoa")
    survey = NeedSurvey.objects.create(area=cast.la_nga, year=2026, quarter=4)
    unit = Organisation.objects.get(code="so-nong-nghiep-va-moi-truong@p75")
    reviewer = person("so-nong-nghiep", "unit_clerk", unit)
    routes = [
        reverse("households:need", args=[survey.pk]),
        reverse("households:act_survey", args=[survey.pk]),
    ]
    form = {"code": home.code, "programme": "HN", "amount": "50.000.000", "verb": "close"}
    for user in (cast.finance, reviewer, cast.other_clerk, cast.planner, cast.women, cast.chair):
        for address in routes:
            signed_in(user).post(address, form)
        survey.refresh_from_db()
        assert survey.closed_on is None and not CreditNeed.objects.exists(), user.username
        with pytest.raises(OutsideYourArea):
            surveys.put_need(
                survey=survey,
                need=Need(household=home, programme="HN", amount=5),
                by=reviewer,
                on=TODAY,
            )
    assert not visible_surveys(cast.finance).exists()
    answer = signed_in(cast.clerk).post(routes[0], form)
    assert answer.status_code == 302
    assert CreditNeed.objects.get().amount == 50_000_000


@pytest.mark.django_db
def test_the_figures_stay_with_the_departments(cast: Cast, signed_in: Any) -> None:
    home = make_household(commune_area=cast.la_nga, head_name="Bà Hoa")
    survey = NeedSurvey.objects.create(area=cast.la_nga, year=2026, quarter=4)
    surveys.put_need(
        survey=survey,
        need=Need(household=home, programme="HN", amount=7_000_000),
        by=cast.clerk,
        on=TODAY,
    )
    page = signed_in(cast.finance).get(reverse("households:access") + "?year=2026")
    assert page.status_code == 200
    assert "7.000.000" in page.content.decode()
    household = reverse("households:household", args=[home.pk])
    assert signed_in(cast.finance).get(household).status_code == 404
