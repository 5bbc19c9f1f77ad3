"""Each part of the site is judged by itself; only a part that is down makes the answer 503."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from django.db import IntegrityError, OperationalError
from django.test import Client

from tdcs.access.models import User
from tdcs.cli.doctor import waiting_jobs
from tdcs.closing.errors import SnapshotDamaged
from tdcs.closing.models import CloseRun
from tdcs.core import clock
from tdcs.jobs.models import Job, JobState
from tdcs.web import health
from tdcs.web.views_errors import database_is_away

pytestmark = pytest.mark.django_db


class _Usage(NamedTuple):
    total: int
    used: int
    free: int


def _asked(**headers: str) -> Any:
    return Client(headers=headers).get("/suc-khoe/")


def _states() -> dict[str, str]:
    return {code: part["state"] for code, part in _asked().json()["parts"].items()}


def _free(free: int) -> Callable[[Any], _Usage]:
    return lambda _: _Usage(100 * 2**30, 0, free)


def test_a_new_site_is_well() -> None:
    answer = _asked()
    assert (answer.status_code, answer.json()["ok"]) == (200, True)
    assert set(_states().values()) == {"ok"}
    assert "text/html" in _asked(accept="text/html")["Content-Type"]
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("free", "state", "status"),
    [
        (2 * 2**30, "ok", 200),
        (2 * 2**30 - 1, "warning", 200),
        (200 * 2**20, "warning", 200),
        (200 * 2**20 - 1, "down", 503),
    ],
)
def test_room_on_the_disk(
    monkeypatch: pytest.MonkeyPatch, free: int, state: str, status: int
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", _free(free))
    assert (_states()["disk"], _asked().status_code) == (state, status)


def test_damaged_snapshots_are_down(monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged() -> None:
        raise SnapshotDamaged(file="x", day=clock.today(), detail="y")

    monkeypatch.setattr(health, "store", damaged)
    assert (_states()["snapshots"], _asked().status_code) == ("down", 503)


def _run(days_ago: int, state: str, hours_ago: int = 0) -> CloseRun:
    return CloseRun.objects.create(
        day=clock.today() - timedelta(days=days_ago),
        state=state,
        started_at=clock.now() - timedelta(hours=hours_ago),
    )


@pytest.mark.parametrize(
    ("days", "state", "told"),
    [(1, "done", "ok"), (10, "done", "ok"), (11, "done", "warning"), (1, "failed", "warning")],
)
def test_the_last_close(days: int, state: str, told: str) -> None:
    _run(days, state)
    assert (_states()["last_close"], _asked().status_code) == (told, 200)


@pytest.mark.parametrize(("hours", "told"), [(5, "ok"), (7, "warning")])
def test_a_close_that_runs_for_hours_is_a_stuck_job(hours: int, told: str) -> None:
    _run(1, "running", hours)
    assert _states()["jobs"] == told


def test_what_says_that_the_database_is_away() -> None:
    wrapped = RuntimeError()
    wrapped.__cause__ = OperationalError("gone")
    assert database_is_away(OperationalError()) and database_is_away(wrapped)
    assert not database_is_away(IntegrityError()) and not database_is_away(None)


@pytest.mark.parametrize(("minutes", "told"), [(14, "ok"), (16, "warning")])
def test_a_job_that_waits_for_long_is_told(minutes: int, told: str) -> None:
    owner = User.objects.create_user("nguoi-xuat")
    asked = clock.now() - timedelta(minutes=minutes)
    waiting = Job.objects.create(kind="export", title="x", owner=owner, key="a", asked_at=asked)
    ended = Job.objects.create(
        kind="export", title="x", owner=owner, key="b", asked_at=asked, state=JobState.DONE,
        ended_at=asked,
    )  # fmt: skip
    part = _asked().json()["parts"]["jobs"]
    assert (part["state"], part["waiting"], part["running"]) == (told, 1, 0)
    assert part["oldest_waiting"] == waiting.asked_at.isoformat()
    assert part["last_finished"] == ended.asked_at.isoformat()
    found = [one.code for one in waiting_jobs()]
    assert found == (["jobs_wait"] if told == "warning" else [])
