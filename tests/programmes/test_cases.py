"""The cases that a credit officer can read: what the law says on a day, both sides of each boundary, and who may borrow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl
import pytest
from yaml_cases import read_cases

from tdcs.core.errors import Refusal
from tdcs.programmes.rules import (
    cite,
    default_spacing,
    eligible,
    eligible_household,
    programme,
    shared,
    terms_on,
)
from tdcs.programmes.rules.eligibility import judge_household

FOLDER = Path(__file__).parent / "cases"
FIELDS = {
    "rate": "rate_ppm",
    "maximum": "maximum",
    "term": "max_term_months",
    "monthly": "monthly",
    "regime": "regime",
    "overdue_percent": "overdue_percent",
    "overdue_base": "overdue_base_ppm",
}


def _cases(name: str) -> list[Any]:
    rows = read_cases(FOLDER / f"{name}.yaml")
    return [pytest.param(row, id=row["case"]) for row in rows]


@pytest.mark.parametrize("case", _cases("terms"))
def test_terms(case: dict[str, Any]) -> None:
    try:
        terms = terms_on(
            case["programme"],
            case["day"],
            case.get("group", ""),
            province=case.get("province", ""),
            tier=case.get("tier", "central"),
        )
    except Refusal as refusal:
        assert (refusal.code, refusal.basis) == (case["expect"], case["basis"])
        return
    assert getattr(terms, FIELDS[case["ask"]]) == case["expect"]
    value = terms.missed if case["ask"] == "regime" else dict(terms.values).get(case["ask"])
    assert case["basis"] in (cite(value) if value else "")


@pytest.mark.parametrize("case", _cases("spacing"))
def test_spacing(case: dict[str, Any]) -> None:
    spacing = default_spacing(
        case["programme"], case["term"], case.get("channel", "group"), case["day"]
    )
    assert spacing == case["expect"]
    assert programme(case["programme"]).code == case["programme"]


@pytest.mark.parametrize("case", _cases("eligibility"))
def test_eligibility(case: dict[str, Any]) -> None:
    spells = [(kind, start, end, "") for kind, start, end in case["spells"]]
    debts = case.get("debts", ())
    judged = judge_household(case["programme"], case["day"], spells, debts)
    assert (judged["code"], judged["eligible"]) == (case["expect"], case["expect"] == "")
    assert case["reason"] in judged["reason"]
    assert judged["basis"] != ""
    assert eligible_household(case["programme"], case["day"], spells, debts) == (
        judged["eligible"],
        judged["reason"],
        judged["basis"],
    )


@pytest.mark.parametrize("case", _cases("shared"))
def test_shared_figures(case: dict[str, Any]) -> None:
    try:
        value = shared(case["figure"]).on(case["day"])
    except Refusal as refusal:
        assert (refusal.code, refusal.basis) == (case["expect"], case["basis"])
        return
    assert value.amount == case["expect"]
    assert case["basis"] in cite(value)


def test_there_are_enough_cases_and_each_is_told_once() -> None:
    told = [
        row.values[0]["case"]
        for name in ("terms", "spacing", "eligibility", "shared")
        for row in _cases(name)
    ]
    assert len(told) >= 110
    assert len(set(told)) == len(told)


def test_many_households_are_judged_as_one_by_one() -> None:
    rows = [param.values[0] for param in _cases("eligibility")]
    cases = pl.DataFrame(
        {
            "case": range(len(rows)),
            "programme": [row["programme"] for row in rows],
            "on": [row["day"] for row in rows],
        }
    )
    spells = pl.DataFrame(
        [(at, *spell) for at, row in enumerate(rows) for spell in row["spells"]],
        schema={"case": pl.Int64, "kind": pl.String, "starts_on": pl.Date, "ends_on": pl.Date},
        orient="row",
    )
    debts = pl.DataFrame(
        [(at, owed) for at, row in enumerate(rows) for owed in row.get("debts", ())],
        schema={"case": pl.Int64, "owed": pl.String},
        orient="row",
    )
    told = eligible(
        *(nw.from_native(frame, eager_only=True) for frame in (cases, spells, debts))
    ).to_native()
    assert told.sort("case")["code"].to_list() == [row["expect"] for row in rows]
