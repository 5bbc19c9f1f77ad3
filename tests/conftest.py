"""Fixtures that several rooms share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import settings

# The province whose units and own law the tests know.
os.environ.setdefault("TDCS_PROVINCE", "dong-nai")

from tdcs.core import clock

REPO = Path(__file__).resolve().parents[1]
SHARED = REPO.parent / "shared"
REFERENCE = SHARED / "plans" / "ke-hoach-232-kh-ubnd-2023.txt"

# How long an example takes depends on what else the machine does: no test is judged by it.
settings.register_profile("tdcs", deadline=None)
settings.load_profile("tdcs")

# The day on which tests stand unless they say otherwise: the demo's day.
TODAY = date(2026, 11, 23)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long tests run under `make soak` only."""
    if os.environ.get("TDCS_SOAK") == "1":
        return
    skip = pytest.mark.skip(reason="long: run `make soak`")
    for item in items:
        if "soak" in item.keywords:
            item.add_marker(skip)


@pytest.fixture(autouse=True)
def _standing_day() -> Iterator[None]:
    with clock.fixed_today(TODAY):
        yield


@pytest.fixture(scope="session")
def reference_plan() -> Path:
    """The reference plan's file; developers and CI have it beside the repository."""
    if not REFERENCE.exists():
        pytest.skip("the reference plan lies beside the repository only for its developers and CI")
    return REFERENCE
