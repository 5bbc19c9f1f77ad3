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


def test_a_payers_code_is_as_emvco_has_it(browser: Any) -> None:
    """The CRC's published check value, and the fields of a transfer to an account."""
    source = (_RULES.parent / "vietqr.js").read_text(encoding="utf-8")
    check, words = browser.new_page().evaluate(
        """async (source) => {
          const qr = await import(URL.createObjectURL(new Blob([source], {type: 'text/javascript'})));
          return [qr.crc16('123456789'), qr.vietQr({bank_bin: '970499', account: '1234567890'}, 50000, 'TDCS 7 KU1')];
        }""",
        source,
    )
    assert check == "29B1"
    assert words.startswith(
        "00020101021238540010A00000072701240006970499011012345678900208QRIBFTTA5303704540550000"
        "5802VN62140810TDCS 7 KU16304"
    )
