"""The catalogue is whole: each indicator and target has its basis; formulas are read or refused; the page is current."""

from __future__ import annotations

import importlib.util
import random
from copy import deepcopy
from datetime import date, timedelta
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import Any

import narwhals as nw
import pytest

from tdcs.core import law
from tdcs.indicators.rules.definitions import (
    FILES,
    KEYS,
    ORIGINS,
    Definition,
    Term,
    catalogue,
    read_definition,
    read_terms,
)
from tdcs.indicators.rules.moments import days_of
from tdcs.indicators.rules.ratios import BOUND, with_quotient
from tdcs.programmes.rules.lawbook import documents

ROOT = Path(__file__).resolve().parents[2]
# What the issue asks for at least.
ASKED = [
    "outstanding",
    "growth_day",
    "growth_month",
    "growth_ytd",
    "growth_yoy",
    "local_share",
    "local_share_growth",
    "disbursed_month",
    "disbursed_year",
    "collected_month",
    "collected_year",
    "overdue",
    "overdue_rate",
    "frozen",
    "frozen_rate",
    "bad_debt_rate",
    "new_overdue_month",
    "interest_collection_rate",
    "interest_arrears",
    "savings",
    "average_loan",
    "borrowers",
    "access",
    "groups",
    "groups_good",
    "groups_weak",
    "session_share",
    "tasks_on_time",
]


def test_what_was_asked_for_is_there() -> None:
    assert [code for code in ASKED if code not in catalogue()] == []


@pytest.mark.parametrize("one", catalogue().values(), ids=list(catalogue()))
def test_no_value_without_basis(one: Definition) -> None:
    assert one.document in documents()
    assert all(target.document in documents() and target.article for target in one.targets)
    assert one.name and one.name_en and one.formula and one.formula_en
    assert bool(one.note) == bool(one.note_en)
    assert (one.unit == "ppm") <= bool(one.denominator)
    assert all(part in catalogue() for part in one.parts)
    assert "month" in one.keys


def test_codes_are_unique_and_keys_known() -> None:
    rows = [row["code"] for name in FILES for row in law.load(f"indicators/{name}.yaml")]
    assert len(rows) == len(set(rows)) == len(catalogue())
    assert {key for _, keys in ORIGINS.values() for key in keys} | {"month"} == set(KEYS)
    there = {file.stem for file in law.path("indicators").glob("*.yaml")}
    assert there == set(FILES)


def test_a_formula_is_read() -> None:
    assert list(read_terms("local.balance - local.balance@year + loans")) == [
        Term("balance", "day", True),
        Term("balance", "year", True, -1),
        Term("loans"),
    ]


@pytest.mark.parametrize(
    "words", ["balance@tomorrow", "wealth", "balance balance", "2 * balance", "- ", "balance -"]
)
def test_a_wrong_formula_is_refused(words: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        list(read_terms(words))


def _row() -> dict[str, Any]:
    return deepcopy(law.load("indicators/outstanding.yaml")[0])


@pytest.mark.parametrize(
    "spoil",
    [
        lambda row: row.pop("basis"),
        lambda row: row["basis"].pop("document"),
        lambda row: row.pop("formula"),
        lambda row: row.update(unit="percent"),
        lambda row: row.update(direction="sideways"),
        lambda row: row.update(
            targets=[{"from": date(2024, 1, 1), "document": "X", "article": ""}]
        ),
        lambda row: row.update(targets=[{"from": date(2024, 1, 1), "at_least": 1}]),
    ],
)
def test_a_row_that_lacks_something_is_refused(spoil: Any) -> None:
    row = _row()
    spoil(row)
    with pytest.raises((KeyError, ValueError)):
        read_definition(row)


def _quotients(pairs: list[tuple[int, int]], scale: int, down: bool) -> list[int | None]:
    frame = nw.DataFrame.from_dict(
        {"n": [n for n, _ in pairs], "d": [d for _, d in pairs]}, backend="polars"
    )
    made = with_quotient(frame, "v", nw.col("n"), nw.col("d"), scale=scale, down=down)
    assert made.columns == ["n", "d", "v"]
    found: list[int | None] = made["v"].to_list()
    return found


@pytest.mark.parametrize("down", [False, True])
@pytest.mark.parametrize("scale", [1, 1_000_000])
def test_quotients_equal_exact_fractions(scale: int, down: bool) -> None:
    luck = random.Random(f"{scale} {down}")
    pairs = [(luck.randint(-BOUND, BOUND), luck.randint(BOUND // 1000, BOUND)) for _ in range(500)]
    pairs += [(luck.randint(-60, 60), luck.randint(1, 24)) for _ in range(500)]
    pairs += [(BOUND, BOUND), (-BOUND, BOUND), (1, 2), (-1, 2), (1, 2_000_000), (-1, 2_000_000)]
    half = Fraction(0) if down else Fraction(1, 2)
    expected = [floor(Fraction(n * scale, d) + half) for n, d in pairs]
    assert _quotients(pairs, scale, down) == expected
    # Small parts alone are divided at once.
    small = [place for place, (n, d) in enumerate(pairs) if abs(n) <= 10**12 and d <= 10**15]
    told = _quotients([pairs[place] for place in small], scale, down)
    assert told == [expected[place] for place in small]
    assert len(small) > 500


def test_nothing_is_no_share_of_nothing() -> None:
    assert _quotients([(5, 0), (0, 0), (5, -1)], 1_000_000, False) == [None, None, None]


def test_days_of_moments() -> None:
    kept = [date(2024, 1, 1) + timedelta(days=n) for n in range(900)]
    day = date(2025, 3, 15)
    assert days_of("day", day, kept) == [day]
    assert days_of("eve", date(2025, 3, 1), kept) == [date(2025, 2, 28)]
    assert days_of("month", day, kept) == [date(2025, 2, 28)]
    assert days_of("year", day, kept) == [date(2024, 12, 31)]
    assert days_of("month_end", day, kept) == [date(2025, 2, 28)]
    assert days_of("month_end", date(2025, 3, 31), kept) == [date(2025, 3, 31)]
    # February of a leap year ends a day later.
    assert days_of("year_ago", day, kept) == [date(2024, 2, 29)]
    assert days_of("year_to_date", day, kept) == [date(2025, 1, 31), date(2025, 2, 28), day]
    assert days_of("year", date(2024, 5, 1), kept) is None
    assert days_of("year_to_date", day, [day, date(2025, 2, 28)]) is None


def test_the_page_of_indicators_is_current() -> None:
    spec = importlib.util.spec_from_file_location("indicators_page", ROOT / "tools/indicators.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for path, content in module.pages().items():
        assert (ROOT / path).read_text(encoding="utf-8") == content, "run `make docs`"
