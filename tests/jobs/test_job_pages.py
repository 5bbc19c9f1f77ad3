"""A person's own jobs on the pages; nobody else's."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from running_jobs import run_jobs
from test_jobs import asked

from tdcs.access.models import RoleHolding, User
from tdcs.audit.models import AuditLine
from tdcs.jobs import kinds
from tdcs.jobs.kinds import Kind, Outcome, Task
from tdcs.jobs.models import Job
from tdcs.jobs.queries import made_file

pytestmark = pytest.mark.django_db


def test_a_job_under_way_is_looked_at_again_with_and_without_scripts(
    hoa: User, kind: Any, signed_in: Any
) -> None:
    job = asked(hoa)
    for address in (reverse("jobs:job", args=[job.pk]), reverse("jobs:list")):
        page = signed_in(hoa).get(address).content.decode()
        assert 'http-equiv="refresh"' in page and 'hx-trigger="every 2s"' in page
        assert "Đang chờ" in page and "Kết xuất thử" in page
    Job.objects.update(state="running", percent=40, step="Đang đọc văn bản")
    page = signed_in(hoa).get(reverse("jobs:job", args=[job.pk])).content.decode()
    assert "40%" in page and "Đang đọc văn bản" in page


def test_a_result_is_announced_fetched_and_noted(hoa: User, kind: Any, signed_in: Any) -> None:
    asked(hoa, content=b"x;y\n")
    [job] = run_jobs()
    browser = signed_in(hoa)
    assert "Việc chạy nền đã xong" in browser.get("/").content.decode()
    page = browser.get(reverse("jobs:job", args=[job.pk])).content.decode()
    assert reverse("jobs:fetch", args=[job.pk]) in page and 'http-equiv="refresh"' not in page
    assert "7 ngày" in page
    answer = browser.get(reverse("jobs:fetch", args=[job.pk]))
    assert (answer.status_code, answer.content) == (200, b"x;y\n")
    assert answer["Content-Disposition"] == 'attachment; filename="bang.csv"'
    assert answer["Cache-Control"] == "no-store"
    assert AuditLine.objects.get(action="jobs.fetch").actor == hoa
    assert "Việc chạy nền đã xong" not in browser.get("/").content.decode(), "it was looked at"


def test_nobody_else_sees_or_fetches_it(hoa: User, lan: User, kind: Any, signed_in: Any) -> None:
    asked(hoa)
    [job] = run_jobs()
    other = signed_in(lan)
    for name in ("job", "fetch"):
        assert other.get(reverse(f"jobs:{name}", args=[job.pk])).status_code == 404
    assert "Kết xuất thử" not in other.get(reverse("jobs:list")).content.decode()
    assert "Chưa có việc nào" in other.get(reverse("jobs:list")).content.decode()
    assert "Việc chạy nền đã xong" not in other.get("/").content.decode()
    assert not AuditLine.objects.filter(action="jobs.fetch").exists()


def test_a_result_is_withheld_from_who_lost_the_permission(
    hoa: User, kind: Any, signed_in: Any
) -> None:
    kind(kinds.kind_of("test").run, permission="audit.view")
    asked(hoa)
    [job] = run_jobs()
    assert job.state == "done"
    RoleHolding.objects.filter(user=hoa).update(role="leader")
    answer = signed_in(hoa).get(reverse("jobs:fetch", args=[job.pk]), follow=True)
    assert "không còn quyền" in answer.content.decode()
    assert "Content-Disposition" not in answer


@pytest.mark.parametrize("change", ["gone", "other"])
def test_a_result_that_changed_on_disk_is_withheld(
    hoa: User, kind: Any, signed_in: Any, change: str
) -> None:
    asked(hoa)
    [job] = run_jobs()
    file = made_file(job.pk)
    if change == "gone":
        file.unlink()
    else:
        file.write_bytes(b"forged")
    answer = signed_in(hoa).get(reverse("jobs:fetch", args=[job.pk]), follow=True)
    assert b"forged" not in answer.content and "bang.csv" in answer.content.decode()


def test_a_job_without_a_file_has_nothing_to_fetch(hoa: User, kind: Any, signed_in: Any) -> None:
    job = asked(hoa)
    assert signed_in(hoa).get(reverse("jobs:fetch", args=[job.pk])).status_code == 404


def test_a_job_with_a_page_of_its_own_leads_there(hoa: User, kind: Any, signed_in: Any) -> None:
    kind(lambda task: Outcome(subject=5), page=lambda job: f"/to/{job.subject_id}/")
    job = asked(hoa)
    browser, address = signed_in(hoa), reverse("jobs:job", args=[job.pk])
    assert browser.get(address).status_code == 200, "not yet"
    run_jobs()
    assert browser.get(address)["Location"] == "/to/5/"
    piece = browser.get(address, headers={"HX-Request": "true"})
    assert piece["HX-Redirect"] == "/to/5/"
    assert "/to/5/" in browser.get(reverse("jobs:list")).content.decode()


def test_why_it_was_refused_stands_on_the_page(hoa: User, kind: Any, signed_in: Any) -> None:
    def refused(task: Task) -> Outcome:
        from tdcs.jobs.errors import NothingMade

        raise NothingMade

    made: Kind = kind(refused)
    assert made.page(Job()) is None
    asked(hoa)
    [job] = run_jobs()
    browser = signed_in(hoa)
    page = browser.get(reverse("jobs:job", args=[job.pk])).content.decode()
    assert "Trang không cho ra tệp nào." in page and "xuất lại" in page
    browser.cookies["django_language"] = "en"
    english = browser.get(reverse("jobs:job", args=[job.pk])).content.decode()
    assert "The page gave no file." in english
