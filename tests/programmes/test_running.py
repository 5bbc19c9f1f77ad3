"""What a decision changes for loans that run: cases with their days, then the law changed one figure at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from yaml_cases import read_cases

from tdcs.core import law
from tdcs.core.errors import NoParametersOnDay, UnknownProvince
from tdcs.programmes.rules import running_changes
from tdcs.programmes.rules.overlays import overlays
from tdcs.programmes.rules.running import RateChange
from tdcs.programmes.rules.shared import all_shared
from tdcs.programmes.rules.terms import default_spacing, programmes, terms_on

FILE = Path(__file__).parent / "cases" / "running.yaml"
CASES = [pytest.param(row, id=row["case"]) for row in read_cases(FILE)]
Written = dict[str, Any]
Rewrite = Callable[[str, Callable[[Any], None]], None]


@pytest.mark.parametrize("case", CASES)
def test_what_a_running_loan_meets(case: dict[str, Any]) -> None:
    found = running_changes(
        case["programme"],
        case["day"],
        case.get("group", ""),
        province=case.get("province", ""),
        tier=case.get("tier", "central"),
    )
    assert [[one.on, one.rate_ppm, one.overdue_base_ppm, one.document] for one in found] == case[
        "changes"
    ]
    assert {one.overdue_percent for one in found} <= {None}


def test_there_is_no_loan_before_the_law() -> None:
    with pytest.raises(NoParametersOnDay):
        running_changes("HN", date(2009, 1, 1))
    with pytest.raises(UnknownProvince):
        running_changes("HN", date(2024, 1, 1), province="khong-co", tier="local")


def _forget() -> None:
    for cached in (programmes, terms_on, default_spacing, running_changes, all_shared, overlays):
        cached.cache_clear()


@pytest.fixture
def rewrite(monkeypatch: pytest.MonkeyPatch) -> Iterator[Rewrite]:
    """Changes a file of the law for one test."""
    changed: dict[str, Any] = {}
    real = law.load

    def load(relative: str) -> Any:
        return changed.get(relative, real(relative))

    def apply(relative: str, change: Callable[[Any], None]) -> None:
        changed[relative] = deepcopy(real(relative))
        change(changed[relative])
        _forget()

    monkeypatch.setattr(law, "load", load)
    yield apply
    monkeypatch.undo()
    _forget()


def _row(**given: Any) -> Written:
    text = {"document": "QD-X", "article": "Điều 9", "certainty": "law text", "source": "văn bản"}
    return {**text, **given}


def _after(rows: list[Written], row: Written) -> None:
    rows[-1]["to"] = row["from"]
    rows.append(row)


def test_each_multiple_follows_the_base_by_its_own_percent(rewrite: Rewrite) -> None:
    """The base falls to 6% on 1/6/2026 for running loans: a contract of 2025 is at 120%, one of 2026 at 127%."""
    june = date(2026, 6, 1)
    rewrite(
        "parameters/programmes.yaml",
        lambda rows: _after(rows["HN"]["rate"], _row(**{"from": june}, ppm=60000, reach="running")),
    )
    assert [c.rate_ppm for c in running_changes("GQVL", date(2025, 3, 5))] == [74880, 72000]
    assert running_changes("GQVL", date(2026, 3, 5)) == (
        RateChange(june, "QD-X", "Điều 9", 76200, 76200, None),
    )
    assert [c.rate_ppm for c in running_changes("NOXH", date(2024, 9, 1))] == [54000]


def test_a_base_for_new_contracts_alone_changes_no_running_loan(rewrite: Rewrite) -> None:
    june = date(2026, 6, 1)
    rewrite(
        "parameters/programmes.yaml",
        lambda rows: _after(rows["HN"]["rate"], _row(**{"from": june}, ppm=60000)),
    )
    assert running_changes("GQVL", date(2026, 3, 5)) == ()
    assert terms_on("GQVL", june).rate_ppm == 76200


@pytest.mark.parametrize(
    ("overdue", "follows", "base"),
    [(None, 1, 60000), (None, 0, None), (True, 0, 60000), (False, 1, None)],
)
def test_whether_overdue_principal_follows(
    rewrite: Rewrite, overdue: bool | None, follows: int, base: int | None
) -> None:
    given = {} if overdue is None else {"overdue": overdue}
    row = _row(**{"from": date(2026, 6, 1)}, ppm=60000, reach="both", **given)
    rewrite("parameters/programmes.yaml", lambda rows: _after(rows["HN"]["rate"], row))

    def say(rows: Any) -> None:
        for one in rows["overdue_follows_running_rate"]:
            one["value"] = follows

    rewrite("parameters/loans.yaml", say)
    (change,) = running_changes("HN", date(2026, 3, 5))
    assert (change.rate_ppm, change.overdue_base_ppm) == (60000, base)


@pytest.mark.parametrize(
    ("reach", "percent", "expected"),
    [("running", 150, 150), ("both", 120, 120), ("new", 150, None), ("running", 130, None)],
)
def test_the_overdue_percent_of_running_loans(
    rewrite: Rewrite, reach: str, percent: int, expected: int | None
) -> None:
    july = date(2026, 7, 1)
    row = _row(**{"from": july}, value=percent, unit="%", reach=reach)
    rewrite("parameters/loans.yaml", lambda rows: _after(rows["overdue_percent"], row))
    found = running_changes("HN", date(2026, 3, 5))
    expect = [] if expected is None else [RateChange(july, "QD-X", "Điều 9", None, None, expected)]
    assert list(found) == expect
    assert running_changes("MTHS", date(2023, 3, 5)) == ()
    assert terms_on("HN", july).overdue_percent == percent


def test_a_row_that_changes_nothing_is_no_change(rewrite: Rewrite) -> None:
    row = _row(**{"from": date(2026, 6, 1)}, ppm=62400, reach="both")
    rewrite("parameters/programmes.yaml", lambda rows: _after(rows["HN"]["rate"], row))
    assert running_changes("HN", date(2026, 3, 5)) == ()


def test_local_money_follows_the_lower_of_the_two(rewrite: Rewrite) -> None:
    """Hà Nội's 4.8% stays until the central rate falls below it, and comes back when that rises again."""
    falls = _row(**{"from": date(2026, 6, 1)}, ppm=30000, reach="both")
    rises = _row(**{"from": date(2026, 8, 1)}, ppm=60000, reach="both")

    def change(rows: Any) -> None:
        _after(rows["HN"]["rate"], falls)
        _after(rows["HN"]["rate"], rises)

    rewrite("parameters/programmes.yaml", change)
    day = date(2026, 3, 5)
    local = running_changes("HCN", day, province="ha-noi", tier="local")
    assert [(one.on, one.rate_ppm) for one in local] == [
        (date(2026, 6, 1), 36000),
        (date(2026, 8, 1), 48000),
    ]
    central = running_changes("HCN", day, province="ha-noi")
    assert [one.rate_ppm for one in central] == [36000, 72000]
