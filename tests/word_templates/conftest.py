"""Bà Hoa's group with one loan, an inspection of it by the Women's Union, and a branch that keeps templates."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "loans"))
sys.path.append(str(Path(__file__).resolve().parents[1] / "oversight"))

from django.test import Client
from grounds import GROUNDS, stands_on
from word_scene import SCENE, TODAY, Scene

from tdcs.access.models import User
from tdcs.cli import setup
from tdcs.core import clock
from tdcs.organisations import seed


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Units, accounts and sources are loaded once for each worker."""
    with django_db_blocker.unblock():
        seed.load(on=TODAY)
        setup.load_lending()


@pytest.fixture(autouse=True)
def on_the_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """It is 23/11/2026; templates of a test lie in a folder of its own."""
    monkeypatch.setattr("tdcs.word_templates.store.home", lambda: tmp_path)
    with clock.fixed_today(TODAY):
        yield


@pytest.fixture
@stands_on(SCENE)
def scene(db: None) -> Scene:
    value: Scene = GROUNDS.value(SCENE)
    return value


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    """A function that signs a person in and gives a browser of its own."""

    def sign(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="tdcs.access.backends.AccountBackend")
        return client

    return sign
