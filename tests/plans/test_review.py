"""A person corrects what was read; what is published no longer changes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tdcs.audit.models import AuditLine
from tdcs.organisations.models import Organisation
from tdcs.plans.errors import AnswerIncomplete, PathTaken, UnitNotFound, VersionNotDraft
from tdcs.plans.models import Plan, PlanVersion, Task
from tdcs.plans.services import review
from tdcs.plans.services.review import Aim, DutyDraft, Named, TaskDraft

TODAY = date(2026, 11, 23)


def save(task: Task, **changes: object) -> Task:
    given: dict[str, object] = {
        "title": task.title,
        "text": task.text,
        "timing_kind": task.timing_kind,
        "due_on": task.due_on,
        "assignments": [Named("perform", unit="so-tai-chinh")],
    }
    return review.update_task(task=task, draft=TaskDraft(**(given | changes)), by=None, on=TODAY)  # type: ignore[arg-type]


def test_a_corrected_task_keeps_words_units_times_and_targets(draft: PlanVersion) -> None:
    task = draft.tasks.get(path="II.1.a")
    finance = Organisation.objects.get(code="so-tai-chinh@p75")
    save(
        task,
        title="  Vốn   ủy thác ",
        timing_kind="by_date",
        due_on=date(2026, 6, 30),
        assignments=[
            Named("lead", words="Sở TC", unit="so-tai-chinh"),
            Named("perform", unit="ubnd", levels=("commune", "moon")),
            Named(
                "coordinate",
                words="các đơn vị liên quan",
                unit="don-vi-lien-quan",
                organisations=(finance.pk,),
            ),
            Named("perform", words="ông Ba", left_out=True),
        ],
        targets=[Aim(Decimal("10"), "%", ">=", "dư nợ")],
    )
    task.refresh_from_db()
    assert (task.title, task.timing_kind, task.due_on, task.checked) == (
        "Vốn ủy thác",
        "by_date",
        date(2026, 6, 30),
        True,
    )
    rows = list(task.assignments.all())
    assert [(r.role, r.unit, r.words, r.levels, r.left_out) for r in rows] == [
        ("lead", "so-tai-chinh", "Sở TC", [], False),
        ("perform", "ubnd", "Ủy ban nhân dân", ["commune"], False),
        ("coordinate", "don-vi-lien-quan", "các đơn vị liên quan", [], False),
        ("perform", "", "ông Ba", [], True),
    ]
    assert list(rows[2].organisations.all()) == [finance]
    assert [t.figure for t in task.targets.all()] == [10]
    assert AuditLine.objects.filter(action="plans.review_task").exists()


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"title": " "}, "tên nhiệm vụ"),
        ({"text": ""}, "nội dung"),
        ({"timing_kind": "someday"}, "thời gian"),
        ({"timing_kind": "quarter", "due_on": None}, "ngày đến hạn"),
    ],
)
def test_an_incomplete_correction_says_what_is_missing(
    draft: PlanVersion, changes: dict[str, object], what: str
) -> None:
    with pytest.raises(AnswerIncomplete, match=what):
        save(draft.tasks.get(path="II.1.a"), **changes)


def test_a_unit_outside_the_catalogue_is_refused_and_nothing_is_half_saved(
    draft: PlanVersion,
) -> None:
    task = draft.tasks.get(path="II.1.a")
    before = list(task.assignments.values_list("unit", flat=True))
    with pytest.raises(UnitNotFound):
        save(task, title="Khác", assignments=[Named("lead", unit="so-phep-thuat")])
    task.refresh_from_db()
    assert task.title != "Khác"
    assert list(task.assignments.values_list("unit", flat=True)) == before


def test_a_missed_task_takes_its_place_after_another(draft: PlanVersion) -> None:
    after = draft.tasks.get(path="II.1.b")
    made = review.add_task(
        version=draft,
        path="II.1.c",
        text="Đối chiếu nguồn vốn; báo cáo kết quả.",
        after=after,
        by=None,
        on=TODAY,
    )
    order = list(draft.tasks.order_by("position").values_list("path", flat=True))
    assert order[:4] == ["II.1.a", "II.1.b", "II.1.c", "II.2.a"]
    assert (made.title, made.section_path) == ("Đối chiếu nguồn vốn", "II.1")
    with pytest.raises(PathTaken):
        review.add_task(version=draft, path="II.1.c", text="x", after=None, by=None, on=TODAY)


def test_a_duty_is_corrected_and_its_day_must_exist(draft: PlanVersion) -> None:
    duty = draft.duties.get(kind="yearly_report")
    given = {
        "kind": "yearly_report",
        "text": duty.text,
        "due_before": True,
        "assignments": [Named("perform", unit="cac-so-ban-nganh")],
    }

    def correct(month: int, day: int | None) -> None:
        draft = DutyDraft(due_month=month, due_day=day, **given)
        review.update_duty(duty=duty, draft=draft, by=None, on=TODAY)

    correct(11, 30)
    duty.refresh_from_db()
    assert (duty.due_day, duty.due_month, duty.due_before, duty.checked) == (30, 11, True, True)
    with pytest.raises(AnswerIncomplete):
        correct(2, 31)
    with pytest.raises(AnswerIncomplete):
        correct(2, None)


def test_a_published_version_refuses_every_correction(plan: Plan) -> None:
    version = plan.versions.get()
    task, duty = version.tasks.first(), version.duties.first()
    assert task is not None and duty is not None
    with pytest.raises(VersionNotDraft):
        save(task)
    with pytest.raises(VersionNotDraft):
        review.remove_task(task=task, by=None, on=TODAY)
    with pytest.raises(VersionNotDraft):
        review.remove_duty(duty=duty, by=None, on=TODAY)
    with pytest.raises(VersionNotDraft):
        review.add_task(version=version, path="X.1", text="x", after=None, by=None, on=TODAY)
