"""An approved plan changes by adjustments only: proposed by one person, approved by another, from a day on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import narwhals as nw
import polars as pl
from django.db import transaction
from django.db.models import Max

from tdcs.access.models import User
from tdcs.core import trail
from tdcs.core.errors import Kept
from tdcs.core.frames import rows_of
from tdcs.credit_plan.errors import (
    AdjustmentDayWrong,
    CutBelowLent,
    MoveNotOpen,
    NothingAdjusted,
    PlanDoesNotAddUp,
    SamePerson,
)
from tdcs.credit_plan.models import (
    Adjustment,
    AdjustmentLine,
    AdjustmentState,
    Allotment,
    CreditPlan,
    CreditPlanState,
    PlanLine,
)
from tdcs.credit_plan.queries import book
from tdcs.credit_plan.queries.plans import fund_frame, lines_in_force, rows_in_force
from tdcs.credit_plan.rules.adding_up import Faulty, overdrawn_funds
from tdcs.credit_plan.rules.moving import Move
from tdcs.credit_plan.services.approving import require_director, said_faults
from tdcs.credit_plan.services.writing import (
    locked_plan,
    require_amount,
    require_open,
    require_words,
)
from tdcs.credit_plan.states import ADJUSTMENT_MOVES
from tdcs.documents.numbers import whole
from tdcs.households.queries.scope import area_names

Cell = tuple[int, str, int]


@dataclass(frozen=True, slots=True)
class Change:
    """A cell (commune, programme, fund) is to have ``amount`` from the day on, and why."""

    area: int
    programme: str
    source: int
    amount: int
    why: str = ""


def propose(
    *,
    plan: CreditPlan,
    changes: Sequence[Change],
    starts_on: date,
    reason: str,
    by: User | None,
    on: date,
) -> Adjustment:
    """Lines of an approved plan are to change from a day on; another person decides.

    Raises MoveNotOpen (not approved yet), AdjustmentDayWrong, NothingAdjusted, PlanAmountWrong, CutBelowLent, PlanDoesNotAddUp.
    """
    words = require_words(reason, "lý do điều chỉnh")
    with transaction.atomic():
        held = locked_plan(plan)
        if held.state != CreditPlanState.APPROVED:
            raise MoveNotOpen(move="Điều chỉnh", state=held.get_state_display())
        cells = _cells(held, changes)
        lines = lines_in_force(held, starts_on)
        _require_day(held, cells.values(), starts_on)
        told = []
        for change in changes:
            require_amount(change.amount, held.unit)
            cell = cells[change.area, change.programme, change.source]
            before = lines[cell.pk].amount if cell.pk in lines else 0
            if before != change.amount:
                told.append((cell, before, change))
        if not told:
            raise NothingAdjusted
        _require_sound(
            held, [(cell, before, change.amount) for cell, before, change in told], starts_on, on
        )
        number = (held.adjustments.aggregate(last=Max("number"))["last"] or 0) + 1
        made: Adjustment = Adjustment.objects.create(
            plan=held, number=number, starts_on=starts_on, reason=words, by=by, on=on
        )
        AdjustmentLine.objects.bulk_create(
            AdjustmentLine(
                adjustment=made,
                allotment=cell,
                before=before,
                after=change.amount,
                why=change.why[:300],
            )
            for cell, before, change in told
        )
        data = {"number": number, "lines": len(told), "starts_on": starts_on.isoformat()}
        trail.record(action="credit_plan.propose", subject=made, by=by, on=on, why=words, data=data)
    return made


def accept_moves(
    *,
    plan: CreditPlan,
    moves: Sequence[tuple[Move, str]],
    starts_on: date,
    by: User | None,
    on: date,
) -> Adjustment:
    """Moves between communes that a person chose become one adjustment, each with its explanation."""
    with transaction.atomic():
        held = locked_plan(plan)
        in_force = {
            (area, programme, source): amount
            for area, programme, source, amount in rows_in_force(held, starts_on).rows()
        }
        after: dict[Cell, int] = {}
        why: dict[Cell, str] = {}
        for move, words in moves:
            for area, amount in ((move.giver, -move.amount), (move.taker, move.amount)):
                cell = (area, move.programme, move.source)
                after[cell] = after.get(cell, in_force.get(cell, 0)) + amount
                why[cell] = words
        changes = [Change(*cell, amount, why[cell]) for cell, amount in after.items()]
        return propose(
            plan=held,
            changes=changes,
            starts_on=starts_on,
            reason="Điều chuyển chỉ tiêu giữa các xã, phường",
            by=by,
            on=on,
        )


def approve_adjustment(*, adjustment: Adjustment, decision: str, by: User, on: date) -> Adjustment:
    """Each changed cell's line ends on the day and another begins.

    Raises NotBranchDirector, SamePerson, MoveNotOpen, AdjustmentDayWrong, CutBelowLent, PlanDoesNotAddUp, WordsNeeded.
    """
    words = require_words(decision, "số và ngày quyết định")
    with transaction.atomic():
        held = locked_plan(adjustment.plan)
        row = _decided("approve", adjustment, words, by, on)
        told = list(row.lines.select_related("allotment").order_by("pk"))
        lines = lines_in_force(held, row.starts_on)
        _require_day(held, [line.allotment for line in told], row.starts_on)
        _require_sound(
            held, [(line.allotment, line.before, line.after) for line in told], row.starts_on, on
        )
        for line in told:
            earlier = lines.get(line.allotment_id)
            if (earlier.amount if earlier else 0) != line.before:
                raise MoveNotOpen(move="Phê duyệt", state="số trong kế hoạch đã đổi")
            if earlier is not None:
                earlier.ends_on = row.starts_on
                earlier.save(update_fields=["ends_on"])
            if line.after:
                PlanLine.objects.create(
                    allotment=line.allotment,
                    amount=line.after,
                    starts_on=row.starts_on,
                    adjustment=row,
                )
        trail.record(action="credit_plan.approve_adjustment", subject=row, by=by, on=on, why=words)
    return row


def refuse_adjustment(*, adjustment: Adjustment, decision: str, by: User, on: date) -> Adjustment:
    """The director does not approve it and says why; the plan stays as it is."""
    words = require_words(decision, "lý do không phê duyệt")
    with transaction.atomic():
        locked_plan(adjustment.plan)
        row = _decided("refuse", adjustment, words, by, on)
        trail.record(action="credit_plan.refuse_adjustment", subject=row, by=by, on=on, why=words)
    return row


def _decided(verb: str, adjustment: Adjustment, words: str, by: User, on: date) -> Adjustment:
    move = ADJUSTMENT_MOVES[verb]
    require_director(by)
    row: Adjustment = Adjustment.objects.select_for_update().get(pk=adjustment.pk)
    require_open(move, row.state, row.get_state_display())
    if row.by_id == by.pk:
        raise SamePerson
    row.state = AdjustmentState(move.target)
    row.decided_by, row.decided_on, row.decision = by, on, words
    row.save(update_fields=["state", "decided_by", "decided_on", "decision"])
    return row


def _cells(plan: CreditPlan, changes: Sequence[Change]) -> dict[Cell, Allotment]:
    """The cells of the changes, made where the plan had none."""
    found = {}
    for change in changes:
        cell, _ = Allotment.objects.get_or_create(
            plan=plan, area_id=change.area, programme=change.programme, source_id=change.source
        )
        found[change.area, change.programme, change.source] = cell
    return found


def _require_day(plan: CreditPlan, cells: Iterable[Allotment], starts_on: date) -> None:
    """The day lies in the year, and no line of these cells begins on it or after it. Raises AdjustmentDayWrong."""
    keys = [cell.pk for cell in cells]
    later = PlanLine.objects.filter(allotment__in=keys, starts_on__gte=starts_on)
    if starts_on.year != plan.year or later.exists():
        raise AdjustmentDayWrong(day=f"{starts_on:%d/%m/%Y}", year=plan.year)


def _require_sound(
    plan: CreditPlan, changed: Sequence[tuple[Allotment, int, int]], starts_on: date, on: date
) -> None:
    """No cell is cut below what was lent, no fund above what it carries. ``changed``: cell, before, after.

    A line that lent more than it was allotted may be raised by less than that. Raises CutBelowLent, PlanDoesNotAddUp.
    """
    cells = {(one.area_id, one.programme, one.source_id): (old, new) for one, old, new in changed}
    after = {cell: new for cell, (_, new) in cells.items()}
    done = _lent(plan, on)
    names = area_names({area for area, _, _ in after}, on)
    below = [
        Kept(
            f"{names[area]}, {programme}: {whole(amount)} đồng, đã cho vay {whole(done[area, programme, source])} đồng",
            f"{names[area]}, {programme}: {whole(amount)} dong, lent {whole(done[area, programme, source])} dong",
        )
        for (area, programme, source), (before, amount) in cells.items()
        if amount < min(before, done.get((area, programme, source), 0))
    ]
    if below:
        raise CutBelowLent(lines=below)
    rows = rows_in_force(plan, starts_on)
    data = {(a, p, s): dong_ for a, p, s, dong_ in rows.rows()} | after
    lines = pl.DataFrame(
        [(*cell, amount) for cell, amount in data.items()], schema=rows.schema, orient="row"
    )
    funds = fund_frame(plan, on)
    found = overdrawn_funds(nw.from_native(lines), nw.from_native(funds))
    if len(found):
        raise PlanDoesNotAddUp(lines=list(said_faults(rows_of(found, Faulty))))


def _lent(plan: CreditPlan, on: date) -> dict[Cell, int]:
    """What each cell has lent in the year by the last closed day."""
    rows = book.lent(plan.year, book.book_day(on), on)
    sums = rows.group_by("commune", "programme", "source").agg(pl.col("lent_month").sum())
    return {(area, programme, source): lent for area, programme, source, lent in sums.rows()}
