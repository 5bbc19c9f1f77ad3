"""On the demonstration no task of the plan is without a screen and something done in the year."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tdcs.access.models import User
from tdcs.group_results import checks
from tdcs.group_results.models import ConsolidationCase
from tdcs.group_results.states import CaseState
from tdcs.plans.models import Plan, Task
from tdcs.plans.ports import evidence
from tdcs.plans.queries.coverage import coverage
from tdcs.plans.reading import read_plan
from tdcs.plans.rules.serving import proposed

ON = date(2026, 11, 23)


@pytest.mark.usefixtures("demonstration")
def test_no_row_of_the_coverage_page_is_empty() -> None:
    plan = Plan.objects.get(number="232/KH-UBND")
    rows = coverage(plan, ON.year, User.objects.get(username="demo-kehoach"))
    tasks = [row for row in rows if isinstance(row.subject, Task)]
    assert len(tasks) == 24
    assert [row.subject.path for row in tasks if row.empty] == []
    assert not any(row.proposals for row in tasks)
    # The general duties have their screens, too.
    assert [row.subject.path for row in rows if not row.kinds] == []


@pytest.mark.usefixtures("demonstration")
def test_cases_of_weak_boards_are_sound() -> None:
    """A small demonstration may have no weak board; where it has, one went the whole way and one is under way."""
    states = list(ConsolidationCase.objects.order_by("pk").values_list("state", flat=True))
    under_way = {CaseState.HANDED, CaseState.PROPOSED, CaseState.OPINED}
    assert len(states) <= 2 and set(states) <= under_way
    assert [list(check()) for check in checks.CHECKS.values()] == [[], [], []]


def test_the_words_of_the_reference_plan_propose_a_kind_for_every_task(
    reference_plan: Path,
) -> None:
    phrases = {code: kind.words for code, kind in evidence.kinds().items() if kind.words}
    tasks = read_plan(reference_plan.read_bytes()).tasks
    assert len(tasks) == 24
    assert [task.path for task in tasks if not proposed(task.text, phrases)] == []
