"""A team holds a session with no network in a real Chromium; afterwards the ledger has it once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from serving import prepare, serving
from session_cast import HOME, TODAY, Tablet, ledger

pytestmark = pytest.mark.browser


@pytest.fixture
def home(new_home: Any) -> Path:
    """A province with a session of today."""
    made: Path = new_home("session")
    prepare(made, TODAY, HOME)
    return made


@pytest.fixture
def site(home: Path) -> Iterator[str]:
    with serving(home, TODAY) as address:
        yield address


def test_a_sheet_is_collected_offline_and_booked_once(home: Path, site: str, browser: Any) -> None:
    tablet = Tablet(browser, site)
    tablet.prepare()
    tablet.offline()
    tablet.page.reload()
    tablet.sees("Không có mạng")
    tablet.unlock()
    tablet.open_sheet()
    cards = tablet.page.locator(".card")
    assert cards.count() == 5
    first = cards.nth(0)
    first.get_by_label("Gốc,").fill("500000")
    first.get_by_label("Tiền gửi,").fill("100000")
    assert first.get_attribute("data-mark") == "ahead"
    cards.nth(1).get_by_role("button", name="Vắng").click()
    tablet.enter_sheet()
    tablet.sees("Chọn người nộp")
    cash = tablet.cash()
    assert cash > 600_000
    tablet.count(cash)
    tablet.seal()
    assert tablet.proved() == 0
    tablet.offline(False)
    tablet.all_handed_in()
    assert tablet.problems == []
    said = ledger(home)
    assert [(row["kind"], row["state"]) for row in said["lines"]] == [
        ("collect", "posted"),
        ("absent", "noted"),
        ("count", "noted"),
        ("seal", "noted"),
    ]
    assert said["paid"]["principal"] == 500_000
    assert said["paid"]["interest"] == cash - 600_000
