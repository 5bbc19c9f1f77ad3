"""Figures, days and amounts in the words of Vietnamese offices."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tdcs.documents import numbers

_UNITS = {
    "không": 0, "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "lăm": 5,
    "sáu": 6, "bảy": 7, "tám": 8, "chín": 9,
}  # fmt: skip


def heard(words: str) -> int:
    """What somebody who hears the words writes down: read left to right, nothing of the writer's code."""
    billions, group, digit = 0, 0, 0
    total = 0
    for word in words.split():
        if word in _UNITS:
            digit = _UNITS[word]
        elif word in ("linh", "lẻ"):
            pass
        elif word == "mười":
            group, digit = group + 10, 0
        elif word == "mươi":
            group, digit = group + digit * 10, 0
        elif word == "trăm":
            group, digit = group + digit * 100, 0
        elif word in ("nghìn", "triệu"):
            total += (group + digit) * (1000 if word == "nghìn" else 10**6)
            group = digit = 0
        elif word == "tỷ":
            billions = (billions + total + group + digit) * 10**9
            total = group = digit = 0
        else:
            raise AssertionError(word)
    return billions + total + group + digit


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "không"),
        (5, "năm"),
        (10, "mười"),
        (15, "mười lăm"),
        (21, "hai mươi mốt"),
        (44, "bốn mươi bốn"),
        (105, "một trăm linh năm"),
        (110, "một trăm mười"),
        (1005, "một nghìn không trăm linh năm"),
        (1015, "một nghìn không trăm mười lăm"),
        (50_000_000, "năm mươi triệu"),
        (1_000_001, "một triệu không trăm linh một"),
        (2_500_000_000, "hai tỷ năm trăm triệu"),
        (10**18, "một tỷ tỷ"),
        (-7, "âm bảy"),
    ],
)
def test_an_amount_is_said_as_a_cashier_says_it(value: int, words: str) -> None:
    assert numbers.in_words(value) == words


@given(st.integers(min_value=0, max_value=10**18 - 1))
def test_whoever_hears_the_words_writes_the_same_number(value: int) -> None:
    assert heard(numbers.in_words(value)) == value
    assert heard(numbers.in_words(value, ten="lẻ")) == value


def test_dong_begin_with_a_capital() -> None:
    assert numbers.dong_in_words(1_200_000) == "Một triệu hai trăm nghìn đồng"


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (numbers.whole(1_234_567), "1.234.567"),
        (numbers.decimal(Decimal("1234567.85"), 1), "1.234.567,9"),
        (numbers.decimal(2.675, 2), "2,68"),
        (numbers.decimal(-1234.5, 0), "-1.235"),
        (numbers.decimal(-0.04, 1), "0,0"),
        (numbers.decimal(10**30), "1." + ".".join(["000"] * 10)),
        (numbers.percent(95.45), "95,45%"),
        (numbers.ppm(1_234), "0,12%"),
        (numbers.ppm(1_250), "0,13%"),
        (numbers.ppm(None), "–"),
        (numbers.share(1, 800), "0,13%"),
        (numbers.share(5, 0), "–"),
        (numbers.points(-9_700), "0,97 điểm %"),
        (numbers.dong(1_234_567), "1.234.567 đồng"),
        (numbers.money(13_219_123_000_000), "13.219,1 tỷ đồng"),
        (numbers.money(999_999_999), "1.000,0 triệu đồng"),
        (numbers.money(65_250_000), "65,3 triệu đồng"),
        (numbers.money(0), "0 đồng"),
        (numbers.days(1_200), "1.200 ngày"),
        (numbers.percent(float("nan")), ""),
        (numbers.date_short(date(2026, 2, 5)), "05/02/2026"),
        (numbers.date_words(date(2026, 2, 5)), "ngày 05 tháng 02 năm 2026"),
        (numbers.date_words(date(2026, 3, 15)), "ngày 15 tháng 3 năm 2026"),
        (numbers.padded(5), "05"),
        (numbers.padded("12"), "12"),
        (numbers.padded("12a"), "12a"),
    ],
)
def test_figures_and_days_follow_the_decree(shown: str, expected: str) -> None:
    assert shown == expected


def test_a_day_to_come_leaves_room_and_keeps_its_year() -> None:
    words = numbers.date_words(None, 2026).replace("\u00a0", "_")
    assert words == "ngày______tháng______năm 2026"
