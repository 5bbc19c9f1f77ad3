"""Random loans: what the engine says in columns is what the referee says a day at a time."""

from __future__ import annotations

import json
import random
from collections import Counter

import pytest
from random_loans import Case, near_miss, random_case
from referee import FIELDS, SOMETIMES, Refused, refer

from tdcs.loans.rules.project import project_lines


def luck(name: str, number: int) -> random.Random:
    return random.Random(f"{name} {number}")


def disagreements(cases: list[Case]) -> list[str]:
    """One line for each loan on which the two do not say the same."""
    found = []
    for number, (case, engine) in enumerate(zip(cases, project_lines(cases), strict=True)):
        try:
            referee = refer(case)
        except Refused as refusal:
            referee = {"error": refusal.code}
        if "error" in engine:
            engine = {"error": engine["error"]["code"]}
        names = (
            (*FIELDS, *SOMETIMES)
            if "error" not in engine and "error" not in referee
            else ("error",)
        )
        differ = {
            n: (engine.get(n), referee.get(n)) for n in names if engine.get(n) != referee.get(n)
        }
        if differ:
            found.append(f"{number}: engine, referee = {differ}\n{json.dumps(case)}")
    return found


def agree(cases: list[Case]) -> None:
    found = disagreements(cases)
    assert not found, f"{len(found)} of {len(cases)}\n" + "\n".join(found[:3])


def test_six_hundred_loans_agree() -> None:
    cases = [random_case(luck("loan", number)) for number in range(600)]
    kinds = Counter(event["kind"] for case in cases for event in case["events"])
    assert min(kinds.values()) > 20 and len(kinds) == 12, kinds
    agree(cases)


def test_near_misses_are_refused_with_the_expected_code() -> None:
    pairs = [near_miss(luck("miss", number)) for number in range(300)]
    results = project_lines([case for case, _ in pairs])
    for (case, code), result in zip(pairs, results, strict=True):
        assert result.get("error", {}).get("code") == code, json.dumps(case)
        assert result["error"]["message"] and "{" not in result["error"]["message"]
        with pytest.raises(Refused) as refusal:
            refer(case)
        assert refusal.value.code == code, json.dumps(case)
    assert len({code for _, code in pairs}) >= 17


@pytest.mark.soak
def test_thirty_thousand_loans_agree() -> None:
    for start in range(100_000, 130_000, 2000):
        agree([random_case(luck("loan", number)) for number in range(start, start + 2000)])
        for number in range(start, start + 300):
            case, code = near_miss(luck("miss", number))
            assert project_lines([case])[0].get("error", {}).get("code") == code, json.dumps(case)
