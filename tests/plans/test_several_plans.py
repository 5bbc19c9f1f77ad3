"""A second plan beside the first: it replaces, amends, carries out or leaves it; its publication is undone with a reason."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest
from plan_words import SECOND_PLAN

from tdcs.plans.checks import CHECKS
from tdcs.plans.errors import (
    MoveNotAllowed,
    PlanStillRuns,
    PublicationStands,
    ReasonMissing,
    RelationWrong,
    YearOutOfPlan,
)
from tdcs.plans.models import (
    Notice,
    Obligation,
    Plan,
    PlanMove,
    PlanRelation,
    PlanState,
    PlanVersion,
    RelationKind,
)
from tdcs.plans.models.plan import VersionState
from tdcs.plans.queries.in_force import plans_in_force, plans_offered
from tdcs.plans.queries.inbox import work_of
from tdcs.plans.queries.matrix import MatrixFilters, columns_of, matrix, plan_heads
from tdcs.plans.queries.obligations import frame
from tdcs.plans.services.deriving import open_year
from tdcs.plans.services.importing import import_document
from tdcs.plans.services.progress import submit
from tdcs.plans.services.publishing import Terms, publish
from tdcs.plans.services.relating import Related, effect_of
from tdcs.plans.services.withdrawing import archive, draft_again, unarchive, withdraw

TODAY = date(2026, 11, 23)


def findings() -> list[str]:
    return [words for check in CHECKS.values() for words in check()]


def states(plan: Plan) -> Counter[str]:
    return Counter(plan.obligations.values_list("state", flat=True))


def second_draft(words: str = SECOND_PLAN) -> PlanVersion:
    return import_document(content=words.encode(), filename="ke-hoach-346.txt", by=None, on=TODAY)


def beside(version: PlanVersion, **terms: Any) -> Plan:
    plan = version.plan
    publish(
        version=version,
        first_year=plan.first_year,
        last_year=plan.last_year,
        terms=Terms(**terms),
        by=None,
        on=TODAY,
    )
    return Plan.objects.get(pk=plan.pk)


@pytest.fixture
def second(plan: Plan) -> Plan:
    """346/KH-UBND of 15/01/2026 beside the small plan."""
    return beside(second_draft())


def test_a_plan_of_a_year_is_for_the_year_that_its_title_names(plan: Plan) -> None:
    assert (second_draft().plan.first_year, second_draft_last()) == (2026, 2026)


def second_draft_last() -> int:
    return Plan.objects.get(number="346/KH-UBND").last_year


def test_published_beside_it_takes_nothing_from_the_first(plan: Plan, cast: Any) -> None:
    before = states(plan)
    second = beside(second_draft())
    assert states(plan) == before
    assert plans_in_force(TODAY) == [plan, second]
    assert plans_in_force(date(2026, 1, 14)) == [plan]
    assert not PlanRelation.objects.exists()
    assert findings() == []
    unit = cast.la_nga.holding().organisation_id
    numbers = {row.obligation.plan.number for row in work_of(unit, [plan, second], 2026)}
    assert numbers == {"77/KH-UBND", "346/KH-UBND"}
    shown = matrix([plan, second], MatrixFilters(2026), cast.planner)
    assert [number for number, _span in plan_heads(shown.columns)] == ["77/KH-UBND", "346/KH-UBND"]
    one, other = frame(plan, 2026), frame(second, 2026)
    assert shown.total.total == one.height + other.height
    assert len(shown.columns) == len(columns_of(one)) + len(columns_of(other))


def test_two_plans_of_one_date_both_stay(plan: Plan) -> None:
    words = SECOND_PLAN.replace("ngày 15 tháng 01 năm 2026", "ngày 20 tháng 12 năm 2023")
    twin = beside(second_draft(words))
    assert twin.issued_on == plan.issued_on
    # Of one first day the number decides their order.
    assert plans_in_force(date(2024, 6, 1)) == [twin, plan]


def test_a_plan_that_replaces_ends_what_is_not_yet_due(plan: Plan) -> None:
    version, since = second_draft(), date(2026, 7, 1)
    done = Obligation.objects.filter(plan=plan, year=2026, task__path="II.1.a").get()
    Obligation.objects.filter(pk=done.pk).update(state="submitted", words="Đã bố trí")
    related = Related(plan, RelationKind.REPLACES)
    told = effect_of(related, since)
    second = beside(version, in_force_from=since, related=(related,))
    plan.refresh_from_db()
    assert plan.in_force_until == since
    assert plans_in_force(date(2026, 6, 30)) == [plan]
    assert plans_in_force(since) == [second]
    assert plans_offered(TODAY) == [plan, second], "its open years still wait"
    ended = plan.obligations.filter(state="withdrawn")
    assert ended.count() == told.ends > 95
    assert not ended.filter(due_on__lt=since).exists()
    late = plan.obligations.filter(task__path="II.2.c", due_on=date(2026, 6, 30))
    assert set(late.values_list("state", flat=True)) == {"open"}
    done.refresh_from_db()
    assert done.state == "submitted"
    assert findings() == []
    with pytest.raises(YearOutOfPlan):
        open_year(plan=plan, year=2027, by=None, on=date(2027, 1, 2))
    open_year(plan=plan, year=2026, by=None, on=TODAY)
    assert plan.obligations.filter(state="withdrawn").count() == told.ends


def test_a_plan_that_amends_ends_the_chosen_tasks_only(plan: Plan) -> None:
    task = plan.versions.get(number=1).tasks.get(path="II.2.a")
    related = Related(plan, RelationKind.AMENDS, (str(task.lineage),))
    beside(second_draft(), related=(related,))
    ended = plan.obligations.filter(state="withdrawn")
    assert set(ended.values_list("task__path", "year")) == {("II.2.a", 2026)}
    assert ended.count() == 95
    assert plan.obligations.filter(year=2026, state="open").exclude(task=task).count() > 10
    # The year that is opened next asks for everything but the task that ended.
    open_year(plan=plan, year=2027, by=None, on=date(2027, 1, 2))
    assert not plan.obligations.filter(year=2027, task__path="II.2.a").exists()
    assert plan.obligations.filter(year=2027, task__path="II.1.a").exists()
    assert findings() == []


def test_a_plan_that_carries_another_out_changes_no_obligation(plan: Plan) -> None:
    before = states(plan)
    second = beside(second_draft(), related=(Related(plan, RelationKind.CARRIES_OUT),))
    relation = PlanRelation.objects.get()
    assert (relation.plan, relation.other, relation.ended) == (second, plan, {})
    assert states(plan) == before


def test_relations_that_do_not_hold_are_refused(plan: Plan) -> None:
    version = second_draft()
    for related in (Related(plan, RelationKind.AMENDS), Related(plan, "above")):
        with pytest.raises(RelationWrong):
            beside(version, related=(related,))
    assert Plan.objects.get(pk=version.plan_id).state == PlanState.DRAFT
    Plan.objects.filter(pk=plan.pk).update(state=PlanState.ARCHIVED)
    with pytest.raises(RelationWrong):
        beside(version, related=(Related(plan, RelationKind.REPLACES),))
    with pytest.raises(RelationWrong):
        beside(version, reports_with=Plan.objects.get(pk=plan.pk))


def test_a_withdrawal_gives_everything_back(plan: Plan) -> None:
    row = plan.obligations.filter(year=2026, task__path="II.2.a").order_by("pk")[0]
    Obligation.objects.filter(pk=row.pk).update(state="returned", words="Đã rà soát", percent=60)
    before = states(plan)
    second = beside(second_draft(), related=(Related(plan, RelationKind.REPLACES),))
    assert states(plan) != before
    version = second.versions.get(number=1)
    draft = withdraw(version=version, why="Công bố nhầm văn bản", by=None, on=TODAY)
    plan.refresh_from_db()
    second.refresh_from_db()
    assert states(plan) == before
    assert plan.in_force_until == date(2031, 1, 1)
    assert (second.state, set(states(second))) == (PlanState.WITHDRAWN, {"withdrawn"})
    assert plans_offered(TODAY) == [plan]
    move = PlanMove.objects.filter(plan=second).last()
    assert move and (move.verb, move.why) == ("withdraw", "Công bố nhầm văn bản")
    assert Notice.objects.filter(words__contains="Thu hồi công bố").count() >= 95
    assert draft is not None and draft.tasks.count() == version.tasks.count()
    assert findings() == []


def test_what_a_third_plan_ends_too_is_not_given_back(plan: Plan) -> None:
    second = beside(second_draft(), related=(Related(plan, RelationKind.REPLACES),))
    words = SECOND_PLAN.replace("346/KH", "400/KH").replace("ngày 15 tháng 01", "ngày 01 tháng 12")
    third = beside(second_draft(words), related=(Related(plan, RelationKind.REPLACES),))
    plan.refresh_from_db()
    assert plan.in_force_until == date(2026, 1, 15)
    withdraw(version=second.versions.get(), why="Nhầm", by=None, on=TODAY)
    plan.refresh_from_db()
    assert plan.in_force_until == date(2026, 12, 1) == third.in_force_from
    assert not plan.obligations.filter(state="open", due_on__gte=date(2026, 12, 2)).exists()
    assert plan.obligations.filter(state="open", task__path="II.2.c").exists()
    assert findings() == []


def test_published_again_the_work_is_there_again(plan: Plan, cast: Any, second: Plan) -> None:
    unit = cast.la_nga.holding().organisation_id
    row = second.obligations.get(holder=unit, task__path="II.1.a")
    submit(obligation=row, words="Đã lập danh sách 41 hộ", figure=None, by=cast.la_nga, on=TODAY)
    draft = withdraw(version=second.versions.get(), why="Sai phụ lục", by=None, on=TODAY)
    assert draft is not None
    beside(draft)
    row.refresh_from_db()
    assert (row.state, row.words) == ("in_progress", "Đã lập danh sách 41 hộ")
    assert row.submitted_on is None
    assert row.task is not None and row.task.version == draft
    assert states(second)["withdrawn"] == 0
    assert findings() == []


def test_a_withdrawal_is_refused_once_something_was_accepted(plan: Plan, second: Plan) -> None:
    version = second.versions.get()
    with pytest.raises(ReasonMissing):
        withdraw(version=version, why=" ", by=None, on=TODAY)
    row = second.obligations.order_by("pk")[0]
    Obligation.objects.filter(pk=row.pk).update(state="accepted")
    with pytest.raises(PublicationStands, match="1 kết quả đã duyệt"):
        withdraw(version=version, why="Nhầm", by=None, on=TODAY)
    Obligation.objects.filter(pk=row.pk).update(state="submitted")
    second.years.update(closed_on=TODAY)
    with pytest.raises(PublicationStands, match="1 năm báo cáo đã khóa"):
        withdraw(version=version, why="Nhầm", by=None, on=TODAY)


def test_a_plan_that_another_rests_on_is_not_withdrawn(plan: Plan) -> None:
    beside(second_draft(), reports_with=plan, related=(Related(plan, RelationKind.CARRIES_OUT),))
    with pytest.raises(PublicationStands, match=r"1 kế hoạch khác thay thế.*; 1 kế hoạch khác báo"):
        withdraw(version=plan.versions.get(), why="Nhầm", by=None, on=TODAY)


def test_a_draft_thrown_away_is_made_again(plan: Plan, second: Plan) -> None:
    with pytest.raises(MoveNotAllowed):
        draft_again(plan=second, by=None, on=TODAY)
    draft = withdraw(version=second.versions.get(), why="Nhầm", by=None, on=TODAY)
    assert draft is not None
    draft.delete()
    made = draft_again(plan=second, by=None, on=TODAY)
    assert (made.state, made.tasks.count()) == (VersionState.DRAFT, 2)


def test_only_a_plan_that_is_over_and_closed_is_archived(plan: Plan, second: Plan) -> None:
    with pytest.raises(PlanStillRuns, match="còn hiệu lực đến trước ngày 01/01/2027"):
        archive(plan=second, by=None, on=date(2026, 12, 31))
    with pytest.raises(PlanStillRuns, match="năm báo cáo 2026 chưa khóa"):
        archive(plan=second, by=None, on=date(2027, 1, 1))
    second.years.update(closed_on=date(2027, 1, 20))
    done = archive(plan=second, by=None, on=date(2027, 2, 1))
    assert done.state == PlanState.ARCHIVED
    assert plans_offered(date(2027, 2, 1)) == [plan]
    with pytest.raises(MoveNotAllowed):
        archive(plan=second, by=None, on=date(2027, 2, 1))
    assert unarchive(plan=second, by=None, on=date(2027, 2, 2)).state == PlanState.PUBLISHED
