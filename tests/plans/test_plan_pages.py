"""The plan's pages: who may open them, what they show, how they refuse."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from plan_words import SMALL_PLAN
from running_jobs import run_jobs

from tdcs.jobs.models import Job
from tdcs.plans.models import Assignment, Obligation, Plan, PlanDocument, PlanVersion, Task

PLANNER_ONLY = ("import", "review", "publish", "find_units")


def upload(content: str | bytes, name: str = "ke-hoach.txt") -> SimpleUploadedFile:
    body = content.encode() if isinstance(content, str) else content
    return SimpleUploadedFile(name, body)


def form_of(task: Task, **changes: Any) -> dict[str, Any]:
    """What the review page would post for a task as it stands."""
    from tdcs.organisations import catalogue

    posted: dict[str, Any] = {
        "title": task.title,
        "text": task.text,
        "timing_kind": task.timing_kind,
        "due_on": task.due_on.isoformat() if task.due_on else "",
        "verb": "next",
    }
    for at, row in enumerate(task.assignments.all()):
        entry = catalogue.entries().get(row.unit)
        posted |= {
            f"row{at}": row.pk,
            f"role{at}": row.role,
            f"levels{at}": row.levels,
            f"unit{at}": entry.name if entry else "",
        }
    return posted | changes


def test_import_review_publish_by_the_planner(signed_in: Any, cast: Any) -> None:
    browser = signed_in(cast.planner)
    waiting = browser.post(reverse("plans:import"), {"file": upload(SMALL_PLAN)})
    assert not PlanVersion.objects.exists(), "read by the request"
    page = browser.get(waiting.headers["Location"]).content.decode()
    assert "Đang chờ" in page and '<meta http-equiv="refresh"' in page
    [job] = run_jobs()
    assert (job.state, job.percent, job.attempts) == ("done", 100, 1)
    version = PlanVersion.objects.get()
    answer = browser.get(waiting.headers["Location"])
    assert answer.headers["Location"] == reverse("plans:review", args=[version.pk])
    page = browser.get(answer.headers["Location"]).content.decode()
    assert "Đã rà soát 0/11" in page
    assert "Chưa nêu thời gian thực hiện." in page
    task = version.tasks.get(path="II.1.a")
    answer = browser.post(
        reverse("plans:review_task", args=[task.pk]), form_of(task, title="Vốn địa phương")
    )
    following = version.tasks.get(path="II.1.b")
    assert answer.headers["Location"].endswith(f"?task={following.pk}")
    task.refresh_from_db()
    assert (task.title, task.checked) == ("Vốn địa phương", True)
    assert "Đã rà soát 1/11" in browser.get(answer.headers["Location"]).content.decode()
    shown = browser.get(reverse("plans:publish", args=[version.pk])).content.decode()
    assert "2024" in shown and "2026" in shown
    answer = browser.post(
        reverse("plans:publish", args=[version.pk]), {"first_year": 2024, "last_year": 2030}
    )
    assert answer.headers["Location"] == reverse("plans:plan")
    assert Obligation.objects.filter(year=2026).count() > 95
    assert "Vốn địa phương" in browser.get(reverse("plans:plan")).content.decode()


def test_the_lines_of_the_chosen_item_are_marked_and_its_units_are_named(
    signed_in: Any, cast: Any, draft: PlanVersion
) -> None:
    task = draft.tasks.get(path="II.2.a")
    page = (
        signed_in(cast.planner)
        .get(reverse("plans:review", args=[draft.pk]), {"task": task.pk})
        .content.decode()
    )
    assert page.count('class="on"') >= 2
    assert "95 đơn vị hiện nay" in page
    assert "UBND xã La Ngà" in page


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"%PDF-1.7 broken", "Tệp bị hỏng"),
        (b"MZ\x90\x00" * 99, "Định dạng tệp không đọc được"),
        ("Thư mời họp lớp cũ.".encode(), "không phải kế hoạch"),
    ],
)
def test_a_bad_file_is_answered_on_the_page_with_what_to_do(
    signed_in: Any, cast: Any, content: bytes, said: str
) -> None:
    browser = signed_in(cast.planner)
    waiting = browser.post(reverse("plans:import"), {"file": upload(content)})
    assert waiting.status_code == 302
    [job] = run_jobs()
    assert job.state == "refused"
    answer = browser.get(waiting["Location"], follow=True)
    assert answer.redirect_chain == [(f"{reverse('plans:import')}?job={job.pk}", 302)]
    assert said in answer.content.decode()
    assert said in browser.get(reverse("jobs:list")).content.decode()
    assert not PlanDocument.objects.exists()


def test_an_empty_file_is_refused_at_once(signed_in: Any, cast: Any) -> None:
    answer = signed_in(cast.planner).post(reverse("plans:import"), {"file": upload(b"")})
    assert (answer.status_code, Job.objects.count()) == (422, 0)
    assert "Tệp không có nội dung." in answer.content.decode()


def test_a_file_without_a_number_is_read_again_with_one_and_not_sent_again(
    signed_in: Any, cast: Any, second_planner: Any
) -> None:
    browser = signed_in(cast.planner)
    content = SMALL_PLAN.replace("Số: 77/KH-UBND", "")
    browser.post(reverse("plans:import"), {"file": upload(content)})
    [job] = run_jobs()
    assert job.refusal["code"] == "header_incomplete"
    page = browser.get(reverse("plans:import"), {"job": job.pk}).content.decode()
    assert "thiếu số, ký hiệu" in page and f'name="again" value="{job.pk}"' in page
    typed = {"again": job.pk, "number": "15/KH-UBND"}
    other = signed_in(second_planner)
    assert other.post(reverse("plans:import"), typed).status_code == 422
    browser = signed_in(cast.planner)
    assert browser.post(reverse("plans:import"), typed).status_code == 302
    assert [one.state for one in run_jobs()] == ["done"]
    assert Plan.objects.get().number == "15/KH-UBND"


def test_a_form_without_a_file_is_answered(signed_in: Any, cast: Any) -> None:
    answer = signed_in(cast.planner).post(reverse("plans:import"), {})
    assert answer.status_code == 422


def test_a_plan_that_is_there_is_named_with_a_link(
    signed_in: Any, cast: Any, draft: PlanVersion
) -> None:
    browser = signed_in(cast.planner)
    page = browser.post(reverse("plans:import"), {"file": upload(SMALL_PLAN)}).content.decode()
    assert "đang chờ rà soát" in page
    assert reverse("plans:review", args=[draft.pk]) in page


def test_a_unit_typed_without_accents_is_found_and_an_unknown_one_is_refused(
    signed_in: Any, cast: Any, draft: PlanVersion
) -> None:
    browser, task = signed_in(cast.planner), draft.tasks.get(path="II.1.a")
    url = reverse("plans:review_task", args=[task.pk])
    browser.post(url, form_of(task, unit0="so noi vu"))
    assert Assignment.objects.get(task=task, role="lead").unit == "so-noi-vu"
    answer = browser.post(url, form_of(task, unit0="sở phép thuật"), follow=True)
    assert "Không có đơn vị hoặc nhóm đơn vị nào tên “sở phép thuật”" in answer.content.decode()
    assert Assignment.objects.get(task=task, role="lead").unit == "so-noi-vu"


def test_a_unit_is_chosen_by_hand_for_open_words(
    signed_in: Any, cast: Any, draft: PlanVersion
) -> None:
    browser, task = signed_in(cast.planner), draft.tasks.get(path="II.1.a")
    options = browser.get(reverse("plans:find_units"), {"org_add0": "ubnd xa la nga"})
    assert "La Ngà" in options.content.decode()
    url = reverse("plans:review_task", args=[task.pk])
    browser.post(
        url, form_of(task, unit0="các đơn vị liên quan", org_add0="Ủy ban nhân dân xã La Ngà")
    )
    row = Assignment.objects.get(task=task, position=0)
    assert [o.level for o in row.organisations.all()] == ["commune"]


def test_a_duty_is_corrected_a_task_added_and_removed_and_the_draft_discarded(
    signed_in: Any, cast: Any, draft: PlanVersion
) -> None:
    browser, duty = signed_in(cast.planner), draft.duties.get(kind="yearly_report")
    page = browser.get(reverse("plans:review", args=[draft.pk]), {"duty": duty.pk})
    assert page.status_code == 200
    browser.post(
        reverse("plans:review_duty", args=[duty.pk]),
        {
            "kind": duty.kind,
            "text": duty.text,
            "due_day": 30,
            "due_month": 11,
            "unit0": "Sở Nội vụ",
        },
    )
    duty.refresh_from_db()
    assert (duty.due_day, duty.due_month, duty.due_before) == (30, 11, False)
    browser.post(reverse("plans:add_task", args=[draft.pk]), {"path": "II.9", "text": "Việc sót."})
    added = draft.tasks.get(path="II.9")
    browser.post(reverse("plans:review_task", args=[added.pk]), {"verb": "remove"})
    assert not draft.tasks.filter(path="II.9").exists()
    browser.post(reverse("plans:discard", args=[draft.pk]))
    assert not Plan.objects.exists()


def test_every_page_of_a_published_plan_opens_for_everyone_who_may_view(
    signed_in: Any, cast: Any, plan: Plan
) -> None:
    version = plan.versions.get()
    task = version.tasks.get(path="II.2.a")
    for user in cast.everyone():
        browser = signed_in(user)
        for name, args in (
            ("plan", []),
            ("task", [task.pk]),
            ("version", [version.pk]),
            ("difference", [version.pk]),
            ("years", []),
        ):
            answer = browser.get(reverse(f"plans:{name}", args=args))
            assert answer.status_code == 200, (user.username, name)


def test_other_roles_are_refused_what_is_the_planners(
    signed_in: Any, cast: Any, plan: Plan
) -> None:
    version = plan.versions.get()
    task, duty = version.tasks.first(), version.duties.first()
    assert task is not None and duty is not None
    posts = [
        reverse("plans:import"),
        reverse("plans:review_task", args=[task.pk]),
        reverse("plans:review_duty", args=[duty.pk]),
        reverse("plans:add_task", args=[version.pk]),
        reverse("plans:discard", args=[version.pk]),
        reverse("plans:publish", args=[version.pk]),
        reverse("plans:activate", args=[task.pk]),
        reverse("plans:change_year"),
    ]
    gets = [
        reverse("plans:import"),
        reverse("plans:find_units"),
        reverse("plans:review", args=[version.pk]),
        reverse("plans:publish", args=[version.pk]),
    ]
    for user in cast.everyone()[1:]:
        browser = signed_in(user)
        assert {browser.post(url).status_code for url in posts} == {403}, user.username
        assert {browser.get(url).status_code for url in gets} == {403}, user.username


def test_a_clerk_sees_on_the_task_page_only_the_units_of_its_scope(
    signed_in: Any, cast: Any, plan: Plan
) -> None:
    task = plan.versions.get().tasks.get(path="II.2.a")
    rows = '<a href="/ke-hoach/viec/'
    page = signed_in(cast.la_nga).get(reverse("plans:task", args=[task.pk])).content.decode()
    mine = Obligation.objects.get(
        task=task, year=2026, holder__code=cast.la_nga.holding().organisation.code
    )
    assert f"/ke-hoach/viec/{mine.pk}/" in page
    assert page.count(rows) < 10


def test_the_plan_is_searched_without_accents_and_exported(
    signed_in: Any, cast: Any, plan: Plan
) -> None:
    browser = signed_in(cast.leader)
    page = browser.get(reverse("plans:plan"), {"q": "khuyen nong"}).content.decode()
    assert "II.2.b" in page and "II.1.b" not in page
    book = browser.get(reverse("plans:plan"), {"export": "xlsx"})
    assert book.content[:2] == b"PK"


def test_an_instruction_gives_the_task_from_its_page(signed_in: Any, cast: Any, plan: Plan) -> None:
    task = plan.versions.get().tasks.get(path="II.2.đ")
    browser = signed_in(cast.planner)
    answer = browser.post(
        reverse("plans:activate", args=[task.pk]), {"due_on": "2026-12-20"}, follow=True
    )
    assert "Đã giao cho 2 đơn vị." in answer.content.decode()
    assert Obligation.objects.filter(task=task, due_on=date(2026, 12, 20)).count() == 2


def test_the_next_year_is_opened_from_the_page(signed_in: Any, cast: Any, plan: Plan) -> None:
    browser = signed_in(cast.planner)
    browser.post(reverse("plans:change_year"), {"year": 2027, "verb": "open"})
    assert plan.years.filter(year=2027).exists()
    answer = browser.post(reverse("plans:change_year"), {"year": 2040, "verb": "open"}, follow=True)
    assert "nằm ngoài thời gian của kế hoạch" in answer.content.decode()


def test_a_visitor_is_sent_to_sign_in(client: Any, plan: Plan) -> None:
    answer = client.get(reverse("plans:plan"))
    assert answer.status_code == 302 and "login" in answer.headers["Location"]
