"""What a plan does to those before it: it replaces one, amends tasks of it, carries it out, or runs beside it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from tdcs.access.models import User
from tdcs.core import clock, trail
from tdcs.organisations.services.bulk import update_rows
from tdcs.plans.errors import RelationWrong
from tdcs.plans.models import (
    Obligation,
    ObligationState,
    Plan,
    PlanRelation,
    PlanState,
    ProgressEntry,
    RelationKind,
)
from tdcs.plans.rules.in_force import end_of, still_owed
from tdcs.plans.services.entries import enter_steps, withdraw_rows
from tdcs.plans.states import OPEN_STATES


@dataclass(frozen=True, slots=True)
class Related:
    """What a new plan does to an earlier one; ``lineages``: the tasks that end, of "amends" only."""

    other: Plan
    kind: str
    lineages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Effect:
    """How many obligations of an earlier plan end, and how many go on."""

    ends: int
    goes_on: int


def effect_of(one: Related, since: date) -> Effect:
    """What a relation would do, without doing it."""
    living = _living(one.other).count()
    ends = len(_ending(one, since))
    return Effect(ends, living - ends)


def ends_by_task(other: Plan, since: date) -> Counter[str]:
    """How many obligations would end with each task of a plan, by the task's lineage."""
    rows = _unanswered(other).filter(task__isnull=False).select_related("task")
    return Counter(str(row.task.lineage) for row in rows if row.task and not _goes_on(row, since))


def relate(*, plan: Plan, related: Iterable[Related], by: User | None, on: date) -> int:
    """Write how a plan stands to others and withdraw what ends with them. Returns how many obligations end.

    Called inside the transaction of the publication. Raises RelationWrong.
    """
    since, ended = plan.in_force_from or plan.issued_on, 0
    for one in related:
        if one.kind == RelationKind.BESIDE:
            continue
        other = _earlier(plan, one)
        rows = _ending(one, since)
        relation = PlanRelation.objects.create(
            plan=plan,
            other=other,
            kind=one.kind,
            since=since,
            lineages=list(one.lineages),
            ended=_by_state(rows),
            by=by,
        )
        _set_end(other)
        withdraw_rows(rows, f"{relation.get_kind_display()}: {plan}"[:500], by=by, on=on)
        ended += len(rows)
        trail.record(
            action="plans.relate",
            subject=relation,
            by=by,
            on=on,
            data={"kind": one.kind, "other": other.pk, "ended": len(rows)},
        )
    return ended


def undo_relations(*, plan: Plan, why: str, by: User | None, on: date) -> int:
    """Give back what a plan ended: earlier plans run on, their obligations stand as before. Returns how many."""
    given = 0
    rows = PlanRelation.objects.select_for_update(of=("self",)).filter(plan=plan, undone_on=None)
    for relation in rows.select_related("other").order_by("pk"):
        relation.undone_on = on
        relation.save(update_fields=["undone_on"])
        _set_end(relation.other)
        given += _give_back(relation, why, by, on)
        _end_again(relation.other, by, on)
        trail.record(action="plans.unrelate", subject=relation, by=by, on=on, why=why[:300])
    return given


def _set_end(plan: Plan) -> None:
    """A plan ends with its last year, or on the first day of the earliest plan that replaces it."""
    assert plan.in_force_from is not None  # a published plan has a first day
    since = PlanRelation.objects.filter(other=plan, kind=RelationKind.REPLACES, undone_on=None)
    ends = [max(day, plan.in_force_from) for day in since.values_list("since", flat=True)]
    plan.in_force_until = min([end_of(plan.last_year), *ends])
    plan.save(update_fields=["in_force_until"])


def _end_again(other: Plan, by: User | None, on: date) -> None:
    """What was given back ends all the same where another plan still ends it."""
    for relation in PlanRelation.objects.filter(other=other, undone_on=None).order_by("pk"):
        rows = _ending(Related(other, relation.kind, tuple(relation.lineages)), relation.since)
        for state, keys in _by_state(rows).items():
            relation.ended.setdefault(state, []).extend(keys)
        relation.save(update_fields=["ended"])
        words = f"{relation.get_kind_display()}: {relation.plan}"[:500]
        withdraw_rows(rows, words, by=by, on=on)


def _earlier(plan: Plan, one: Related) -> Plan:
    """The other plan, locked. Raises RelationWrong when it is not in the way the relation needs."""
    other: Plan = Plan.objects.select_for_update(of=("self",)).get(pk=one.other.pk)
    if one.kind not in RelationKind.values or other.pk == plan.pk:
        raise RelationWrong(what=f"không rõ quan hệ với {other}")
    if other.state != PlanState.PUBLISHED:
        raise RelationWrong(what=f"{other} không còn trong thực hiện")
    if one.kind == RelationKind.AMENDS and not one.lineages:
        raise RelationWrong(what=f"chưa chọn nhiệm vụ nào của {other} bị sửa đổi")
    return other


def _living(plan: Plan) -> QuerySet[Obligation]:
    closed = plan.years.filter(closed_on__isnull=False).values("year")
    rows = Obligation.objects.filter(plan=plan).exclude(year__in=closed)
    return rows.exclude(state__in=(ObligationState.MERGED, ObligationState.WITHDRAWN))


def _ending(one: Related, since: date) -> list[Obligation]:
    """Obligations of open years that nobody has answered and that end with the plan or the task."""
    if one.kind not in (RelationKind.REPLACES, RelationKind.AMENDS):
        return []
    rows = _unanswered(one.other)
    if one.kind == RelationKind.AMENDS:
        rows = rows.filter(task__lineage__in=one.lineages)
    return [row for row in rows.order_by("pk") if not _goes_on(row, since)]


def _unanswered(plan: Plan) -> QuerySet[Obligation]:
    # What the branch assigned by hand does not end with the plan beside which it was given.
    return _living(plan).filter(state__in=OPEN_STATES, directive=None)


def _goes_on(row: Obligation, since: date) -> bool:
    return still_owed(
        due_on=row.due_on, due_before=row.due_before, period_end=row.period_end, ended_on=since
    )


def _by_state(rows: Sequence[Obligation]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        found[row.state].append(row.pk)
    return dict(found)


def _give_back(relation: PlanRelation, why: str, by: User | None, on: date) -> int:
    """Each in the state it had; what was decided about it since then stays."""
    states = {pk: state for state, keys in relation.ended.items() for pk in keys}
    rows = list(
        Obligation.objects.select_for_update(of=("self",))
        .filter(pk__in=states, state=ObligationState.WITHDRAWN)
        .order_by("pk")
    )
    moment = clock.now()
    for row in rows:
        row.state, row.touched_at = states[row.pk], moment
    update_rows(rows, ["state", "touched_at"])
    words = f"{relation.plan}: {ProgressEntry.Verb.WITHDRAW.label} được hủy. {why}"
    enter_steps(rows, ProgressEntry.Verb.REOPEN, words[:500], at=moment, by=by, on=on)
    return len(rows)
