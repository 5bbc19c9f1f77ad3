"""Events of one loan: work grows with their number, not with its square; beyond the stated limits a named refusal."""

from __future__ import annotations

from typing import Any

import pytest

from tdcs.loans.rules import project
from tdcs.loans.rules.project import project_lines, views_of
from tdcs.loans.rules.reading import MOST_EVENTS, Case, CaseIn, convert_case, read_case

FIRST = {"programme": "HN", "principal": 50_000_000, "disbursed_on": "2024-01-05",
         "term_months": 36, "as_of": "2025-01-01"}  # fmt: skip


def _paid(amount: int = 1000) -> dict[str, Any]:
    return {"on": "2024-03-01", "kind": "principal", "amount": amount}


def _reversed(of: int) -> dict[str, Any]:
    return {"on": "2024-03-01", "kind": "reverse", "of": of}


def _alternating(count: int) -> list[dict[str, Any]]:
    return [_paid() if n % 2 == 0 else _reversed(n - 1) for n in range(count)]


def _read(events: list[dict[str, Any]]) -> Case:
    given = convert_case({**FIRST, "events": events})
    assert isinstance(given, CaseIn)
    return read_case(given)


def _work(count: int) -> tuple[int, int, int]:
    """Views, rows in them, and places that reversals flip."""
    case = _read(_alternating(count))
    views = views_of(case)
    flipped = sum(len(places) for _, places, _ in case.flips)
    return len(views), sum(len(view.events) for view in views), flipped


def test_twice_the_events_are_twice_the_work() -> None:
    half, full = _work(2000), _work(4000)
    assert half == (2001, 1000, 1000)
    assert full == (4001, 2000, 2000)


def test_a_chain_of_reversals_is_linear_too() -> None:
    """Each reversal reverses the one before: the payment counts after every second one."""
    events = [_paid(), *(_reversed(n) for n in range(999))]
    views = views_of(_read(events))
    assert sum(len(view.events) for view in views) <= len(views)
    balances = [
        project_lines([{**FIRST, "events": events[:n]}])[0]["balance"] for n in (1, 2, 3, 4)
    ]
    assert balances == [49_999_000, 50_000_000, 49_999_000, 50_000_000]


def test_alternating_events_leave_the_loan_as_it_began() -> None:
    (found,) = project_lines([{**FIRST, "events": _alternating(400)}])
    assert found["balance"] == 50_000_000


@pytest.mark.parametrize(("count", "refused"), [(MOST_EVENTS, False), (MOST_EVENTS + 1, True)])
def test_the_limit_of_events_on_both_sides(count: int, refused: bool) -> None:
    events = [{"on": "2024-03-01", "kind": "principal", "amount": 1}] * count
    (found,) = project_lines([{**FIRST, "events": events}])
    assert (found.get("error", {}).get("code") == "too_many_events") is refused
    if refused:
        assert "10001" in found["error"]["message"] and found["error"]["next_step"]


def test_a_hundred_thousand_events_are_refused_by_name() -> None:
    (found,) = project_lines([{**FIRST, "events": _alternating(100_000)}])
    assert found["error"]["code"] == "too_many_events"


def test_reversals_over_many_events_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred payments of which ten are reversed: twenty views of about a hundred rows."""
    events = [_paid(1) for _ in range(100)] + [_reversed(n) for n in range(10)]
    case = _read(events)
    instalments = 1 + case.terms[2] // case.terms[3]
    rows = sum(len(view.events) + instalments for view in views_of(case))
    monkeypatch.setattr(project, "MOST_ROWS", rows)
    assert "balance" in project_lines([{**FIRST, "events": events}])[0]
    monkeypatch.setattr(project, "MOST_ROWS", rows - 1)
    assert project_lines([{**FIRST, "events": events}])[0]["error"]["code"] == "too_many_reversals"


def test_many_loans_are_judged_in_parts_with_the_same_results(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cases = [{**FIRST, "events": [_paid(n + 1) for _ in range(10)]} for n in range(9)]
    cases[4] = {"programme": "??"}
    at_once = project_lines(cases)
    monkeypatch.setattr(project, "MOST_ROWS", 25)
    assert project_lines(cases) == at_once
    assert "error" in at_once[4] and at_once[8]["balance"] == 50_000_000 - 90
