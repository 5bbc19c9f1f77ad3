"""Who does what: the units of the plan with the tasks that they lead or help with, from the obligations of a year."""

from __future__ import annotations

from typing import Final

from tdcs.organisations import catalogue
from tdcs.organisations.queries import names_on
from tdcs.plans.models import AssignmentRole, Obligation, ObligationState, Plan
from tdcs.plans.queries.obligations import GROUP_ORDER, GROUP_TITLES, group_of
from tdcs.plans.queries.plans import last_year_of
from tdcs.scheme.rules.figures import DutyFigures

_GONE: Final = (ObligationState.MERGED, ObligationState.WITHDRAWN)
# One office of the province is named, several alike are named together.
_ALONE: Final = 1


def duties_of(plan: Plan, year: int) -> list[DutyFigures]:
    """By unit where one alone is of its kind, else by group: tasks of the plan by their number."""
    opened = min(year, last_year_of(plan))
    rows = (
        Obligation.objects.filter(plan=plan, year=opened, task__isnull=False)
        .exclude(state__in=_GONE)
        .values_list(
            "holder_id",
            "holder__kind",
            "holder__level",
            "holder__type",
            "role",
            "task__position",
            "task__path",
            "period_end",
        )
        .order_by("task__position", "holder_id")
    )
    units: dict[tuple[int, str], set[int]] = {}
    leads: dict[tuple[int, str], dict[str, None]] = {}
    helps: dict[tuple[int, str], dict[str, None]] = {}
    days = []
    for holder, kind, level, type_, role, _, path, end in rows:
        group = group_of(kind, level)
        key = (GROUP_ORDER.get(group, len(GROUP_ORDER)), f"{group}|{type_}|{level}")
        units.setdefault(key, set()).add(holder)
        told = helps if role == AssignmentRole.COORDINATE else leads
        told.setdefault(key, {})[path] = None
        days.append(end)
    if not units:
        return []
    alone = [next(iter(who)) for who in units.values() if len(who) == _ALONE]
    names = names_on(max(days), alone)
    # Units of a group that do the same stand in one line.
    merged: dict[tuple[int, tuple[str, ...], tuple[str, ...]], tuple[list[str], int]] = {}
    for key, who in sorted(units.items()):
        led = tuple(leads.get(key, {}))
        helped = tuple(path for path in helps.get(key, {}) if path not in leads.get(key, {}))
        called, count = merged.get((key[0], led, helped), ([], 0))
        merged[key[0], led, helped] = ([*called, _name(key, who, names)], count + len(who))
    return [
        DutyFigures(unit="; ".join(called), count=count, leads=list(led), helps=list(helped))
        for (_, led, helped), (called, count) in merged.items()
    ]


def _name(key: tuple[int, str], who: set[int], names: dict[int, str]) -> str:
    if len(who) == _ALONE:
        return names[next(iter(who))]
    group, type_, level = key[1].split("|")
    one = catalogue.entries().get(type_)
    words = {"commune": " cấp xã", "district": " cấp huyện"}.get(level, "")
    return f"{one.name}{words}" if one else str(GROUP_TITLES.get(group, type_))
