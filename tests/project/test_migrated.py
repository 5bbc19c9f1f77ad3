"""The tests' database is what `tdcs migrate` makes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import migrated
import pytest

from tdcs.cli import setup


@contextmanager
def _of_its_own(name: str) -> Iterator[str]:
    with migrated.server() as there:
        there.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        there.execute(f'CREATE DATABASE "{name}"')
    try:
        yield name
    finally:
        migrated.drop_database(name)


@pytest.mark.soak
def test_models_rendered_alone_give_the_schema_of_all_rendered(
    django_db_setup: None, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with django_db_blocker.unblock(), _of_its_own("tdcs_plainly") as name:
        quick = migrated.schema_of(migrated.migrated())
        monkeypatch.setattr(setup, "each_model_alone", nullcontext)
        migrated._migrate(name)
        plain = migrated.schema_of(name)
    assert len(plain) > 3_000
    assert quick ^ plain == set()
