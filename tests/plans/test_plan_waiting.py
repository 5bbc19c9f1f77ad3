"""What of the plan waits for whom, on the first screen of each role that works with it."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from plans_cast import Cast

from tdcs.access.models import User
from tdcs.core.waiting import Urgency, Waiting
from tdcs.plans.models import Obligation, ObligationState, Plan, UnitReport
from tdcs.plans.queries.waiting import waiting_for
from tdcs.reporting.queries import waiting as reporting
from tdcs.web.sidebar import UNFOLDED_LINKS
from tdcs.web.waiting import lines_for

pytestmark = pytest.mark.django_db

ON = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    cache.clear()


def _by_route(lines: list[Waiting], route: str) -> list[tuple[int, Urgency]]:
    return [(one.count, one.urgency) for one in lines if one.route == route]


def _tasks_of(user: User, plan: Plan) -> Any:
    holding = user.holding()
    assert holding is not None
    return Obligation.objects.filter(
        plan=plan, year=2026, holder_id=holding.organisation_id, task__isnull=False
    )


def test_own_work_is_late_soon_or_no_line(cast: Cast, plan: Plan) -> None:
    row = _tasks_of(cast.la_nga, plan).order_by("pk").first()
    others = Obligation.objects.filter(plan=plan).exclude(pk=row.pk)
    others.update(state=ObligationState.ACCEPTED)
    for due, lines in (
        (date(2026, 11, 22), [(1, Urgency.LATE)]),
        (date(2026, 11, 30), [(1, Urgency.SOON)]),
        (date(2027, 3, 1), []),
    ):
        Obligation.objects.filter(pk=row.pk).update(due_on=due, due_before=False)
        assert _by_route(waiting_for(cast.la_nga, ON, [plan]), "plans:inbox") == lines, due
    Obligation.objects.filter(pk=row.pk).update(state=ObligationState.RETURNED)
    assert _by_route(waiting_for(cast.la_nga, ON, [plan]), "plans:inbox") == [(1, Urgency.LATE)]
    Obligation.objects.filter(pk=row.pk).update(
        due_on=date(2026, 11, 22), state=ObligationState.SUBMITTED, submitted_on=ON
    )
    assert _by_route(waiting_for(cast.la_nga, ON, [plan]), "plans:inbox") == []


def test_a_handed_in_result_waits_for_the_planner_only(cast: Cast, plan: Plan) -> None:
    row = _tasks_of(cast.la_nga, plan).order_by("pk").first()
    Obligation.objects.filter(pk=row.pk).update(state=ObligationState.SUBMITTED, submitted_on=ON)
    for person in cast.everyone():
        titles = [one.title for one in waiting_for(person, ON, [plan])]
        assert ("Kết quả của các đơn vị chờ duyệt" in titles) == (person == cast.planner)


def test_the_report_waits_for_its_unit_then_for_the_planner(cast: Cast, plan: Plan) -> None:
    unit = cast.la_nga.holding()
    assert unit is not None
    [line] = reporting.waiting_for(cast.la_nga, ON, [plan])
    assert (line.title, line.action) == ("Báo cáo năm 2026 của đơn vị chưa lập", "Lập báo cáo")
    report = UnitReport.objects.create(
        plan=plan, year=2026, organisation=unit.organisation, due_on=date(2026, 12, 15)
    )
    [line] = reporting.waiting_for(cast.la_nga, ON, [plan])
    assert (line.action, line.args) == ("Nộp báo cáo", (report.pk,))
    UnitReport.objects.filter(pk=report.pk).update(state="submitted", submitted_on=ON)
    assert reporting.waiting_for(cast.la_nga, ON, [plan]) == []
    accepts = reporting.waiting_for(cast.planner, ON, [plan])
    assert (1, "Tiếp nhận") in [(one.count, one.action) for one in accepts]
    assert reporting.waiting_for(cast.leader, ON, [plan]) == []
    UnitReport.objects.filter(pk=report.pk).update(state="returned")
    [line] = reporting.waiting_for(cast.la_nga, ON, [plan])
    assert line.title == "Báo cáo năm 2026 của đơn vị bị trả lại"


def test_the_most_pressing_stands_first_and_every_line_opens(
    cast: Cast, plan: Plan, signed_in: Any
) -> None:
    for person in cast.everyone():
        lines = lines_for(person, ON)
        urgencies = [one.waiting.urgency for one in lines]
        assert urgencies == sorted(urgencies)
        browser = signed_in(person)
        for line in lines:
            assert browser.get(line.url).status_code == 200, line


@pytest.mark.parametrize("name", ["planner", "la_nga", "finance", "leader", "auditor", "admin"])
def test_the_home_of_each_role_opens_in_few_queries(
    name: str, cast: Cast, plan: Plan, signed_in: Any, django_assert_max_num_queries: Any
) -> None:
    browser = signed_in(getattr(cast, name))
    # One of them twice, the unit's profile: inside a test's transaction nothing is remembered.
    with django_assert_max_num_queries(16):
        answer = browser.get("/")
    assert answer.status_code == 200
    assert "Việc chờ tôi xử lý" in answer.content.decode()


def test_groups_of_the_sidebar_fold_so_that_the_page_s_own_is_open_and_all_fit(
    cast: Cast, plan: Plan, signed_in: Any
) -> None:
    browser = signed_in(cast.planner)
    for address in ("/", "/vay/ho-so/", "/so-cai/", "/ke-hoach/lich/"):
        page = browser.get(address).content.decode()
        rail = page.partition('<nav class="rail"')[2].partition("</nav>")[0]
        groups = re.findall(
            r'<details class="fold" data-fold="[^"]+"( open)?>(.*?)</details>', rail, re.S
        )
        own = [unfolded for unfolded, links in groups if 'aria-current="page"' in links]
        assert own == ([" open"] if address != "/" else []), address
        alone = re.sub(r"<details.*?</details>", "", rail, flags=re.S).count('<a class="i"')
        unfolded = sum(links.count('<a class="i"') for is_open, links in groups if is_open)
        assert len(groups) > 3
        assert alone + unfolded <= UNFOLDED_LINKS, address
