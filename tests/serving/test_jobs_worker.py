"""The worker of background jobs beside a real server: one leads, it is brought back, no job is lost or done twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from committed import answer_for_changes
from django.db import connection
from django.test.utils import override_settings
from running import Running, database_url

from tdcs.access.models import RoleHolding, User
from tdcs.audit.services import _CHAIN_LOCK
from tdcs.jobs import services
from tdcs.jobs.models import ENDED_STATES, Job, JobState
from tdcs.organisations.models import Organisation

DAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def planner(server: Running, django_db_blocker: Any) -> Iterator[User]:
    """A planner whom the server knows, too."""
    with django_db_blocker.unblock():
        branch = Organisation.objects.get(code="nhcsxh-chi-nhanh@p75")
        person = User.objects.create_user(f"jobs-{uuid4().hex[:8]}", full_name="ke hoach")
        RoleHolding.objects.create(
            user=person, role="branch_planner", organisation=branch, starts_on=date(2024, 1, 1)
        )
        answer_for_changes()
        connection.close()
    yield person
    with django_db_blocker.unblock():
        Job.objects.filter(owner=person).delete()
        RoleHolding.objects.filter(user=person).delete()
        # Lines of the trail name the person and stay; the account is closed instead.
        User.objects.filter(pk=person.pk).update(is_active=False)
        answer_for_changes()


@pytest.fixture
def really(server: Running, planner: User, django_db_blocker: Any) -> Iterator[User]:
    """Outside of a test's transaction and in the server's folder: the worker sees what is written."""
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=server.home / "files"):
        yield planner
        connection.close()


def _ask(by: User, content: bytes) -> Job:
    """A file that is no plan: the reading refuses it, and leaves nothing but the job."""
    params = {"filename": "thu.txt", "number": "", "issued_on": ""}
    return services.ask(
        kind="plan_reading",
        title="Đọc văn bản",
        request=(params, content),
        by=by,
        on=DAY,
        key=content.decode(),
    )


@pytest.mark.django_db
def test_the_database_is_there() -> None:
    """What makes pytest-django lay it out: the other test commits what it writes, as the worker has to see it."""
    assert Organisation.objects.exists()


def test_jobs_survive_a_kill_of_the_worker(server: Running, really: User) -> None:
    jobs = [_ask(really, f"Thư mời họp lớp cũ số {at}.".encode()) for at in range(3)]

    def states() -> list[str]:
        found = Job.objects.filter(pk__in=[job.pk for job in jobs]).order_by("pk")
        return list(found.values_list("state", flat=True))

    # While the test holds the trail's lock no job can end: the worker is killed in the midst of its work.
    with psycopg.connect(database_url()) as trail:
        trail.execute("SELECT pg_advisory_xact_lock(%s)", [_CHAIN_LOCK])
        server.until(lambda: JobState.RUNNING in states())
        worker = server.jobs_worker()
        assert worker is not None
        children = worker.children()
        worker.kill()
        server.until(lambda: not any(one.is_running() for one in children))
        server.until(lambda: (now := server.jobs_worker()) is not None and now.pid != worker.pid)
        assert not any(state in ENDED_STATES for state in states())
    server.until(lambda: all(state in ENDED_STATES for state in states()))
    ended = list(Job.objects.filter(pk__in=[job.pk for job in jobs]))
    assert [job.refusal["code"] for job in ended] == ["not_a_plan"] * 3
    assert max(job.attempts for job in ended) == 2
    assert server.get("/suc-khoe/")[0] == 200
