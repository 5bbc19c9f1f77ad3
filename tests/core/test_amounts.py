"""One reading of amounts: what offices write is read, everything else is refused and never guessed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tdcs.core.amounts import MOST_DIGITS, NotAnAmount, dong, figure
from tdcs.documents.numbers import whole
from tdcs.entrustment.forms import Amount
from tdcs.households.forms import Money
from tdcs.http import parse_decimal


@pytest.mark.parametrize(
    ("words", "amount"),
    [
        ("0", 0),
        ("1000000", 1_000_000),
        ("1.000.000", 1_000_000),
        ("1,000,000", 1_000_000),
        ("1 000 000", 1_000_000),
        ("1\u00a0000\u00a0000", 1_000_000),
        (" 50.000 ", 50_000),
        ("999.999.999.999.999", 999_999_999_999_999),
    ],
)
def test_amounts_as_offices_write_them(words: str, amount: int) -> None:
    assert dong(words) == amount


WRONG = [
    "",
    " ",
    "1e10",
    "1E3",
    "٣",
    "１２３",
    "१००",
    "²",
    "+5",
    "-5",
    "−5",
    "1.00",
    "1,5",
    "1.0000",
    "1000.000",
    "1.000,000",
    "1 0 0",
    "1  000",
    "1. 000",
    "5_000",
    "0x10",
    "Infinity",
    "NaN",
    "1000đ",
    "1\x00",
    "1.000.000.000.000.000",
]


@pytest.mark.parametrize("words", WRONG)
def test_anything_else_is_no_amount(words: str) -> None:
    with pytest.raises(NotAnAmount):
        dong(words)


@pytest.mark.parametrize("words", [w for w in WRONG if w.strip()])
@pytest.mark.parametrize("field", [Money, Amount])
def test_every_form_field_reads_by_it(field: type[Money], words: str) -> None:
    with pytest.raises(Exception, match=r"Số tiền là số nguyên đồng|Null characters"):
        field().clean(words)
    assert field().clean("1.000.000") == 1_000_000


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("95,5", "95.5"),
        ("1.234.567,8", "1234567.8"),
        ("1234567.8", "1234567.8"),
        ("1.234", "1234"),
        ("-2,5", "-2.5"),
        ("0,12", "0.12"),
    ],
)
def test_figures_may_have_a_fraction(words: str, value: str) -> None:
    assert figure(words) == parse_decimal(words) == Decimal(value)


@pytest.mark.parametrize("words", ["1e10", "٣", "1,2,3", "1.23.456", "NaN", "1 2", "--5", "9" * 16])
def test_no_figure_is_guessed(words: str) -> None:
    with pytest.raises(NotAnAmount):
        figure(words)
    assert parse_decimal(words) is None


@given(st.integers(0, 10**MOST_DIGITS - 1))
def test_what_the_system_prints_it_reads_back(amount: int) -> None:
    assert dong(whole(amount)) == dong(str(amount)) == amount
    assert figure(whole(amount)) == amount


@given(st.text(max_size=24))
def test_any_text_is_its_ascii_digits_or_refused(words: str) -> None:
    try:
        amount = dong(words)
    except NotAnAmount:
        return
    assert str(amount) == ("".join(c for c in words if c in "0123456789").lstrip("0") or "0")
    assert set(words.strip()) <= set("0123456789., \u00a0")
