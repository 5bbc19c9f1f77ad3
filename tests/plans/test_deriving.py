"""What the plan makes units owe, year by year, and how it follows them over a reorganisation."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tdcs.organisations.models import Organisation, OrganisationSuccession
from tdcs.plans.checks import CHECKS
from tdcs.plans.errors import (
    InstructionPast,
    MoveNotAllowed,
    TwoSuccessors,
    YearClosed,
    YearOutOfPlan,
)
from tdcs.plans.models import Obligation, ObligationState, Plan, PlanVersion, ProgressEntry
from tdcs.plans.rules.periods import once_only, yearly
from tdcs.plans.services.deriving import activate, follow_successions, open_year
from tdcs.plans.services.importing import import_document
from tdcs.plans.services.publishing import publish

TODAY = date(2026, 11, 23)
GONE = (ObligationState.MERGED, ObligationState.WITHDRAWN)


def living(plan: Plan, year: int, path: str) -> list[Obligation]:
    rows = Obligation.objects.filter(plan=plan, year=year, task__path=path)
    return list(rows.exclude(state__in=GONE).select_related("holder", "organisation"))


def holders(plan: Plan, year: int, path: str) -> set[str]:
    return {row.holder.code for row in living(plan, year, path)}


def findings() -> list[str]:
    return [words for check in CHECKS.values() for words in check()]


def test_a_yearly_matter_is_due_before_the_yearly_report_and_a_quarter_on_its_last_day() -> None:
    period = yearly(2026, month=12, day=15, before=True)
    assert (period.validity.starts_on, period.due_on, period.due_before) == (
        date(2026, 1, 1),
        date(2026, 12, 15),
        True,
    )
    assert yearly(2026, month=None, day=None, before=True).due_before is False
    quarter = once_only(due_on=date(2025, 12, 31), starts_on=None, plan_day=date(2023, 12, 20))
    assert (quarter.year, quarter.validity.ends_on) == (2025, date(2026, 1, 1))


def test_each_kind_of_timing_is_owed_where_it_belongs(plan: Plan) -> None:
    years = {
        path: sorted(set(Obligation.objects.filter(task__path=path).values_list("year", flat=True)))
        for path in plan.versions.get().tasks.values_list("path", flat=True)
    }
    assert years == {
        "II.1.a": [2024, 2025, 2026],
        "II.1.b": [2025],
        "II.2.a": [2024, 2025, 2026],
        "II.2.b": [2024, 2025, 2026],
        "II.2.c": [2026],
        "II.2.d": [2024, 2025, 2026],
        "II.2.đ": [],
    }
    once_only = Obligation.objects.get(task__path="II.1.b")
    assert (once_only.due_on, once_only.due_before) == (date(2025, 12, 31), False)
    yearly_one = Obligation.objects.get(task__path="II.1.a", year=2026)
    assert (yearly_one.due_on, yearly_one.due_before) == (date(2026, 12, 15), True)


def test_coordinating_units_owe_nothing(plan: Plan) -> None:
    assert holders(plan, 2026, "II.1.a") == {"so-tai-chinh@p75"}


def test_every_unit_of_2024_is_one_that_lived_at_its_start(plan: Plan) -> None:
    rows = living(plan, 2024, "II.2.a")
    assert all(row.organisation.starts_on <= date(2024, 1, 1) for row in rows)
    levels = [row.organisation.level for row in rows]
    assert (levels.count("district"), levels.count("commune")) == (11, 159)


def test_districts_and_communes_of_2025_became_the_communes_of_today_and_2026_begins_with_95(
    plan: Plan,
) -> None:
    rows = living(plan, 2025, "II.2.a")
    assert {row.holder.level for row in rows} == {"commune"}
    assert all(row.holder.ends_on is None for row in rows)
    assert len({row.holder_id for row in rows}) == len(rows)
    assert len(living(plan, 2026, "II.2.a")) == 95
    merged = Obligation.objects.filter(year=2025, task__path="II.2.a", state="merged")
    assert merged.count() + len(rows) >= 170
    assert all(row.merged_into is not None for row in merged)


def test_a_department_merged_in_march_hands_on_what_it_owed_and_says_so(plan: Plan) -> None:
    assert "so-nong-nghiep-va-ptnt@p75" in holders(plan, 2024, "II.2.b")
    assert "so-nong-nghiep-va-moi-truong@p75" in holders(plan, 2025, "II.2.b")
    row = Obligation.objects.get(
        year=2025, task__path="II.2.b", organisation__code="so-nong-nghiep-va-ptnt@p75"
    )
    entry = row.entries.get(verb=ProgressEntry.Verb.FOLLOW)
    assert entry.on == date(2025, 3, 1)
    assert "→" in entry.words
    assert "so-nong-nghiep-va-moi-truong@p75" in holders(plan, 2026, "II.2.b")


def test_an_own_plan_is_owed_once(plan: Plan) -> None:
    rows = Obligation.objects.filter(duty__kind="own_plan").exclude(state__in=GONE)
    assert rows.filter(organisation__code="so-tai-chinh@p75").count() == 1
    assert rows.get(organisation__code="so-tai-chinh@p75").year == 2024
    communes = rows.filter(year=2026, organisation__level="commune")
    assert communes.count() == 95


def test_opening_and_following_again_changes_nothing(plan: Plan) -> None:
    before = list(Obligation.objects.order_by("pk").values_list("pk", "holder", "state"))
    assert open_year(plan=plan, year=2026, by=None, on=TODAY) == 0
    assert follow_successions(plan=plan, on=TODAY, by=None) == 0
    assert list(Obligation.objects.order_by("pk").values_list("pk", "holder", "state")) == before


def test_following_late_gives_what_following_each_day_would_have_given(
    draft: PlanVersion,
) -> None:
    publish(version=draft, first_year=2025, last_year=2030, by=None, on=date(2025, 1, 10))
    plan = draft.plan
    plan.refresh_from_db()
    assert follow_successions(plan=plan, on=date(2025, 2, 28), by=None) == 0
    assert follow_successions(plan=plan, on=date(2025, 3, 1), by=None) > 0
    follow_successions(plan=plan, on=date(2025, 7, 1), by=None)
    stepwise = sorted(
        Obligation.objects.filter(year=2025).values_list(
            "task__path", "duty__kind", "organisation__code", "holder__code", "state"
        ),
        key=str,
    )
    Obligation.objects.filter(plan=plan).update(merged_into=None)
    ProgressEntry.objects.all().delete()
    Obligation.objects.filter(plan=plan).delete()
    open_year(plan=plan, year=2025, by=None, on=TODAY)
    follow_successions(plan=plan, on=TODAY, by=None)
    at_once = sorted(
        Obligation.objects.filter(year=2025).values_list(
            "task__path", "duty__kind", "organisation__code", "holder__code", "state"
        ),
        key=str,
    )
    assert at_once == stepwise


def test_what_was_accepted_before_the_unit_ceased_stays_where_it_was_done(
    draft: PlanVersion,
) -> None:
    publish(version=draft, first_year=2025, last_year=2030, by=None, on=date(2025, 1, 10))
    row = Obligation.objects.get(
        task__path="II.2.b", organisation__code="so-nong-nghiep-va-ptnt@p75"
    )
    row.state, row.submitted_on, row.closed_on = "accepted", date(2025, 2, 1), date(2025, 2, 3)
    row.save()
    follow_successions(plan=row.plan, on=TODAY, by=None)
    row.refresh_from_db()
    assert row.holder.code == "so-nong-nghiep-va-ptnt@p75"


def test_two_successors_without_a_word_who_takes_the_duties_are_refused(plan: Plan) -> None:
    finance = Organisation.objects.get(code="so-tai-chinh@p75")
    others = Organisation.objects.filter(code__in=["so-noi-vu@p75", "so-y-te@p75"])
    for other in others:
        OrganisationSuccession.objects.create(
            predecessor=finance, successor=other, on=date(2026, 11, 1), share="whole"
        )
    Organisation.objects.filter(pk=finance.pk).update(ends_on=date(2026, 11, 1))
    before = list(Obligation.objects.order_by("pk").values_list("pk", "holder"))
    with pytest.raises(TwoSuccessors) as refused:
        follow_successions(plan=plan, on=TODAY, by=None)
    assert "Sở Tài chính" in str(refused.value)
    assert list(Obligation.objects.order_by("pk").values_list("pk", "holder")) == before


def test_an_instructed_task_is_owed_by_the_day_that_was_named(plan: Plan) -> None:
    task = plan.versions.get().tasks.get(path="II.2.đ")
    made = activate(task=task, due_on=date(2026, 12, 20), by=None, on=TODAY)
    assert made == 2
    assert activate(task=task, due_on=date(2026, 12, 20), by=None, on=TODAY) == 0
    row = Obligation.objects.get(task=task, organisation__code="so-tai-chinh@p75")
    assert (row.period_start, row.due_on, row.year) == (TODAY, date(2026, 12, 20), 2026)
    assert findings() == []
    with pytest.raises(InstructionPast):
        activate(task=task, due_on=date(2026, 11, 22), by=None, on=TODAY)
    with pytest.raises(MoveNotAllowed):
        activate(
            task=plan.versions.get().tasks.get(path="II.1.a"),
            due_on=date(2026, 12, 20),
            by=None,
            on=TODAY,
        )


def test_a_year_outside_the_plan_or_closed_is_refused(plan: Plan) -> None:
    with pytest.raises(YearOutOfPlan):
        open_year(plan=plan, year=2031, by=None, on=TODAY)
    plan.years.filter(year=2024).update(closed_on=date(2025, 1, 20))
    with pytest.raises(YearClosed):
        open_year(plan=plan, year=2024, by=None, on=TODAY)


def test_the_next_year_opens_with_the_units_known_today(plan: Plan) -> None:
    made = open_year(plan=plan, year=2027, by=None, on=TODAY)
    assert made == Obligation.objects.filter(year=2027).count() > 95
    assert findings() == []


def test_all_invariants_hold_and_damage_is_found(plan: Plan) -> None:
    assert findings() == []
    finance = Obligation.objects.get(year=2026, task__path="II.1.a")
    finance.delete()
    assert len(findings()) == 1
    extra = Obligation.objects.filter(year=2026, task__path="II.2.c").first()
    assert extra is not None
    wrong = Organisation.objects.get(code="so-y-te@p75")
    Obligation.objects.filter(pk=extra.pk).update(organisation=wrong, holder=wrong)
    assert len(findings()) == 3
    merged = Obligation.objects.filter(state="merged").first()
    assert merged is not None
    Obligation.objects.filter(pk=merged.pk).update(merged_into=None)
    assert any("không rõ nhập vào đâu" in words for words in findings())


def test_the_reference_plan_derives_its_years_within_ten_seconds(
    db: None, reference_plan: Path
) -> None:
    version = import_document(
        content=reference_plan.read_bytes(), filename="232.txt", by=None, on=TODAY
    )
    publish(version=version, first_year=2024, last_year=2030, by=None, on=TODAY)
    rows = Obligation.objects.filter(plan=version.plan)
    counts = {y: rows.filter(year=y).exclude(state__in=GONE).count() for y in (2024, 2025, 2026)}
    assert counts == {2024: 4609, 2025: 2048, 2026: 3592}
    assert findings() == []
