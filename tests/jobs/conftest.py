"""People of the jobs' tests, and a kind of job that does as it is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from jobs_cast import TODAY, person

from tdcs.access.models import User
from tdcs.jobs import kinds
from tdcs.jobs.kinds import Kind, Made, Outcome, Task
from tdcs.organisations import seed


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        seed.load(on=TODAY)


@pytest.fixture
def hoa(db: None) -> User:
    return person("hoa")


@pytest.fixture
def lan(db: None) -> User:
    return person("lan")


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    """A browser of a person's own."""

    def sign(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="tdcs.access.backends.AccountBackend")
        return client

    return sign


@pytest.fixture
def kind(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Kind]:
    """Registers a kind whose work is given."""

    def made(run: Callable[[Task], Outcome], **bounds: Any) -> Kind:
        one = Kind(code="test", run=run, permission=bounds.pop("permission", "web.home"), **bounds)
        monkeypatch.setitem(kinds._KINDS, "test", one)
        return one

    made(lambda task: Outcome(file=Made("bang.csv", "text/csv", task.content or b"a;b\n")))
    return made
