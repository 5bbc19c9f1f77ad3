"""Laws of a loan that hold whatever happens to it."""

from __future__ import annotations

import random
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from random_loans import Case, propose, random_case, shuffled
from referee import Refused, fold, refer

from tdcs.loans.rules.project import project_lines

DAY = timedelta(days=1)
MONEY = (
    "balance", "principal_in_time", "principal_overdue", "principal_frozen",
    "interest_accrued", "interest_collected", "interest_due",
)  # fmt: skip


def seeded(make: Any) -> st.SearchStrategy[Any]:
    return st.integers(0, 2**40).map(lambda seed: make(random.Random(seed)))


def settled_case(luck: random.Random) -> Case:
    """A loan whose as_of is on or after its last event."""
    case = random_case(luck)
    return case | {"as_of": max([case["as_of"], *(e["on"] for e in case["events"])])}


loans = seeded(random_case)
full_loans = seeded(settled_case)
lucks = seeded(lambda luck: luck)
some = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
few = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


def project(case: Case) -> dict[str, Any]:
    return project_lines([case])[0]


def later(case: Case, days: int) -> str:
    return (date.fromisoformat(case["as_of"]) + days * DAY).isoformat()


def adding(case: Case, *events: dict[str, Any], as_of: str) -> Case:
    return case | {"events": [*case["events"], *events], "as_of": as_of}


@some
@given(loans)
def test_nothing_is_negative_and_the_parts_are_the_whole(case: Case) -> None:
    result = project(case)
    assert "error" not in result, result
    assert all(result[name] >= 0 for name in MONEY), result
    parts = ("principal_in_time", "principal_overdue", "principal_frozen")
    assert sum(result[name] for name in parts) == result["balance"]
    off = result.get("interest_written_off", 0)
    assert result["interest_accrued"] - result["interest_collected"] - off == result["interest_due"]
    assert (result["principal_overdue"] > 0) == (result["overdue_since"] is not None)
    assert all(row["principal"] >= 0 for row in result["schedule"])
    assert result["schedule"][-1]["due_on"] == result["final_due_on"]
    assert [row["due_on"] for row in result["schedule"]] == sorted(
        row["due_on"] for row in result["schedule"]
    )


@some
@given(full_loans)
def test_the_schedule_sums_to_what_was_disbursed(case: Case) -> None:
    assume(not any(event["kind"] == "reverse" for event in case["events"]))
    more = sum(event["amount"] for event in case["events"] if event["kind"] == "disbursement")
    assert sum(row["principal"] for row in project(case)["schedule"]) == case["principal"] + more


@few
@given(loans, st.integers(1, 400))
def test_interest_is_the_sum_of_its_days_rounded_once(case: Case, days: int) -> None:
    """What each evening's own position would bear, added as fractions, is what the engine accrued."""
    assume(not any(event["kind"] == "reverse" for event in case["events"]))
    start = date.fromisoformat(case["disbursed_on"])
    evenings = project_lines([case | {"as_of": (start + n * DAY).isoformat()} for n in range(days)])
    total = Fraction(0)
    for evening in evenings:
        bearing = evening["principal_in_time"] + Fraction(13, 10) * evening["principal_overdue"]
        total += bearing * evening["rate_ppm"] / (365 * 10**6)
        assert evening["interest_accrued"] == (2 * total + 1) // 2


@some
@given(loans, lucks)
def test_the_order_of_the_list_tells_nothing(case: Case, luck: random.Random) -> None:
    assert project(shuffled(luck, case)) == project(case)


@some
@given(full_loans)
def test_paying_all_settles(case: Case) -> None:
    before = project(case)
    on = later(case, 1)
    todays = {"principal": before["balance"], "interest": before["interest_due"]}
    events = [
        {"on": on, "kind": kind, "amount": amount} for kind, amount in todays.items() if amount
    ]
    after = project(adding(case, *events, as_of=on))
    assert (after["balance"], after["interest_due"]) == (0, 0)
    assert after["state"] in ("settled", "written_off")


@some
@given(full_loans, lucks, st.integers(0, 40))
def test_what_is_reversed_has_never_been(case: Case, luck: random.Random, days: int) -> None:
    on, undone = later(case, 1), later(case, 1 + days)
    loan = fold(case | {"as_of": on})
    event = propose(
        luck,
        loan,
        luck.choice(("principal", "write_off", "extend", "freeze", "rate", "disbursement")),
    )
    with_it = adding(case, event, as_of=on)
    assume("error" not in project(with_it))
    reversal = {"on": undone, "kind": "reverse", "of": len(case["events"])}
    assert project(adding(case, event, reversal, as_of=undone)) == project(case | {"as_of": undone})


@some
@given(full_loans, lucks)
def test_a_later_event_changes_no_earlier_position(case: Case, luck: random.Random) -> None:
    on = later(case, 1)
    event = propose(
        luck, fold(case | {"as_of": on}), luck.choice(("principal", "rate", "freeze", "extend"))
    )
    assume(event.get("amount") != 0)
    start = date.fromisoformat(case["disbursed_on"])
    span = (date.fromisoformat(case["as_of"]) - start).days
    days = {(start + luck.randrange(span + 1) * DAY).isoformat() for _ in range(5)} | {
        case["as_of"]
    }
    without = project_lines([case | {"as_of": day} for day in sorted(days)])
    assert without == project_lines([adding(case, event, as_of=day) for day in sorted(days)])


def test_a_loan_alone_is_the_same_among_thousands() -> None:
    cases: list[Any] = [random_case(random.Random(f"crowd {number}")) for number in range(1000)]
    cases[300] = b"{bad"
    cases[600] = cases[600] | {"programme": "HNX"}
    crowd = project_lines(cases)
    assert len(crowd) == 1000
    assert (crowd[300]["error"]["code"], crowd[600]["error"]["code"]) == (
        "bad_json",
        "unknown_programme",
    )
    for number in [*range(0, 1000, 61), 299, 301, 599, 601]:
        assert project_lines([cases[number]]) == [crowd[number]]
    assert project_lines(reversed(cases)) == crowd[::-1]


@pytest.mark.parametrize("seed", range(20))
def test_projecting_twice_changes_nothing(seed: int) -> None:
    case = random_case(random.Random(seed))
    copied = repr(case)
    assert project(case) == project(case)
    assert repr(case) == copied


@few
@given(loans)
def test_the_referee_never_refuses_what_it_made(case: Case) -> None:
    try:
        refer(case)
    except Refused as refusal:
        raise AssertionError(refusal.code) from refusal
