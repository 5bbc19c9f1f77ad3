"""The site under load while its parts are killed, cut off and filled up: what was acknowledged is there, and there once.

A client keeps a journal. A sheet that is not acknowledged is sent again under its key until it is; afterwards each key is one
operation and one entry, the savings are their sum, and the checks of the books find nothing.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.db import connection, connections
from faults import DAY, Faults, OwnDatabase
from journal import Journal
from running import ended, environment
from wire import Wire

# Marked so that pytest-django lays out the database that is copied here; the tests themselves work on the copy.
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def site(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Faults]:
    with django_db_blocker.unblock():
        params = connection.get_connection_params()
        template = connection.settings_dict["NAME"]
        connections.close_all()
    admin = {n: params[n] for n in ("host", "port", "user", "password") if params.get(n)}
    wire = Wire(f"{admin['host']}/.s.PGSQL.{admin.get('port') or 5432}")
    made = Faults(f"{template}_faults", admin, tmp_path_factory.mktemp("faults"), wire)
    drop = f'DROP DATABASE IF EXISTS "{made.name}" WITH (FORCE)'
    made.sql(drop, database="postgres")
    made.sql(
        f'CREATE DATABASE "{made.name}" TEMPLATE "{template}" STRATEGY FILE_COPY',
        database="postgres",
    )
    try:
        made.begin()
        yield made
    finally:
        if hasattr(made, "server"):
            ended(made.server)
        wire.away()
        wire.door.close()
        made.sql(drop, database="postgres")


@pytest.fixture
def load(site: Faults) -> Iterator[Journal]:
    """People at work before, while and after it happens; then the journal is compared."""
    site.journal.start()
    site.journal.until_more(2)
    yield site.journal
    site.journal.until_more(4)
    site.journal.stop()
    site.holds()


def _kill_a_worker(site: Faults) -> None:
    victim = site.server.workers()[0]
    victim.kill()
    site.server.until(
        lambda: len(now := site.server.workers()) == 2 and victim.pid not in {w.pid for w in now}
    )


def _kill_the_server(site: Faults) -> None:
    own = psutil.Process(site.server.process.pid).children(recursive=True)
    site.server.process.kill()
    site.server.process.wait()
    # Nothing of it stays behind to answer with old code or to hold the port.
    site.server.until(lambda: not any(one.is_running() for one in own))
    site.start(port=site.journal.port)


def _cut_connections(site: Faults) -> None:
    others = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
    assert site.sql(others, site.name)[0][0] > 0


def _away(site: Faults, seconds: float) -> None:
    assert site.wire is not None
    site.wire.away()
    try:
        time.sleep(seconds)
    finally:
        site.wire.back()


def _written(site: Faults, most: int) -> None:
    """Bounds what the site's processes may write into any file: 0 is a full disk."""
    for one in (*site.server.workers(), site.server.jobs_worker()):
        if one is not None:
            resource.prlimit(one.pid, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))


def _upload(site: Faults, words: str) -> int:
    """The status that answers an uploaded text, which the reading will refuse as no plan."""
    page = site.server.get("/ke-hoach/nhap/", Cookie=site.planner)
    token = page[2].decode().split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    cookie = page[1]["set-cookie"].split(";")[0]
    line = "thu-cu"
    fields = {"csrfmiddlewaretoken": token, "number": "", "issued_on": ""}
    parts = [
        f'--{line}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n'
        for n, v in fields.items()
    ]
    parts.append(
        f'--{line}\r\nContent-Disposition: form-data; name="file"; filename="thu.txt"\r\n\r\n{words}\r\n--{line}--\r\n'
    )
    return site.server.post(
        "/ke-hoach/nhap/",
        "".join(parts).encode(),
        Cookie=f"{site.planner}; {cookie}",
        **{"Content-Type": f"multipart/form-data; boundary={line}"},
    )


def test_a_web_worker_is_killed(site: Faults, load: Journal) -> None:
    _kill_a_worker(site)


def test_the_server_is_killed_and_started_again(site: Faults, load: Journal) -> None:
    _kill_the_server(site)


def test_the_database_cuts_every_connection(site: Faults, load: Journal) -> None:
    _cut_connections(site)


def test_the_database_is_away_for_a_moment(site: Faults, load: Journal) -> None:
    before, wire = load.failures, site.wire
    assert wire is not None
    wire.away()
    try:
        site.server.until(lambda: load.failures > before)
    finally:
        wire.back()
    load.until_more(1)


def test_the_disk_is_full(site: Faults, load: Journal) -> None:
    """What needs a file is refused as unavailable, sheets go on; with room again everything works."""
    count = "SELECT count(*) FROM jobs_job"
    before = site.sql(count)
    _written(site, 0)
    try:
        assert _upload(site, "Thư mời họp lớp cũ.") == 503
        assert site.sql(count) == before, "asked for and not kept"
        load.until_more(2)
    finally:
        _written(site, resource.RLIM_INFINITY)
    assert _upload(site, "Thư mời họp lớp cũ.") == 302
    state = "SELECT state FROM jobs_job ORDER BY id DESC LIMIT 1"
    site.server.until(lambda: site.sql(state) == [("refused",)])


def test_afterwards_the_checks_find_nothing(site: Faults) -> None:
    assert site.child("findings") == []


@pytest.mark.soak
def test_twenty_kills_of_workers_five_of_the_server_and_of_connections(site: Faults) -> None:
    site.journal.start(6)
    for number in range(20):
        site.journal.until_more(3)
        _kill_a_worker(site)
        if number % 4 == 0:
            _kill_the_server(site)
            site.journal.until_more(3)
            _cut_connections(site)
    site.journal.until_more(10)
    site.journal.stop()
    site.holds()
    assert site.child("findings") == []


@pytest.mark.soak
def test_the_database_is_away_for_a_minute_under_load(site: Faults) -> None:
    site.journal.start(6)
    site.journal.until_more(3)
    _away(site, 60)
    site.journal.until_more(20)
    site.journal.stop()
    site.holds()
    assert site.child("findings") == []


@pytest.mark.soak
def test_the_embedded_database_is_killed_under_load(tmp_path: Path) -> None:
    """It is brought back by the worker of jobs, recovers, and lacks nothing that was acknowledged."""
    admin = {"host": str(tmp_path / "pg"), "user": "postgres"}
    site = OwnDatabase("tdcs", admin, tmp_path, None)
    command = [sys.executable, "-m", "tdcs.cli.main", "migrate"]
    subprocess.run(command, env=environment(tmp_path, DATABASE_URL="", **DAY), check=True)
    site.begin()
    try:
        site.journal.start()
        for _ in range(5):
            site.journal.until_more(5, 120)
            site.kill_the_database()
        site.journal.until_more(10, 120)
        site.journal.stop()
        site.holds()
        assert site.child("findings") == []
    finally:
        ended(site.server)
