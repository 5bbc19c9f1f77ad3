"""Early warning beats the plain rule on planted cases; what is measured is measured rightly; the book is read from a store."""

from __future__ import annotations

from pathlib import Path

import pytest

from tdcs.cli.bench_warning import run
from tdcs.problem_loans.rules.comparing import at_recall, measured


def test_recall_and_precision() -> None:
    one = measured(["a", "b", "c", "a"], {"a", "x"}, {"a", "b"})
    assert (one.named, one.cases, one.found, one.true) == (3, 2, 1, 2)
    assert (one.recall, one.precision) == (0.5, 2 / 3)
    assert measured([], [], []).recall == 0.0


def test_a_list_is_cut_where_the_recall_is_reached() -> None:
    cases = {"a", "c"}
    assert at_recall(["b", "a", "d", "c"], cases, cases, 1) == measured(["b", "a"], cases, cases)
    assert at_recall(["b", "a", "d", "c"], cases, cases, 2) == measured(list("badc"), cases, cases)
    assert at_recall(["b", "a"], cases, cases, 2) is None
    assert at_recall(["b"], cases, cases, 0) == measured([], cases, cases)


@pytest.mark.parametrize("seed", [232, 7])
def test_at_equal_recall_each_kind_is_more_precise_than_three_months_of_silence(
    tmp_path: Path, seed: int
) -> None:
    found = run(tmp_path, 30_000, seed, 1)
    for row in found["kinds"]:
        assert row["at_plain_recall"] is not None, row
        if row["plain_recall"]:
            assert row["at_plain_recall"] > row["plain_precision"], row
        assert row["recall"] >= row["plain_recall"], row
    (whole,) = [row for row in found["kinds"] if row["kind"] == "whole"]
    assert whole["recall"] > 0.8
    assert whole["precision"] > 2 * whole["plain_precision"]


def test_the_same_seed_plants_the_same(tmp_path: Path) -> None:
    first, again = (run(tmp_path / name, 6_000, 5, 1)["kinds"] for name in ("a", "b"))
    assert first == again
