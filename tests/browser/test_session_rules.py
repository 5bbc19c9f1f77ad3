"""One law in two languages: the device's arithmetic on random loans, in Chromium, to the dong."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Any, Final

import pytest

from tdcs.transaction_points.rules.vectors import held_days, vectors

pytestmark = pytest.mark.browser
_RULES: Final = Path(__file__).parents[2] / "frontend/session-app/src/rules.js"
_PIECE: Final = 3_000
_COMPARE: Final = """async ([source, vectors, held]) => {
  const rules = await import(URL.createObjectURL(new Blob([source], {type: 'text/javascript'})));
  return rules.disagreements(vectors, held);
}"""


def disagreements(browser: Any, loans: int) -> tuple[int, list[Any]]:
    page = browser.new_page()
    source, held = _RULES.read_text(encoding="utf-8"), held_days()
    made, differ, compared = vectors(loans, 15), [], 0
    while piece := list(islice(made, _PIECE)):
        compared += len(piece)
        differ += page.evaluate(_COMPARE, [source, piece, held])
    return compared, differ


def test_the_device_computes_as_the_server_does(browser: Any) -> None:
    compared, differ = disagreements(browser, 1_000)
    assert compared >= 2_900
    assert differ[:3] == []


@pytest.mark.soak
def test_ten_thousand_loans_on_three_days(browser: Any) -> None:
    compared, differ = disagreements(browser, 10_000)
    assert compared >= 29_000
    assert differ[:3] == []


def test_a_dong_more_is_seen(browser: Any) -> None:
    """The comparison itself sees what differs."""
    page = browser.new_page()
    one = next(vectors(1, 15))
    expect: dict[str, Any] = {**one["expect"]}
    expect["interest_accrued"] += 1
    source = _RULES.read_text(encoding="utf-8")
    found = page.evaluate(_COMPARE, [source, [{**one, "expect": expect}], held_days()])
    assert [row["name"] for row in found] == ["interest_accrued"]
