"""What a ceased unit still owes goes to the unit that carries on its duties."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import F

from tdcs.access.models import User
from tdcs.core import clock, trail
from tdcs.organisations.models import OrganisationSuccession, Share
from tdcs.organisations.queries import names_on, successors
from tdcs.organisations.services.bulk import update_rows
from tdcs.plans.errors import TwoSuccessors
from tdcs.plans.models import Obligation, ObligationState, Plan, ProgressEntry

_DONE = (ObligationState.ACCEPTED, ObligationState.MERGED, ObligationState.WITHDRAWN)

Key = tuple[object, ...]


def follow_successions(*, plan: Plan, on: date, by: User | None) -> int:
    """Move what ceased units still owe to the units that carry on their duties; returns how many moved.

    Day by day, so that following late gives what following at once would have given. Done matters, closed
    years and periods that were over before the unit ceased stay where they were. Raises TwoSuccessors.
    """
    moved, stuck = 0, set[int]()
    with transaction.atomic():
        while rows := _homeless(plan, on, stuck):
            day = rows[0].holder.ends_on
            assert day is not None  # _homeless asks for it
            today = [row for row in rows if row.holder.ends_on == day]
            changed = _move(today, day, by)
            moved += len(changed)
            stuck |= {row.pk for row in today} - changed
        if moved:
            trail.record(action="plans.follow", subject=plan, by=by, on=on, data={"moved": moved})
    return moved


def _homeless(plan: Plan, on: date, stuck: set[int]) -> list[Obligation]:
    closed = plan.years.filter(closed_on__isnull=False).values("year")
    rows = (
        Obligation.objects.select_for_update(of=("self",))
        .select_related("holder")
        .filter(plan=plan, holder__ends_on__lte=on, period_end__gt=F("holder__ends_on"))
        .exclude(state__in=_DONE)
        .exclude(year__in=closed)
        .exclude(pk__in=stuck)
        .order_by("pk")
    )
    return sorted(rows, key=lambda row: (row.holder.ends_on, row.pk))


def _move(rows: list[Obligation], day: date, by: User | None) -> set[int]:
    units = {row.holder_id for row in rows}
    _require_named(units, day)
    lines = successors(units, day)
    plan, years = rows[0].plan_id, {row.year for row in rows}
    there, asleep = _living(plan, years)
    names = names_on(day)
    entries: list[ProgressEntry] = []
    changed: list[Obligation] = []
    for row in rows:
        targets = [unit for unit in lines[row.holder_id] if unit != row.holder_id]
        if not targets:
            continue
        said = names[row.holder_id]
        taken = _settle(row, targets, there, asleep)
        changed.append(row)
        entries += [_entry(one, unit, f"{said} → {names[unit]}", day, by) for one, unit in taken]
    update_rows(changed, ["holder", "state", "merged_into"])
    ProgressEntry.objects.bulk_create(entries, batch_size=1000)
    return {row.pk for row in changed}


def _settle(
    row: Obligation, targets: list[int], there: dict[Key, Obligation], asleep: dict[Key, Obligation]
) -> list[tuple[Obligation, int]]:
    """Hand a row to its heirs: the first free heir takes the row itself, the others get one of their own.

    When every heir owes the same already, the row is merged into the first heir's.
    """
    free = [unit for unit in targets if _key(row, unit) not in there]
    if not free:
        row.state, row.merged_into = ObligationState.MERGED, there[_key(row, targets[0])]
        return [(row, targets[0])]
    row.holder_id = free[0]
    there[_key(row, free[0])] = row
    taken = [(row, free[0])]
    for unit in free[1:]:
        made = asleep.get(_key(row, unit)) or _copy(row, unit)
        made.state, made.holder_id = ObligationState.OPEN, unit
        made.save()
        there[_key(row, unit)] = made
        taken.append((made, unit))
    return taken


def _copy(row: Obligation, unit: int) -> Obligation:
    return Obligation(
        plan_id=row.plan_id,
        task_id=row.task_id,
        duty_id=row.duty_id,
        directive_id=row.directive_id,
        organisation_id=unit,
        holder_id=unit,
        role=row.role,
        year=row.year,
        period_start=row.period_start,
        period_end=row.period_end,
        due_on=row.due_on,
        due_before=row.due_before,
    )


def _key(row: Obligation, holder: int) -> Key:
    return (row.task_id, row.duty_id, row.directive_id, row.period_start, holder)


def _living(plan: int, years: Iterable[int]) -> tuple[dict[Key, Obligation], dict[Key, Obligation]]:
    """Rows that live, by their holder; rows that were withdrawn, by the unit that was named."""
    there: dict[Key, Obligation] = {}
    asleep: dict[Key, Obligation] = {}
    rows = Obligation.objects.filter(plan_id=plan, year__in=set(years))
    for row in rows.exclude(state=ObligationState.MERGED):
        if row.state == ObligationState.WITHDRAWN:
            asleep[_key(row, row.organisation_id)] = row
        else:
            there[_key(row, row.holder_id)] = row
    return there, asleep


def _require_named(units: set[int], day: date) -> None:
    """Several successors are in order when each takes its area or what is named for it, or one takes all."""
    rows = OrganisationSuccession.objects.filter(predecessor_id__in=units, on__lte=day)
    by_unit: dict[int, list[OrganisationSuccession]] = {}
    for row in rows:
        by_unit.setdefault(row.predecessor_id, []).append(row)
    for unit, steps in by_unit.items():
        takers = [s for s in steps if s.takes_duties]
        shared = all(s.share != Share.WHOLE for s in takers)
        if len(steps) > 1 and (not takers or (len(takers) > 1 and not shared)):
            raise TwoSuccessors(unit=names_on(day, [unit])[unit], count=len(steps))


def _entry(row: Obligation, unit: int, words: str, day: date, by: User | None) -> ProgressEntry:
    return ProgressEntry(
        obligation=row,
        verb=ProgressEntry.Verb.FOLLOW,
        on=day,
        at=clock.now(),
        by=by,
        organisation_id=unit,
        percent=row.percent,
        words=words,
    )
