"""Laws of a loan that hold whatever happens to it: hundreds of loans at random for each, projected together.

One projection costs a tenth of a second, hundreds together not much more: so each law asks for all its loans at once.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from copy import copy
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from typing import Any

from random_loans import Case, propose, random_case, shuffled
from referee import fold

from tdcs.loans.rules.project import project_lines

DAY = timedelta(days=1)
MONEY = (
    "balance", "principal_in_time", "principal_overdue", "principal_frozen",
    "interest_accrued", "interest_collected", "interest_due",
)  # fmt: skip
Result = dict[str, Any]


@cache
def pool() -> tuple[Case, ...]:
    """Loans at random, the same in every run and for every law: to draw them takes longer than to project them."""
    return tuple(random_case(random.Random(f"law {number}")) for number in range(300))


def settled(case: Case) -> Case:
    """The loan as of its last event or later."""
    return case | {"as_of": max([case["as_of"], *(e["on"] for e in case["events"])])}


def cases_of(
    name: str, count: int, make: Callable[[Case], Case] = copy
) -> list[tuple[random.Random, Case]]:
    """The first of the pool, each with a luck of the law's own."""
    return [
        (random.Random(f"{name} {number}"), make(case))
        for number, case in enumerate(pool()[:count])
    ]


def reversed_somewhere(case: Case) -> bool:
    return any(event["kind"] == "reverse" for event in case["events"])


def later(case: Case, days: int) -> str:
    return (date.fromisoformat(case["as_of"]) + days * DAY).isoformat()


def adding(case: Case, *events: dict[str, Any], as_of: str) -> Case:
    return case | {"events": [*case["events"], *events], "as_of": as_of}


def test_nothing_is_negative_and_the_parts_are_the_whole() -> None:
    for result in project_lines([case for _, case in cases_of("parts", 300)]):
        assert "error" not in result, result
        assert all(result[name] >= 0 for name in MONEY), result
        parts = ("principal_in_time", "principal_overdue", "principal_frozen")
        assert sum(result[name] for name in parts) == result["balance"]
        off = result.get("interest_written_off", 0)
        due = result["interest_accrued"] - result["interest_collected"] - off
        assert due == result["interest_due"]
        assert (result["principal_overdue"] > 0) == (result["overdue_since"] is not None)
        assert all(row["principal"] > 0 for row in result["schedule"])
        assert result["schedule"][-1]["due_on"] == result["final_due_on"]
        days = [row["due_on"] for row in result["schedule"]]
        assert days == sorted(days)


def test_the_schedule_sums_to_what_was_disbursed() -> None:
    cases = [case for _, case in cases_of("sums", 300, settled)]
    cases = [case for case in cases if not reversed_somewhere(case)]
    assert len(cases) > 150
    for case, result in zip(cases, project_lines(cases), strict=True):
        more = sum(event["amount"] for event in case["events"] if event["kind"] == "disbursement")
        paid_out = case["principal"] + more
        assert sum(row["principal"] for row in result["schedule"]) == paid_out


def overdue_rate(case: Case, evening: Result) -> Fraction:
    """A year's rate of overdue principal: 130% of the rate in force; of computers the poor households' when it was lent."""
    return Fraction(66000 if case["programme"] == "MTHS" else evening["rate_ppm"] * 13, 10**6) / (
        1 if case["programme"] == "MTHS" else 10
    )


def test_interest_is_the_sum_of_its_days_rounded_once() -> None:
    """What each evening's own position would bear, added as fractions, is what the engine accrued."""
    drawn = [(luck.randrange(1, 400), case) for luck, case in cases_of("days", 40)]
    drawn = [(days, case) for days, case in drawn if not reversed_somewhere(case)]
    assert len(drawn) > 20
    lines, frozen, overdue = [], 0, 0
    for days, case in drawn:
        start = date.fromisoformat(case["disbursed_on"])
        lines += [case | {"as_of": (start + n * DAY).isoformat()} for n in range(days)]
    evenings = iter(project_lines(lines))
    for days, case in drawn:
        total = Fraction(0)
        for _ in range(days):
            evening = next(evenings)
            frozen += evening["principal_frozen"] > 0
            overdue += evening["principal_overdue"] > 0
            total += evening["principal_in_time"] * Fraction(evening["rate_ppm"], 365 * 10**6)
            total += evening["principal_overdue"] * overdue_rate(case, evening) / 365
            assert evening["interest_accrued"] == (2 * total + 1) // 2
    assert frozen > 100
    assert overdue > 100


def test_the_order_of_the_list_tells_nothing() -> None:
    drawn = cases_of("order", 300)
    given = project_lines([case for _, case in drawn])
    assert project_lines([shuffled(luck, case) for luck, case in drawn]) == given


def test_paying_all_settles() -> None:
    cases = [case for _, case in cases_of("paying", 200, settled)]
    paid: list[Case] = []
    for case, before in zip(cases, project_lines(cases), strict=True):
        on = later(case, 1)
        todays = {"principal": before["balance"], "interest": before["interest_due"]}
        events = [
            {"on": on, "kind": kind, "amount": amount} for kind, amount in todays.items() if amount
        ]
        paid.append(adding(case, *events, as_of=on))
    for after in project_lines(paid):
        assert (after["balance"], after["interest_due"]) == (0, 0)
        assert after["state"] in ("settled", "written_off")


def test_what_is_reversed_has_never_been() -> None:
    tried: list[tuple[Case, dict[str, Any], str]] = []
    for luck, case in cases_of("reversed", 300, settled):
        loan = fold(case | {"as_of": later(case, 1)})
        kinds = ("principal", "write_off", "extend", "freeze", "rate", "disbursement")
        event = propose(luck, loan, luck.choice(kinds))
        tried.append((case, event, later(case, 1 + luck.randrange(41))))
    allowed = project_lines(adding(case, event, as_of=later(case, 1)) for case, event, _ in tried)
    tried = [one for one, found in zip(tried, allowed, strict=True) if "error" not in found]
    assert len(tried) > 100
    assert {event["kind"] for _, event, _ in tried} >= {"principal", "write_off", "freeze", "rate"}
    undone = [
        adding(
            case,
            event,
            {"on": day, "kind": "reverse", "of": len(case["events"])},
            as_of=day,
        )
        for case, event, day in tried
    ]
    never = [case | {"as_of": day} for case, _, day in tried]
    assert project_lines(undone) == project_lines(never)


def test_a_later_event_changes_no_earlier_position() -> None:
    without: list[Case] = []
    with_it: list[Case] = []
    for luck, case in cases_of("later", 120, settled):
        on = later(case, 1)
        kind = luck.choice(("principal", "rate", "freeze", "extend"))
        event = propose(luck, fold(case | {"as_of": on}), kind)
        if event.get("amount") == 0:
            continue
        start = date.fromisoformat(case["disbursed_on"])
        span = (date.fromisoformat(case["as_of"]) - start).days
        days = {(start + luck.randrange(span + 1) * DAY).isoformat() for _ in range(5)}
        for day in sorted(days | {case["as_of"]}):
            without.append(case | {"as_of": day})
            with_it.append(adding(case, event, as_of=day))
    assert len(without) > 300
    assert project_lines(without) == project_lines(with_it)


def test_a_loan_alone_is_the_same_among_hundreds() -> None:
    cases: list[Any] = [*pool()]
    cases[100] = b"{bad"
    cases[200] = cases[200] | {"programme": "HNX"}
    crowd = project_lines(cases)
    assert len(crowd) == 300
    assert (crowd[100]["error"]["code"], crowd[200]["error"]["code"]) == (
        "bad_json",
        "unknown_programme",
    )
    for number in [*range(0, 300, 61), 99, 101, 199, 201]:
        assert project_lines([cases[number]]) == [crowd[number]]
    assert project_lines(reversed(cases)) == crowd[::-1]


def test_projecting_twice_changes_nothing() -> None:
    cases = [case for _, case in cases_of("twice", 100)]
    copied = repr(cases)
    assert project_lines(cases) == project_lines(cases)
    assert project_lines(cases[:1]) == project_lines(cases[:1])
    assert repr(cases) == copied
