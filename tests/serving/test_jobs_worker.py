"""The worker of background jobs beside a real server: one leads, it is brought back, no job is lost or done twice."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from committed import answer_for_changes
from django.db import connection
from django.test import Client
from django.test.utils import override_settings
from running import KEY, Running, database_url

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


# A letter of 4,000 numbered lines, 300 kB: as many items as a long plan has, and no plan.
_LONG = "\n".join(f"{at}. Mua sách vở, bút mực cho lớp học số {at} của làng." for at in range(4000))


def _upload(server: Running, cookie: str, at: int) -> tuple[int, float]:
    """Status and seconds of a file sent by its form."""
    begun = time.monotonic()
    _status, headers, page = server.get("/ke-hoach/nhap/", Cookie=cookie)
    token = page.decode().split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    end = "--thu-dai"
    head = 'Content-Disposition: form-data; name="'
    fields = {"csrfmiddlewaretoken": token, "number": "", "issued_on": ""}
    body = "".join(f'{end}\r\n{head}{name}"\r\n\r\n{said}\r\n' for name, said in fields.items())
    body += (
        f'{end}\r\n{head}file"; filename="thu-{at}.txt"\r\n\r\nThư số {at}\n{_LONG}\r\n{end}--\r\n'
    )
    status = server.post(
        "/ke-hoach/nhap/",
        body.encode(),
        Cookie=f"{cookie}; {headers['set-cookie'].split(';')[0]}",
        **{"Content-Type": "multipart/form-data; boundary=thu-dai"},
    )
    return status, time.monotonic() - begun


def test_eight_uploads_at_once_are_taken_and_other_pages_answer_meanwhile(
    server: Running, really: User
) -> None:
    with override_settings(SECRET_KEY=KEY):
        client = Client()
        client.force_login(really, "tdcs.access.backends.AccountBackend")
    connection.close()
    cookie = f"sessionid={client.cookies['sessionid'].value}"
    seen: list[tuple[int, float]] = []
    with ThreadPoolExecutor(8) as people:
        sent = [people.submit(_upload, server, cookie, at) for at in range(8)]
        while not all(one.done() for one in sent) or len(seen) < 5:
            begun = time.monotonic()
            seen.append((server.get("/vay/khoan-vay/", Cookie=cookie)[0], time.monotonic() - begun))
    taken = [one.result() for one in sent]
    assert [status for status, _seconds in taken] == [302] * 8
    # Sixty seconds each was what the reader took inside of the request; half of it is left for a busy machine.
    assert max(seconds for _status, seconds in taken) < 30
    assert {status for status, _seconds in seen} <= {200, 403}
    assert max(seconds for _status, seconds in seen) < 10
    jobs = Job.objects.filter(owner=really, params__filename__startswith="thu-")
    server.until(lambda: jobs.filter(state__in=ENDED_STATES).count() == 8)
    assert {job.refusal["code"] for job in jobs} == {"not_a_plan"}
