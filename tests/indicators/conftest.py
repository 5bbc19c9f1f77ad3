"""A province of six groups in communes that were merged and divided on 1/7/2025, with a store of rows written by hand."""

from __future__ import annotations

import sys
from collections.abc import Iterator  # noqa: F401
from pathlib import Path
from typing import Any

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "entrustment"))

from groups_cast import TODAY
from indicator_book import Book, make_book

from tdcs.cli.setup import load_lending
from tdcs.closing.queries import store
from tdcs.organisations import seed


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The real units, the chart and the capital sources are loaded once."""
    with django_db_blocker.unblock():
        seed.load(on=TODAY)
        load_lending()


@pytest.fixture
def book(db: None, tmp_path: Path, settings: Any) -> Book:
    """The small province, its snapshots in a folder of the test's own."""
    settings.HOME = tmp_path
    return make_book(store())
