"""Classes by the lines of a day, and what became of a household since last year."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from tdcs.households.errors import NoPovertyLine
from tdcs.households.rules import classify, compare, effects
from tdcs.households.standards import kinds, lines_on

HOME = frozenset({"p75", "p75n"})
NATIONAL_RURAL = (1_500_000, 2_250_000)
LOCAL_RURAL = (2_000_000, 3_000_000)


def _class(income: int, short: int, *, local: bool = False) -> tuple[str, str, str]:
    frame = pl.DataFrame(
        {
            "income_per_head": [income],
            "deprivations": [short],
            "national_poor": [NATIONAL_RURAL[0]],
            "national_average": [NATIONAL_RURAL[1]],
            "national_deprivations": [3],
            "national_basis": ["QG"],
            "local_poor": [LOCAL_RURAL[0] if local else None],
            "local_average": [LOCAL_RURAL[1] if local else None],
            "local_deprivations": [3 if local else None],
            "local_basis": ["DP" if local else ""],
        },
        schema_overrides={f"local_{n}": pl.Int64 for n in ("poor", "average", "deprivations")},
    )
    row = classify(frame).row(0, named=True)
    return row["result"], row["standard"], row["basis"]


@pytest.mark.parametrize(
    ("income", "short", "result"),
    [
        (1_500_000, 3, "poor"),
        (1_500_000, 2, "near_poor"),
        (1_500_001, 12, "average_living"),
        (2_250_000, 0, "average_living"),
        (2_250_001, 12, "none"),
        (0, 0, "near_poor"),
    ],
)
def test_both_sides_of_each_line(income: int, short: int, result: str) -> None:
    assert _class(income, short) == (result, "national", "QG")


@pytest.mark.parametrize(
    ("income", "short", "expected"),
    [
        (1_500_000, 3, ("poor", "national", "QG")),
        (1_500_001, 3, ("poor", "local", "DP")),
        (2_000_000, 2, ("near_poor", "local", "DP")),
        (2_000_001, 3, ("average_living", "national", "QG")),
        (2_250_001, 3, ("average_living", "local", "DP")),
        (3_000_001, 3, ("none", "national", "QG")),
    ],
)
def test_the_more_favourable_standard_decides_and_is_kept(
    income: int, short: int, expected: tuple[str, str, str]
) -> None:
    assert _class(income, short, local=True) == expected


@pytest.mark.parametrize(
    ("day", "place", "national", "local"),
    [
        (date(2022, 8, 9), "rural", 1_500_000, None),
        (date(2022, 8, 10), "rural", 1_500_000, 2_000_000),
        (date(2025, 12, 31), "urban", 2_000_000, 2_500_000),
        (date(2026, 1, 1), "urban", 2_000_000, None),
        (date(2026, 12, 31), "rural", 1_500_000, None),
        (date(2027, 1, 1), "rural", 2_200_000, None),
        (date(2030, 12, 31), "urban", 2_800_000, None),
    ],
)
def test_lines_of_a_day(day: date, place: str, national: int, local: int | None) -> None:
    lines = lines_on(day, place, HOME)
    assert lines["national"].poor == national
    assert (lines["local"].poor if "local" in lines else None) == local


def test_no_line_before_the_first_nor_after_the_last_nor_from_another_province() -> None:
    for day in (date(2021, 12, 31), date(2031, 1, 1)):
        with pytest.raises(NoPovertyLine):
            lines_on(day, "rural", HOME)
    assert "local" not in lines_on(date(2024, 1, 1), "rural", frozenset({"p79"}))


@pytest.mark.parametrize(
    ("before", "was_poor", "result", "change", "escapes"),
    [
        ("none", False, "poor", "new", False),
        ("average_living", False, "near_poor", "new", False),
        ("none", True, "poor", "fallen_back", False),
        ("newly_escaped", False, "near_poor", "fallen_back", False),
        ("poor", True, "poor", "stays", False),
        ("near_poor", True, "near_poor", "stays", False),
        ("near_poor", True, "poor", "to_poor", False),
        ("poor", True, "near_poor", "to_near_poor", False),
        ("poor", True, "none", "escaped", True),
        ("near_poor", True, "average_living", "escaped", True),
        ("newly_escaped", True, "none", "off", False),
        ("none", False, "average_living", "off", False),
    ],
)
def test_what_became_of_a_household(
    before: str, was_poor: bool, result: str, change: str, escapes: bool
) -> None:
    row = effects(
        compare(pl.DataFrame({"before": [before], "was_poor": [was_poor], "result": [result]}))
    ).row(0, named=True)
    assert row["change"] == change and row["escapes"] is escapes
    assert row["begins"] == ("" if result == "none" else result)
    assert row["falls"] is (result in ("poor", "near_poor"))


def test_every_kind_says_by_which_text() -> None:
    assert {"poor", "near_poor", "newly_escaped", "student"} <= set(kinds())
    assert all(kind.basis and kind.name for kind in kinds().values())
    assert kinds()["poor"].basis == "Điều 3, 07/2021/NĐ-CP"
    assert kinds()["newly_escaped"].months == 36 and kinds()["student"].of_person
