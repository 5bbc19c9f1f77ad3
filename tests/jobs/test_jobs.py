"""A job from being asked for to being thrown away: once under a key, cut short and tried again, ended with a reason in words."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from jobs_cast import TODAY
from running_jobs import run_jobs

from tdcs.access.models import RoleHolding, User
from tdcs.audit.models import AuditLine
from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.jobs import services
from tdcs.jobs.errors import JobTooLong, TooManyJobs
from tdcs.jobs.kinds import Kind, Outcome, Task
from tdcs.jobs.models import Job, JobState
from tdcs.jobs.queries import given_file, made_file, queue, unseen_count
from tdcs.jobs.running import run_job

pytestmark = pytest.mark.django_db


def asked(by: User, key: str = "a", content: bytes = b"") -> Job:
    return services.ask(
        kind="test", title="Kết xuất thử", request=({}, content), by=by, on=TODAY, key=key
    )


def in_queue() -> int:
    from procrastinate.contrib.django.models import ProcrastinateJob

    return ProcrastinateJob.objects.count()


def test_one_key_is_one_job_while_it_is_open(hoa: User, lan: User, kind: Any) -> None:
    before = in_queue()
    first = asked(hoa)
    assert asked(hoa) == first and in_queue() == before + 1
    assert asked(lan) != first, "another person's"
    assert asked(hoa, "b") != first, "another request"
    run_jobs()
    assert asked(hoa) != first, "ended: the data may have changed"


def test_a_job_leaves_its_file_and_its_lines_of_the_trail(hoa: User, kind: Any) -> None:
    asked(hoa, content=b"x;y\n")
    [job] = run_jobs()
    assert (job.state, job.size, made_file(job.pk).read_bytes()) == ("done", 4, b"x;y\n")
    lines = AuditLine.objects.filter(action__startswith="jobs.", actor=hoa).order_by("pk")
    assert list(lines.values_list("action", flat=True)) == ["jobs.ask", "jobs.end"]


def test_ten_open_jobs_and_no_more(hoa: User, lan: User, kind: Any) -> None:
    for number in range(services.MOST_OPEN):
        asked(hoa, str(number))
    with pytest.raises(TooManyJobs):
        asked(hoa, "one more")
    assert asked(hoa, "3") and asked(lan, "mine")


def test_a_refusal_is_kept_in_both_languages(hoa: User, kind: Callable[..., Kind]) -> None:
    def refused(task: Task) -> Outcome:
        raise TooManyJobs(count=1, most=2)

    kind(refused)
    asked(hoa)
    [job] = run_jobs()
    assert job.state == JobState.REFUSED
    assert "1 việc" in job.refusal["vi"] and "1 jobs" in job.refusal["en"]
    assert job.refusal["next_vi"] and job.refusal["next_en"]
    assert job.refusal["params"] == {"count": 1, "most": 2}


def test_an_error_of_ours_fails_the_job_and_nothing_else(
    hoa: User, kind: Callable[..., Kind], caplog: Any
) -> None:
    kind(lambda task: Outcome(subject=1 // 0))
    asked(hoa)
    [job] = run_jobs()
    assert (job.state, job.refusal["code"]) == (JobState.FAILED, "job_broke")
    assert "ZeroDivisionError" in caplog.text


def test_who_lost_the_role_is_refused_when_the_job_runs(hoa: User, kind: Any) -> None:
    asked(hoa)
    RoleHolding.objects.filter(user=hoa).update(ends_on=TODAY)
    [job] = run_jobs()
    assert job.refusal["code"] == "no_longer_allowed"


def test_work_and_end_are_one_transaction(hoa: User, kind: Callable[..., Kind]) -> None:
    """Cut short after its work and before its end, a job leaves nothing, and is done once when it runs again."""
    done: list[int] = []

    def work(task: Task) -> Outcome:
        User.objects.create_user(f"made-{len(done)}")
        done.append(1)
        if len(done) == 1:
            raise OperationalError("the database went away")
        return Outcome(subject=7)

    kind(work)
    job = asked(hoa)
    with pytest.raises(OperationalError):
        run_job(key=job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.RUNNING, 1)
    run_job(key=job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.subject_id) == (JobState.DONE, 2, 7)
    assert list(User.objects.filter(username__startswith="made-").values_list("username")) == [
        ("made-1",)
    ]
    run_job(key=job.pk)  # an ended job is not begun again
    assert len(done) == 2


def test_an_attempt_that_was_overtaken_takes_its_work_back(
    hoa: User, kind: Callable[..., Kind]
) -> None:
    def overtaken(task: Task) -> Outcome:
        User.objects.create_user("made")
        Job.objects.update(attempts=9)
        return Outcome()

    kind(overtaken)
    job = asked(hoa)
    with pytest.raises(services.Superseded):
        run_job(key=job.pk)
    assert not User.objects.filter(username="made").exists()


def test_three_attempts_and_no_fourth(hoa: User, kind: Callable[..., Kind]) -> None:
    def falls(task: Task) -> Outcome:
        raise OperationalError

    kind(falls)
    job = asked(hoa)
    for _ in range(services.MOST_ATTEMPTS):
        with pytest.raises(OperationalError):
            run_job(key=job.pk)
    run_job(key=job.pk)
    job.refresh_from_db()
    assert (job.state, job.refusal["code"]) == (JobState.FAILED, "job_kept_falling")
    assert "3 lần" in job.refusal["vi"]


def test_a_job_stopped_at_a_bound_says_which(hoa: User, kind: Any) -> None:
    job = asked(hoa)
    services.begin(key=job.pk)
    services.stop(key=job.pk, refusal=JobTooLong(seconds=180))
    job.refresh_from_db()
    assert job.state == JobState.FAILED and "180 giây" in job.refusal["vi"]
    services.stop(key=job.pk, refusal=JobTooLong(seconds=1))
    job.refresh_from_db()
    assert "180 giây" in job.refusal["vi"], "it had ended"


@pytest.mark.parametrize(("days", "gone"), [(6, 0), (7, 0), (8, 1)])
def test_results_are_thrown_away_after_some_days(
    hoa: User, kind: Any, settings: Any, days: int, gone: int
) -> None:
    assert settings.TDCS_RESULT_DAYS == 7
    asked(hoa, content=b"abc")
    [job] = run_jobs()
    asked(hoa, "open")
    with clock.fixed_today(TODAY + timedelta(days=days)):
        # An hour to spare on either side, as the time of day moves on within the test.
        ended = clock.now() - timedelta(days=days, hours=-1)
        Job.objects.filter(pk=job.pk).update(ended_at=ended)
        assert services.prune() == gone
    files = (made_file(job.pk), given_file(job.pk))
    assert [file.exists() for file in files] == [not gone] * 2
    assert Job.objects.count() == 2 - gone


def test_the_queue_is_told_as_a_whole(hoa: User, lan: User, kind: Any) -> None:
    assert (queue().waiting, queue().oldest, queue().last_ended) == (0, None, None)
    first = asked(hoa)
    asked(lan)
    assert (queue().waiting, queue().running, queue().oldest) == (2, 0, first.asked_at)
    services.begin(key=first.pk)
    assert (queue().waiting, queue().running) == (1, 1)
    run_jobs()
    assert queue().last_ended is not None and unseen_count(hoa) == 1


def test_refusals_of_jobs_are_sentences() -> None:
    assert isinstance(JobTooLong(seconds=3), Refusal) and "3 giây" in str(JobTooLong(seconds=3))


def test_files_of_no_job_are_thrown_away_once_they_are_old(hoa: User, kind: Any) -> None:
    """What a request left that was rolled back; one that is being written is let be."""
    asked(hoa, content=b"abc")
    [job] = run_jobs()
    old, fresh = given_file(10**9), made_file(10**9 + 1)
    for file in (old, fresh, given_file(job.pk)):
        file.write_bytes(b"x")
    for file in (old, given_file(job.pk)):
        os.utime(file, (0, 0))
    services.prune()
    assert [file.exists() for file in (old, fresh, given_file(job.pk))] == [False, True, True]
    fresh.unlink()
