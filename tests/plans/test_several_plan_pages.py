"""Every page of the plan for one plan and for all; publication beside the first, confirmed; withdrawal; unit's own tasks."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from plan_words import SECOND_PLAN
from running_jobs import run_jobs

from tdcs.plans.checks import CHECKS
from tdcs.plans.composing.framing import Signing
from tdcs.plans.models import (
    ConsolidatedReport,
    Obligation,
    Plan,
    PlanRelation,
    PlanVersion,
    ReportState,
    UnitReport,
)
from tdcs.plans.queries.obligations import frame
from tdcs.plans.services import unit_plans
from tdcs.plans.services.importing import import_document
from tdcs.plans.services.publishing import Terms, publish
from tdcs.reporting.queries.counting import take_figures
from tdcs.reporting.queries.reports import overview, results_of
from tdcs.reporting.services import consolidation, reports

TODAY = date(2026, 11, 23)
FIRST, SECOND = "77/KH-UBND", "346/KH-UBND"


def put_beside(**terms: Any) -> Plan:
    version = import_document(
        content=SECOND_PLAN.encode(), filename="ke-hoach-346.txt", by=None, on=TODAY
    )
    publish(
        version=version,
        first_year=2026,
        last_year=2026,
        terms=Terms(**terms),
        by=None,
        on=TODAY,
    )
    return Plan.objects.get(pk=version.plan_id)


@pytest.fixture
def second(plan: Plan) -> Plan:
    return put_beside(field="Giảm nghèo")


def main_of(browser: Any, route: str, query: str = "", *args: Any) -> str:
    """The page between its frame's end and the end."""
    answer = browser.get(f"{reverse(route, args=args)}?{query}", follow=True)
    assert answer.status_code == 200, (route, query)
    return str(answer.content.decode().partition("<main")[2])


def test_every_page_works_for_one_plan_and_for_all(
    plan: Plan, second: Plan, cast: Any, signed_in: Any
) -> None:
    browser = signed_in(cast.planner)
    pages = ("web:progress", "plans:matrix", "plans:reports", "plans:years", "plans:unit_plans")
    more = ("plans:calendar", "plans:reminders", "plans:directives", "plans:proposals")
    for route in (*pages, *more, "plans:consolidations", "plans:plan", "plans:inbox"):
        main_of(browser, route, "plan=all")
        for one in (plan, second):
            main_of(browser, route, f"plan={one.pk}")
    for route in ("web:progress", "plans:matrix", "plans:reports", "plans:years", "plans:plan"):
        both = main_of(browser, route, "plan=all")
        assert FIRST in both and SECOND in both, route
        only = main_of(browser, route, f"plan={second.pk}")
        assert FIRST not in only, route
    total = frame([plan, second], 2026).height
    assert f"/{total} " in main_of(browser, "plans:matrix", "plan=all")
    assert f"/{frame(second, 2026).height} " in main_of(
        browser, "plans:matrix", f"plan={second.pk}"
    )
    # The calendar of October has the second plan's day, with its number among all.
    assert SECOND in main_of(browser, "plans:calendar", "plan=all&month=2026-10&view=quarter")


def test_the_choice_stands_in_the_frame_is_kept_in_links_and_remembered(
    plan: Plan, second: Plan, cast: Any, signed_in: Any
) -> None:
    browser = signed_in(cast.planner)
    page = browser.get(reverse("plans:matrix")).content.decode()
    assert "Mọi kế hoạch" in page.partition("<main")[0]
    page = browser.get(reverse("plans:matrix"), {"plan": second.pk}).content.decode()
    head, _, body = page.partition("<main")
    assert f"<b>{SECOND}</b>" in head and "<b>2026</b>" in head
    assert f"?plan={second.pk}&amp;year=2026" in body
    # Pages that follow, without a plan in their address, show the same one ...
    assert FIRST not in main_of(browser, "plans:reports")
    # ... but the work of a person is never hidden by what was looked at elsewhere.
    clerk = signed_in(cast.la_nga)
    clerk.get(reverse("plans:calendar"), {"plan": second.pk})
    mine = main_of(clerk, "plans:inbox")
    assert FIRST in mine and SECOND in mine
    assert FIRST not in main_of(clerk, "plans:inbox", f"plan={second.pk}")
    # An unknown plan is no plan: all are shown.
    assert FIRST in main_of(signed_in(cast.leader), "plans:reports", "plan=999999")


def test_files_carry_the_plan_in_their_names(
    plan: Plan, second: Plan, cast: Any, signed_in: Any
) -> None:
    browser = signed_in(cast.planner)
    for query, name in ((f"plan={second.pk}", "346-kh-ubnd"), ("plan=all", "cac-ke-hoach")):
        for route in ("plans:matrix", "plans:reports"):
            answer = browser.get(f"{reverse(route)}?{query}&export=csv")
            assert f"-2026-{name}.csv" in answer["Content-Disposition"]


def test_publishing_shows_what_it_does_to_the_others_and_keeps_both_by_default(
    plan: Plan, cast: Any, signed_in: Any
) -> None:
    browser = signed_in(cast.planner)
    upload = SimpleUploadedFile("ke-hoach.txt", SECOND_PLAN.encode())
    browser.post(reverse("plans:import"), {"file": upload})
    assert [job.state for job in run_jobs()] == ["done"]
    version = PlanVersion.objects.get(plan__number=SECOND)
    address = reverse("plans:publish", args=[version.pk])
    page = main_of(browser, "plans:publish", "", version.pk)
    assert "Cùng thực hiện" in page and FIRST in page and "thôi giao" in page
    years = {"first_year": 2026, "last_year": 2026}
    asked = years | {f"kind{plan.pk}": "replaces", "in_force_from": "2026-01-15"}
    shown = browser.post(address, asked).content.decode()
    assert "Xác nhận công bố" in shown
    version.refresh_from_db()
    assert version.state == "draft", "nothing ends before it was confirmed"
    mark = f"2026-01-15;{plan.pk}:replaces:"
    assert f'value="{mark}"' in shown
    answer = browser.post(address, asked | {"confirmed": mark}, follow=True)
    assert answer.status_code == 200
    assert PlanRelation.objects.get().kind == "replaces"
    assert plan.obligations.filter(state="withdrawn", year=2026).count() > 95
    page = main_of(browser, "plans:withdraw_publication", "", version.pk)
    assert "thôi giao" in page and FIRST in page
    answer = browser.post(reverse("plans:withdraw_publication", args=[version.pk]), {"why": "Nhầm"})
    draft = PlanVersion.objects.get(plan__number=SECOND, state="draft")
    assert answer.headers["Location"] == reverse("plans:review", args=[draft.pk])
    assert not plan.obligations.filter(state="withdrawn").exists()
    # Now with nothing chosen: both run.
    browser.post(reverse("plans:publish", args=[draft.pk]), years)
    both = main_of(browser, "plans:plans")
    assert FIRST in both and SECOND in both
    assert PlanRelation.objects.filter(undone_on=None).count() == 0
    assert "Lý do: Nhầm" in main_of(browser, "plans:one_plan", "", draft.plan_id)


def test_withdrawal_and_archive_are_the_planners(
    plan: Plan, second: Plan, cast: Any, signed_in: Any
) -> None:
    version = second.versions.get()
    for person in (cast.la_nga, cast.leader, cast.auditor):
        browser = signed_in(person)
        assert (
            browser.get(reverse("plans:withdraw_publication", args=[version.pk])).status_code == 403
        )
        change = reverse("plans:change_plan", args=[second.pk])
        assert browser.post(change, {"verb": "archive"}).status_code == 403
        assert browser.get(reverse("plans:plans")).status_code == 200
    assert second.state == "published"


def test_each_plan_has_its_own_report_unless_it_says_so(plan: Plan, cast: Any) -> None:
    unit = cast.la_nga.holding().organisation
    second = put_beside()
    assert {row.plan for row in overview([plan, second], 2026).rows} == {plan, second}
    own = reports.open_report(plan=second, year=2026, organisation=unit, by=None, on=TODAY)
    assert own.plan == second
    own.delete() if not own.moves.exists() else None
    Plan.objects.filter(pk=second.pk).update(reports_with=plan)
    second.refresh_from_db()
    assert {row.plan for row in overview([plan, second], 2026).rows} == {plan}
    finance = cast.finance.holding().organisation
    report = reports.open_report(plan=second, year=2026, organisation=finance, by=None, on=TODAY)
    assert report.plan == plan
    paths = set(report.sections.values_list("path", flat=True))
    assert {"II.1", "KH 346 II.1"} <= paths
    assert "Kế hoạch 346/KH-UBND" in report.sections.get(path="KH 346 II.1").title
    told = {(one.section, one.path) for one in results_of(plan, 2026, finance.pk)}
    assert ("KH 346 II.1", "II.1.b") in told
    report.sections.update(words="Đã thực hiện.")
    reports.submit(report=report, number="9/BC", signer="Lê A", signer_title="", by=None, on=TODAY)
    duties = Obligation.objects.filter(holder=finance, year=2026, duty__kind="yearly_report")
    assert set(duties.values_list("plan__number", "state")) == {
        (FIRST, "submitted"),
        (SECOND, "submitted"),
    }


def test_the_consolidated_report_is_of_one_plan_or_of_those_reported_together(
    plan: Plan, cast: Any
) -> None:
    unit = cast.finance.holding().organisation
    second = put_beside()
    alone = take_figures(second, 2026)
    assert alone["all"]["total"] == frame(second, 2026).height
    assert {row["path"] for row in alone["sections"]} == {"II.1", "III"}
    Plan.objects.filter(pk=second.pk).update(reports_with=plan)
    together = take_figures(plan, 2026)
    assert together["all"]["total"] == frame([plan, second], 2026).height
    paths = [row["path"] for row in together["sections"]]
    assert "KH 346 II.1" in paths and len(set(paths)) == len(paths)
    tasks = [row["path"] for row in together["tasks"]]
    assert {"II.1.a", "KH 346 II.1.a"} <= set(tasks)
    UnitReport.objects.create(
        plan=plan,
        year=2026,
        organisation=unit,
        due_on=date(2026, 12, 15),
        state=ReportState.ACCEPTED,
        accepted_on=TODAY,
    )
    made = consolidation.draft(plan=plan, year=2026, by=None, on=TODAY)
    assert made.sections.filter(path="KH 346 II.1").exists()
    assert ConsolidatedReport.objects.count() == 1


def test_a_units_own_plan_has_tasks_under_the_provinces_task(
    plan: Plan, cast: Any, signed_in: Any
) -> None:
    unit = cast.finance.holding().organisation
    made = unit_plans.open_unit_plan(
        plan=plan, organisation=unit, year=2026, by=cast.finance, on=TODAY
    )
    rows = [*made.words, {"path": "II.1.a", "title": "Họp giao ban", "when": "trước 5/12/2026"}]
    unit_plans.save(unit_plan=made, rows=rows, by=cast.finance, on=TODAY)
    done = unit_plans.issue(
        unit_plan=made,
        signing=Signing("66/KH-STC", TODAY, "Lê A"),
        by=cast.finance,
        on=TODAY,
    )
    row = Obligation.objects.get(plan=plan, year=2026, holder=unit, task__path="II.1.a")
    assert [one.title for one in row.unit_tasks.all()][-1] == "Họp giao ban"
    task = done.tasks.get(title="Họp giao ban")
    assert task.due_on == date(2026, 12, 5)
    browser = signed_in(cast.finance)
    # An issued plan takes no more words, and keeps no draft of any.
    assert "Lưu nháp" not in main_of(browser, "plans:unit_plan", "", done.pk)
    # The own plan that was issued is done, and says so.
    asked = main_of(browser, "plans:inbox", "year=2024")
    assert "Ban hành kế hoạch của đơn vị" in asked.partition('id="done"')[2]
    inbox = main_of(browser, "plans:inbox")
    assert "Ban hành kế hoạch của đơn vị" not in inbox
    assert "0/2 việc của đơn vị đã xong" in inbox
    address = reverse("plans:unit_task", args=[task.pk])
    browser.post(address, {"percent": "100", "words": "Đã họp ngày 20/11"})
    task.refresh_from_db()
    assert (task.percent, task.done_on) == (100, TODAY)
    assert "1/2 việc của đơn vị đã xong" in main_of(browser, "plans:inbox")
    assert "Họp giao ban" in main_of(browser, "plans:obligation", "", row.pk)
    assert signed_in(cast.la_nga).post(address, {"percent": "5"}).status_code == 404
    assert signed_in(cast.leader).post(address, {"percent": "5"}).status_code == 403
    assert [words for check in CHECKS.values() for words in check()] == []


def test_an_issued_plan_that_still_counts_as_owed_is_found(plan: Plan, cast: Any) -> None:
    unit = cast.finance.holding().organisation
    made = unit_plans.open_unit_plan(plan=plan, organisation=unit, year=2026, by=None, on=TODAY)
    type(made).objects.filter(pk=made.pk).update(state="issued")
    found = list(CHECKS["plans.issued_unit_plans_meet_their_duty"]())
    assert len(found) == 1 and "mà vẫn còn phải lập" in found[0]
