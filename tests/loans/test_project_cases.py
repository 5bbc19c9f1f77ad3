"""The cases in YAML, each a sentence a credit officer would say: for the engine, and for the referee."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from referee import Refused, refer
from yaml_cases import read_cases

from tdcs.loans.rules.project import project_lines

FILES = sorted((Path(__file__).parent / "cases").glob("*.yaml"))


def plain(value: Any) -> Any:
    """As JSON would hold it: YAML's dates as text, a schedule's rows as objects."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        # YAML 1.1 reads the key `on` as true.
        return {"on" if key is True else plain(key): plain(item) for key, item in value.items()}
    return value


def wanted(expect: dict[str, Any]) -> dict[str, Any]:
    if "schedule" in expect:
        rows = [row for day in expect["schedule"] for row in day.items()]
        return expect | {"schedule": [{"due_on": due, "principal": amount} for due, amount in rows]}
    return expect


def all_cases() -> list[Any]:
    found = []
    for path in FILES:
        for case in plain(read_cases(path)):
            found.append(pytest.param(case, id=f"{path.stem}: {case['case']}"))
    return found


def as_loan(case: dict[str, Any]) -> dict[str, Any]:
    return case["loan"] | {"events": case.get("events", []), "as_of": case["as_of"]}


def by_referee(case: dict[str, Any]) -> dict[str, Any]:
    try:
        return refer(as_loan(case))
    except Refused as refusal:
        return {"error": {"code": refusal.code}}


@cache
def projected() -> dict[str, dict[str, Any]]:
    """Every case's result by its sentence: the engine is asked for all of them at once."""
    cases = [param.values[0] for param in all_cases()]
    results = project_lines([as_loan(case) for case in cases])
    return {case["case"]: result for case, result in zip(cases, results, strict=True)}


def by_engine(case: dict[str, Any]) -> dict[str, Any]:
    return projected()[case["case"]]


@pytest.mark.parametrize("judge", [by_engine, by_referee])
@pytest.mark.parametrize("case", all_cases())
def test_case(case: dict[str, Any], judge: Any) -> None:
    result = judge(case)
    if "refused" in case:
        assert result.get("error", {}).get("code") == case["refused"]
    else:
        assert "error" not in result, result
        expect = wanted(case["expect"])
        assert {name: result[name] for name in expect} == expect


def test_every_case_has_a_sentence_a_basis_and_an_outcome() -> None:
    seen = set()
    for param in all_cases():
        case = param.values[0]
        assert set(case) <= {"case", "loan", "events", "as_of", "expect", "refused", "basis"}, case
        assert case["case"].strip().endswith((".", "?")) and case["basis"], case
        assert ("expect" in case) != ("refused" in case), case
        assert case["case"] not in seen, case
        seen.add(case["case"])
    assert len(FILES) == 16
    assert len(seen) >= 270


@pytest.mark.parametrize(
    "event",
    [
        {"on": "2026-08-05", "kind": "session_day", "to": "2026-09-01"},
        {"on": "2026-08-05", "kind": "session_day", "session_day": 18, "to": "2026-08-04"},
    ],
)
def test_a_change_of_the_session_day_says_which_day_and_from_when(event: dict[str, Any]) -> None:
    """The reader's, which the referee does not read."""
    loan = {
        "programme": "HN",
        "principal": 20_000_000,
        "disbursed_on": "2026-03-20",
        "term_months": 12,
    }
    case = loan | {
        "instalment_months": 6,
        "session_day": 12,
        "events": [event],
        "as_of": "2026-09-15",
    }
    [result] = project_lines([case])
    assert result["error"]["code"] == "bad_value"
