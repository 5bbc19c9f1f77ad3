"""An approved plan in its year: execution from the closed days, moves between communes, adjustments by date."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from credit_plan_cast import FIRST, LAST, MILLION, SECOND, THIRD, World, terms
from groups_cast import TODAY
from indicator_book import loan_row

from tdcs.credit_plan.checks import CHECKS
from tdcs.credit_plan.errors import (
    AdjustmentDayWrong,
    CutBelowLent,
    MoveNotOpen,
    NotBranchDirector,
    NothingAdjusted,
    PlanDoesNotAddUp,
    SamePerson,
    WordsNeeded,
)
from tdcs.credit_plan.models import (
    Adjustment,
    AdjustmentState,
    Allotment,
    OfficeRound,
    PlanLine,
    RoundState,
)
from tdcs.credit_plan.queries.execution import execution, moves_now, summed, until_of
from tdcs.credit_plan.queries.plans import plan_rows
from tdcs.credit_plan.rules.moving import Move
from tdcs.credit_plan.services import adjusting, approving, planning
from tdcs.credit_plan.services.adjusting import Change

pytestmark = pytest.mark.django_db
APRIL = date(2027, 4, 30)
MAY = date(2027, 5, 3)


@pytest.fixture
def approved(world: World) -> World:
    """90 million by needs 50, 30, 10; approved before the year; by the end of April A lent 20, C lent 10."""
    planning.set_target(
        plan=world.plan, programme="HN", source=world.central, amount=90 * MILLION,
        by=world.planner, on=TODAY,
    )  # fmt: skip
    planning.spread_targets(plan=world.plan, by=world.planner, on=TODAY)
    OfficeRound.objects.filter(plan=world.plan).update(state=RoundState.AGREED)
    approving.submit(plan=world.plan, by=world.planner, on=TODAY)
    approving.approve(plan=world.plan, decision="QĐ 01", by=world.director, on=TODAY)
    world.plan.refresh_from_db()
    old = date(2025, 10, 5)
    rows = [
        loan_row(n + 1, at, 0) | terms(100 * MILLION, since=old, months=60)
        for n, at in enumerate((FIRST, SECOND, THIRD))
    ]
    world.book.close(date(2026, 12, 31), rows)
    new = date(2027, 4, 12)
    rows += [
        loan_row(11, FIRST, 0) | terms(20 * MILLION, since=new, months=36) | {"lent_0": 0},
        loan_row(13, THIRD, 0) | terms(10 * MILLION, since=new, months=36) | {"lent_0": 0},
    ]
    world.book.close(APRIL, rows)
    return world


def by_area(world: World, rows: pl.DataFrame) -> list[dict[str, object]]:
    found = {row["area"]: row for row in rows.iter_rows(named=True)}
    return [found[area] for area in world.communes]


def test_execution_is_read_from_the_closed_days(approved: World) -> None:
    rows = execution(approved.plan, MAY)
    first, second, third = by_area(approved, rows)
    assert (first["plan"], first["lent"], first["done"]) == (50 * MILLION, 20 * MILLION, 400_000)
    # 20 million in 120 of 365 days
    assert (first["projected"], first["misses"]) == (20 * MILLION * 365 // 120, False)
    assert (second["lent"], second["misses"]) == (0, True)
    assert (third["lent"], third["done"], third["misses"]) == (10 * MILLION, 1_000_000, False)
    assert (first["opening"], first["outstanding"]) == (100 * MILLION, 120 * MILLION)
    # What falls due in 2027 was told of A when the plan was submitted.
    assert first["planned_outstanding"] == 50 * MILLION
    (whole,) = summed(rows, (), until_of(approved.plan, MAY)).iter_rows(named=True)
    assert (whole["plan"], whole["lent"], whole["missing"]) == (90 * MILLION, 30 * MILLION, 1)
    by_office = summed(rows, ("office",), until_of(approved.plan, MAY))
    assert by_office["plan"].sum() == 90 * MILLION


def test_before_its_year_a_plan_is_done_to_nothing(world: World) -> None:
    rows = execution(world.plan, TODAY)
    assert rows["lent"].sum() == 0
    assert until_of(world.plan, TODAY).passed == 1
    assert until_of(world.plan, TODAY).day == LAST


def test_unused_allotments_are_proposed_to_unmet_needs(approved: World) -> None:
    """B has lent nothing of 30 million and A's household still waits for 50, of which its allotment has 30 left."""
    assert moves_now(approved.plan, MAY) == [
        Move("HN", approved.central.pk, approved.communes[1], approved.communes[0], 20 * MILLION,
             30 * MILLION, 20 * MILLION)
    ]  # fmt: skip


def test_a_person_accepts_moves_and_another_approves_the_adjustment(approved: World) -> None:
    giver, taker = approved.communes[1], approved.communes[0]
    (move,) = moves_now(approved.plan, MAY)
    made = adjusting.accept_moves(
        plan=approved.plan, moves=[(move, "B chưa cho vay, A còn nhu cầu")], starts_on=MAY,
        by=approved.planner, on=MAY,
    )  # fmt: skip
    assert made.state == AdjustmentState.PROPOSED
    assert plan_rows(approved.plan, MAY).sort("area").filter(pl.col("area") == giver)[
        "amount"
    ].to_list() == [30 * MILLION]
    with pytest.raises(NotBranchDirector):
        adjusting.approve_adjustment(
            adjustment=made, decision="x", by=approved.office_user(0), on=MAY
        )
    with pytest.raises(WordsNeeded):
        adjusting.approve_adjustment(adjustment=made, decision="", by=approved.director, on=MAY)
    adjusting.approve_adjustment(adjustment=made, decision="QĐ 15", by=approved.director, on=MAY)
    eve = date(2027, 5, 2)
    for day, first, second in ((eve, 50, 30), (MAY, 70, 10)):
        rows = dict(plan_rows(approved.plan, day).select("area", "amount").rows())
        assert (rows[taker], rows[giver]) == (first * MILLION, second * MILLION), day
        assert sum(rows.values()) == 90 * MILLION
    lines = PlanLine.objects.filter(allotment__area_id=giver).order_by("starts_on")
    assert [(one.starts_on, one.ends_on) for one in lines] == [(date(2027, 1, 1), MAY), (MAY, None)]
    with pytest.raises(MoveNotOpen):
        adjusting.approve_adjustment(adjustment=made, decision="x", by=approved.director, on=MAY)
    assert [finding for check in CHECKS.values() for finding in check()] == []


def test_a_line_written_past_the_services_is_found(approved: World) -> None:
    cell = Allotment.objects.filter(amount=10 * MILLION)[0]
    cell.amount = 11 * MILLION
    cell.save()
    assert len(list(CHECKS["credit_plan.lines_are_what_was_approved"]())) == 1
    other = Allotment.objects.create(
        plan=approved.plan, area_id=approved.communes[0], programme="CN", source=approved.central
    )
    PlanLine.objects.create(allotment=other, amount=MILLION, starts_on=date(2027, 1, 1))
    (found,) = CHECKS["credit_plan.approved_plans_add_up"]()
    assert "the communes give 1.000.000 dong, the target is 0" in found


def change(world: World, at: int, amount: int) -> Change:
    return Change(world.communes[at], "HN", world.central.pk, amount * MILLION)


def propose(world: World, *changes: Change, starts_on: date = MAY) -> Adjustment:
    return adjusting.propose(
        plan=world.plan, changes=changes, starts_on=starts_on, reason="Bổ sung vốn",
        by=world.planner, on=MAY,
    )  # fmt: skip


def test_who_proposes_does_not_decide_and_a_refused_one_changes_nothing(approved: World) -> None:
    made = adjusting.propose(
        plan=approved.plan, changes=[change(approved, 0, 51)], starts_on=MAY, reason="x",
        by=approved.director, on=MAY,
    )  # fmt: skip
    with pytest.raises(SamePerson):
        adjusting.approve_adjustment(adjustment=made, decision="x", by=approved.director, on=MAY)
    made = propose(approved, change(approved, 0, 51))
    adjusting.refuse_adjustment(adjustment=made, decision="Chưa cần", by=approved.director, on=MAY)
    assert plan_rows(approved.plan, MAY)["amount"].sum() == 90 * MILLION


@pytest.mark.parametrize(("amount", "fits"), [(20, True), (19, False)])
def test_no_cell_falls_below_what_is_lent(approved: World, amount: int, fits: bool) -> None:
    if fits:
        assert propose(approved, change(approved, 0, amount)).lines.count() == 1
        return
    with pytest.raises(CutBelowLent):
        propose(approved, change(approved, 0, amount))
    assert Adjustment.objects.count() == 0


def test_a_line_that_lent_beyond_its_allotment_may_be_raised_by_less(approved: World) -> None:
    """C was allotted 10 and has lent 10; cut to 10 it stays, lent 30 it may still be raised to 15."""
    rows = [
        loan_row(99, THIRD, 0)
        | terms(30 * MILLION, since=date(2027, 5, 1), months=36)
        | {"lent_0": 0}
    ]
    approved.book.close(date(2027, 5, 2), rows)
    assert propose(approved, change(approved, 2, 15)).lines.get().before == 10 * MILLION
    with pytest.raises(CutBelowLent):
        propose(approved, change(approved, 2, 9))


@pytest.mark.parametrize(("amount", "fits"), [(80, True), (81, False)])
def test_no_fund_carries_more_than_it_has(approved: World, amount: int, fits: bool) -> None:
    """120 million: 20 free and 100 falling due when it was submitted; 30 and 10 stay with B and C."""
    if fits:
        assert propose(approved, change(approved, 0, amount)).number == 1
        return
    with pytest.raises(PlanDoesNotAddUp):
        propose(approved, change(approved, 0, amount))
    planning.put_new_money(
        plan=approved.plan, source=approved.central, amount=MILLION, basis="CV bổ sung",
        by=approved.planner, on=MAY,
    )  # fmt: skip
    assert propose(approved, change(approved, 0, amount)).number == 1


def test_days_outside_the_year_or_before_the_last_change_are_refused(approved: World) -> None:
    for day in (date(2026, 12, 31), date(2028, 1, 1), date(2027, 1, 1)):
        with pytest.raises(AdjustmentDayWrong):
            propose(approved, change(approved, 0, 51), starts_on=day)
    assert propose(approved, change(approved, 0, 51), starts_on=date(2027, 1, 2)).number == 1


def test_nothing_changed_and_a_plan_that_is_not_approved_are_refused(
    approved: World,
) -> None:
    with pytest.raises(NothingAdjusted):
        propose(approved, change(approved, 0, 50))
    other = planning.open_plan(year=2026, by=approved.planner, on=TODAY)
    with pytest.raises(MoveNotOpen):
        adjusting.propose(
            plan=other, changes=[change(approved, 0, 1)], starts_on=TODAY, reason="x",
            by=approved.planner, on=TODAY,
        )  # fmt: skip
