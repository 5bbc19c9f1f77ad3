"""Many people at once on a real server: no error, and the bench says what it measured."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import psutil
import psycopg
import pytest
from committed import answer_for_changes
from django.test import Client
from django.test.utils import override_settings
from running import KEY, Running, database_url

from tdcs.access.models import RoleHolding, User
from tdcs.cli.bench_load import Answer, Measured, Site, kinds_of, memory_of, run, spent_by, table_of
from tdcs.organisations.models import Organisation

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def site(server: Running, django_db_blocker: Any) -> Iterator[Site]:
    """Pages of a person at the branch, as the server's own database knows them; signed with the server's key."""
    with django_db_blocker.unblock(), override_settings(SECRET_KEY=KEY):
        branch = Organisation.objects.get(code="nhcsxh-chi-nhanh@p75")
        person = User.objects.create_user("load-person", full_name="load")
        RoleHolding.objects.create(
            user=person, role="auditor", organisation=branch, starts_on=date(2024, 1, 1)
        )
        answer_for_changes()
        client = Client()
        client.force_login(person, "tdcs.access.backends.AccountBackend")
        cookies = {"person": f"sessionid={client.cookies['sessionid'].value}"}
    pages = {
        "dashboard": [("person", ("/",))],
        "inbox": [("person", ("/don-vi/",))],
        "loans": [("person", ("/vay/khoan-vay/",))],
        "loan": [("person", ("/tim/?q=la+nga",))],
    }
    port = int(server.url.rsplit(":", 1)[1])
    yield Site("127.0.0.1", port, pages, cookies)
    with django_db_blocker.unblock():
        RoleHolding.objects.filter(user=person).delete()
        person.delete()
        answer_for_changes()


def test_a_few_people_for_seconds_meet_no_error(server: Running, site: Site) -> None:
    process = psutil.Process(server.process.pid)
    before = spent_by(process)
    found = run(site, users=6, seconds=3, think=(0.1, 0.3))
    assert found.errors == []
    assert sum(map(len, found.seconds.values())) >= 6
    assert spent_by(process) > before
    assert 0 < memory_of(process) < 1536
    table = table_of(found, 6, {"seconds": 3})
    assert "6 users; seconds 3" in table and "errors 0" in table and "p95" in table
    # Three pages asked for again and again by one person: the server says which it had kept.
    assert found.kept.total() > 0


@pytest.mark.parametrize("seconds", [5, pytest.param(60, marks=pytest.mark.soak)])
def test_forty_people_at_once_meet_no_error(server: Running, site: Site, seconds: int) -> None:
    found = run(site, users=40, seconds=seconds)
    assert found.errors == []
    # Forty people who pause four seconds ask ten times a second; a busy machine answers fewer.
    assert sum(map(len, found.seconds.values())) >= 2 * seconds


def test_a_wrong_answer_is_an_error_with_its_address(site: Site) -> None:
    wrong = Site(site.host, site.port, {"loans": [("person", ("/khong-co/",))]}, site.cookies)
    found = run(wrong, users=2, seconds=1, think=(0.05, 0.1))
    assert found.errors and found.errors[0] == "loans: /khong-co/ 404"


def test_percentiles_of_the_table() -> None:
    found = Measured()
    for number in range(1, 101):
        found.add("loan", Answer(number / 1000, 200, kept=number <= 25))
    found.add("post", Answer(0.5, 500), "POST / 500")
    table = table_of(found, 1, {"memory_mib": 300})
    assert "loan          100  kept  25 %  p50     50.5  p95     95.1  max    100.0 ms" in table
    assert "memory_mib 300" in table and "errors 1\n  post: POST / 500" in table
    assert kinds_of(found)["all"]["requests"] == 101
    assert kinds_of(found)["all"]["max_ms"] == 500.0


def test_what_has_changed_shows_at_once_whichever_worker_answers(
    server: Running, site: Site
) -> None:
    cookie = {"Cookie": site.cookies["person"]}
    for _ in range(12):
        status, _headers, body = server.get("/", **cookie)
        assert status == 200 and "tên mới" not in body.decode()
    # The test's own connection commits nothing.
    with psycopg.connect(database_url(), autocommit=True) as other:
        role = "UPDATE access_roleholding SET starts_on = %s FROM access_user u WHERE u.id = user_id AND username = %s"
        other.execute(
            "UPDATE access_user SET full_name = %s WHERE username = %s", ["tên mới", "load-person"]
        )
        shown = [server.get("/", **cookie)[2].decode() for _ in range(12)]
        assert all("tên mới" in body for body in shown)
        other.execute(role, [date(2027, 1, 1), "load-person"])
        assert {server.get("/", **cookie)[0] for _ in range(12)} == {403}
        other.execute(role, [date(2024, 1, 1), "load-person"])
