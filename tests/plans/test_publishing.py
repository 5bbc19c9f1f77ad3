"""A version becomes the plan in force; the next one carries over what goes on and withdraws what does not."""

from __future__ import annotations

import uuid
from datetime import date

import pytest

from tdcs.plans.checks import CHECKS
from tdcs.plans.errors import NothingToPublish, Unresolved, VersionNotDraft, YearsWrong
from tdcs.plans.models import (
    Assignment,
    Duty,
    Obligation,
    ObligationState,
    Plan,
    PlanState,
    PlanVersion,
    ProgressEntry,
    ReportingYear,
    Task,
)
from tdcs.plans.models.plan import VersionState
from tdcs.plans.services import review
from tdcs.plans.services.publishing import publish
from tdcs.plans.services.review import Named, TaskDraft

TODAY = date(2026, 11, 23)


def put_out(version: PlanVersion, **given: object) -> PlanVersion:
    asked = {"first_year": 2024, "last_year": 2030, "by": None, "on": TODAY}
    return publish(version=version, **(asked | given))  # type: ignore[arg-type]


def findings() -> list[str]:
    return [words for check in CHECKS.values() for words in check()]


def next_version(plan: Plan) -> PlanVersion:
    """A draft of version 2, word for word version 1."""
    before = plan.versions.get(number=1)
    made = PlanVersion.objects.create(plan=plan, number=2, note="Quyết định 9/QĐ-UBND")
    for row in [*before.tasks.all(), *before.duties.all()]:
        named = list(row.assignments.all())
        row.pk, row.version = None, made
        row.save(force_insert=True)
        for one in named:
            one.pk = None
            one.task = row if isinstance(row, Task) else None
            one.duty = row if isinstance(row, Duty) else None
            one.save(force_insert=True)
    return made


def test_publication_opens_the_years_through_the_present_one(draft: PlanVersion) -> None:
    version = put_out(draft)
    plan = Plan.objects.get()
    assert (plan.state, version.state) == (PlanState.PUBLISHED, VersionState.PUBLISHED)
    assert version.takes_effect_on == plan.issued_on
    years = ReportingYear.objects.order_by("year").values_list("year", flat=True)
    assert list(years) == [2024, 2025, 2026]


def test_a_published_version_is_not_published_again(draft: PlanVersion) -> None:
    put_out(draft)
    with pytest.raises(VersionNotDraft):
        put_out(draft)


@pytest.mark.parametrize(("first", "last"), [(2022, 2030), (2025, 2024), (2024, 2099)])
def test_years_that_do_not_fit_the_plan_are_refused(
    draft: PlanVersion, first: int, last: int
) -> None:
    with pytest.raises(YearsWrong):
        put_out(draft, first_year=first, last_year=last)
    draft.refresh_from_db()
    assert draft.state == VersionState.DRAFT
    assert not Obligation.objects.exists()


def test_an_empty_version_is_refused(draft: PlanVersion) -> None:
    draft.tasks.all().delete()
    with pytest.raises(NothingToPublish):
        put_out(draft)


def test_words_without_a_unit_must_be_settled_or_left_out_on_purpose(draft: PlanVersion) -> None:
    task = draft.tasks.get(path="II.1.a")
    lost = Assignment.objects.create(task=task, role="perform", position=9, words="bà con trong ấp")
    with pytest.raises(Unresolved) as refused:
        put_out(draft)
    assert "II.1.a" in str(refused.value)
    assert not Obligation.objects.exists()
    put_out(draft, leave_out_unresolved=True)
    lost.refresh_from_db()
    assert lost.left_out
    assert findings() == []


def test_an_unchanged_second_version_keeps_every_obligation_and_its_work(plan: Plan) -> None:
    done = Obligation.objects.get(year=2026, task__path="II.1.a")
    Obligation.objects.filter(pk=done.pk).update(state="submitted", words="Đã bố trí 5 tỷ đồng")
    facts = ("pk", "organisation", "holder", "state", "period_start", "due_on")
    before = list(Obligation.objects.order_by("pk").values_list(*facts))
    put_out(next_version(plan))
    assert list(Obligation.objects.order_by("pk").values_list(*facts)) == before
    done.refresh_from_db()
    assert done.task is not None and done.task.version.number == 2
    assert plan.versions.get(number=1).state == VersionState.SUPERSEDED
    assert findings() == []


def test_a_closed_year_keeps_pointing_to_the_version_of_its_time(plan: Plan) -> None:
    plan.years.filter(year=2024).update(closed_on=date(2025, 1, 20))
    put_out(next_version(plan))
    rows = Obligation.objects.filter(task__isnull=False)
    assert set(rows.filter(year=2024).values_list("task__version__number", flat=True)) == {1}
    assert set(rows.filter(year=2025).values_list("task__version__number", flat=True)) == {2}


def test_a_removed_task_is_withdrawn_from_this_year_on_and_earlier_years_stay(plan: Plan) -> None:
    version = next_version(plan)
    review.remove_task(task=version.tasks.get(path="II.2.b"), by=None, on=TODAY)
    kept = Obligation.objects.filter(year=2026, task__path="II.2.b").order_by("pk").first()
    assert kept is not None
    Obligation.objects.filter(pk=kept.pk).update(state="accepted")
    put_out(version)
    rows = Obligation.objects.filter(task__path="II.2.b")
    assert set(rows.filter(year=2026).values_list("state", flat=True)) == {"accepted", "withdrawn"}
    assert not rows.filter(year__lt=2026, state="withdrawn").exists()
    assert ProgressEntry.objects.filter(verb="withdraw", obligation__year=2026).exists()


def test_an_added_task_is_owed_from_this_year_on(plan: Plan) -> None:
    version = next_version(plan)
    last = version.tasks.order_by("position").last()
    made = review.add_task(
        version=version,
        path="II.2.e",
        text="Công khai dư nợ tại trụ sở.",
        after=last,
        by=None,
        on=TODAY,
    )
    review.update_task(
        task=made,
        draft=TaskDraft(
            title=made.title,
            text=made.text,
            timing_kind="standing",
            due_on=None,
            assignments=[Named("perform", unit="ubnd", levels=("commune",))],
        ),
        by=None,
        on=TODAY,
    )
    put_out(version)
    years = Obligation.objects.filter(task=made).values_list("year", flat=True)
    assert (set(years), len(years)) == ({2026}, 95)
    assert findings() == []


def test_a_new_time_moves_what_is_open_and_leaves_what_is_accepted(plan: Plan) -> None:
    version = next_version(plan)
    task = version.tasks.get(path="II.2.b")
    accepted = Obligation.objects.filter(year=2026, task__path="II.2.b").order_by("pk").first()
    assert accepted is not None
    Obligation.objects.filter(pk=accepted.pk).update(state="accepted")
    review.update_task(
        task=task,
        draft=TaskDraft(
            title=task.title,
            text=task.text,
            timing_kind="by_date",
            due_on=date(2026, 12, 20),
            assignments=[Named("perform", unit="nhcsxh-pgd")],
        ),
        by=None,
        on=TODAY,
    )
    put_out(version)
    rows = Obligation.objects.filter(year=2026, task=task)
    open_ones = rows.filter(state="open")
    assert set(open_ones.values_list("due_on", flat=True)) == {date(2026, 12, 20)}
    assert set(open_ones.values_list("organisation__type", flat=True)) == {"nhcsxh-pgd"}
    assert rows.get(organisation__code="so-nong-nghiep-va-moi-truong@p75").state in (
        "withdrawn",
        "accepted",
    )


def test_taking_districts_out_and_bringing_communes_back_leaves_no_orphan(plan: Plan) -> None:
    second = next_version(plan)
    task = second.tasks.get(path="II.2.a")
    review.update_task(
        task=task,
        draft=TaskDraft(
            title=task.title,
            text=task.text,
            timing_kind="yearly",
            due_on=None,
            assignments=[Named("perform", unit="so-tai-chinh")],
        ),
        by=None,
        on=TODAY,
    )
    put_out(second)
    rows = Obligation.objects.filter(year=2026, task=task)
    assert rows.filter(state="open").count() == 1
    assert rows.filter(state=ObligationState.WITHDRAWN).count() == 95
    third = PlanVersion.objects.create(plan=plan, number=3)
    for row in second.tasks.all():
        named = list(row.assignments.all())
        row.pk, row.version = None, third
        row.save(force_insert=True)
        for one in named:
            one.pk, one.task = None, row
            one.save(force_insert=True)
    again = third.tasks.get(path="II.2.a")
    review.update_task(
        task=again,
        draft=TaskDraft(
            title=again.title,
            text=again.text,
            timing_kind="yearly",
            due_on=None,
            assignments=[Named("perform", unit="ubnd", levels=("commune",))],
        ),
        by=None,
        on=TODAY,
    )
    put_out(third)
    rows = Obligation.objects.filter(year=2026, task=again)
    assert rows.filter(state="open").count() == 95
    assert [f for f in findings() if "2026" in f] == []


def test_lineages_are_what_ties_versions_together(plan: Plan) -> None:
    version = next_version(plan)
    task = version.tasks.get(path="II.1.a")
    task.lineage = uuid.uuid4()
    task.save()
    put_out(version)
    rows = Obligation.objects.filter(year=2026, task__path="II.1.a")
    assert sorted(rows.values_list("state", "task__version__number")) == [
        ("open", 2),
        ("withdrawn", 1),
    ]


def test_the_difference_between_versions_is_told_word_by_word(plan: Plan) -> None:
    from tdcs.plans.queries.differences import changes_of

    version = next_version(plan)
    before = plan.versions.get(number=1)
    assert changes_of(version, before) == []
    changed = version.tasks.get(path="II.2.c")
    changed.text = changed.text.replace("hồ sơ vay vốn", "hồ sơ, sổ vay vốn")
    changed.timing_text = "trước ngày 31/7/2026"
    changed.save()
    version.tasks.filter(path="II.2.d").update(path="II.2.k")
    review.remove_task(task=version.tasks.get(path="II.1.b"), by=None, on=TODAY)
    found = {change.kind: change for change in changes_of(version, before)}
    assert set(found) == {"change", "move", "remove"}
    assert ("ins", "hồ sơ, sổ") in found["change"].text or ("ins", "sơ, sổ") in found["change"].text
    assert found["change"].timing
    assert (found["move"].moved_from, found["move"].task.path) == ("II.2.d", "II.2.k")
    assert found["remove"].task.path == "II.1.b"
