"""Cases of consolidation in a person's scope, with names and the steps that were taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import QuerySet
from django.utils.translation import gettext_noop as _

from tdcs.access.models import User
from tdcs.access.queries import own_organisation
from tdcs.core import remembered
from tdcs.entrustment.models import GroupMember, SavingsGroup
from tdcs.entrustment.queries.groups import (
    GroupSummary,
    board_on,
    faces_of,
    members_on,
    other_groups,
    profile_on,
)
from tdcs.entrustment.queries.scope import changeable_groups, visible_groups
from tdcs.group_results.models import ConsolidationCase, ConsolidationStep, GroupVote
from tdcs.group_results.states import CASE_MOVES, CaseState
from tdcs.households.queries.scope import living_areas_of
from tdcs.organisations.models import Kind, living_on

MOST: Final = 200


def shown_cases(user: User, on: date, *, every: bool) -> list[ConsolidationCase]:
    """The open cases in scope, or all of them: the newest two hundred."""
    rows = visible_cases(user, on)
    return list((rows if every else rows.filter(closed_on=None))[:MOST])


def visible_cases(user: User, on: date) -> QuerySet[ConsolidationCase]:
    """Cases of the groups in scope, the newest first."""
    rows = ConsolidationCase.objects.filter(group__in=visible_groups(user, on).values("pk"))
    rows = rows.select_related("group", "leader", "deputy", "into", "outgoing", "proposed_by")
    return rows.order_by("-proposed_on", "-pk")


def cases_of(group: SavingsGroup) -> list[ConsolidationCase]:
    """Every case of a group, the newest first."""
    return list(group.consolidations.order_by("-proposed_on", "-pk"))


def case_lines(
    cases: Sequence[ConsolidationCase], on: date
) -> list[tuple[ConsolidationCase, GroupSummary]]:
    """Cases with how their groups look."""
    faces = faces_of([row.group_id for row in cases], on)
    return [(row, faces[row.group_id]) for row in cases]


def steps_of(case: ConsolidationCase) -> list[tuple[ConsolidationStep, str]]:
    """The steps of a case in their order, each with its words."""
    rows = case.steps.select_related("by").order_by("pk")
    return [
        (row, CASE_MOVES[row.verb].label if row.verb in CASE_MOVES else _("Đề nghị"))
        for row in rows
    ]


def is_committee_of(user: User, group: SavingsGroup, on: date) -> bool:
    """Whether a person speaks for the People's Committee of the group's commune."""
    unit = own_organisation(user)
    if unit is None or unit.kind != Kind.PEOPLE_COMMITTEE:
        return False
    area = profile_on(group, on).area_id
    home = unit.profiles.filter(living_on(on)).values_list("area_id", flat=True).first()
    return home is not None and home in {area, *living_areas_of((area,), on)[area]}


def keeps(user: User, group: SavingsGroup, on: date) -> bool:
    """Whether a person's office keeps a group, also one that has ended."""
    return changeable_groups(user, on).filter(pk=group.pk).exists()


def steps_open_to(user: User, case: ConsolidationCase, on: date) -> Mapping[str, bool]:
    """Verb → whether the person may take this step now."""
    of_office, of_commune = keeps(user, case.group, on), is_committee_of(user, case.group, on)
    found = {}
    for verb, move in CASE_MOVES.items():
        mine = of_commune if verb == "opine" else of_office
        found[verb] = case.state in move.sources and user.may(move.permission) and mine
    found["decide"] = found["decide"] and case.proposed_by_id != user.pk
    return found


@dataclass(frozen=True, slots=True)
class Choices:
    """Who may be proposed: members who do not lead, and groups that may take this one over."""

    people: list[tuple[int, str]]
    groups: list[tuple[int, str]]
    board: list[str]


def choices_for(user: User, group: SavingsGroup, on: date) -> Choices:
    """What a proposal may name."""
    people = [
        (row.person_id, f"{row.person.full_name} ({row.household.code})")
        for row in members_on(group, on)
    ]
    area = profile_on(group, on).area_id
    near = other_groups(user, group, on).filter(profiles__area=area, profiles__ends_on=None)
    keys = list(near.order_by("code").values_list("pk", flat=True)[:60])
    faces = faces_of(keys, on)
    codes = dict(SavingsGroup.objects.filter(pk__in=keys).values_list("pk", "code"))
    groups = [(key, f"{codes[key]} · {faces[key].name} ({faces[key].members})") for key in keys]
    board = [f"{row.get_post_display()}: {row.person.full_name}" for row in board_on(group, on)]
    return Choices(people, groups, board)


def group_to_take_over(user: User, group: SavingsGroup, key: int, on: date) -> SavingsGroup | None:
    """The group that may take another over, by its key."""
    offered = key in dict(choices_for(user, group, on).groups)
    return SavingsGroup.objects.get(pk=key) if offered else None


def vote_of(case: ConsolidationCase, pk: int) -> GroupVote | None:
    """One meeting of a case."""
    rows = GroupVote.objects.filter(case=case).select_related("case__group", "case__into")
    return rows.select_related("case__leader", "case__deputy").filter(pk=pk).first()


def members_of(group: SavingsGroup, day: date) -> list[GroupMember]:
    """The members on a day, by name."""
    return list(members_on(group, day))


def waiting_cases(user: User, on: date) -> dict[str, int]:
    """How many open cases wait for the person, by the step that is next."""
    opines = user.may("entrustment.opine") and not user.may("entrustment.change")
    if opines:
        # Whose word is asked: the committee's, not that of its departments.
        unit = own_organisation(user)
        if unit is None or unit.kind != Kind.PEOPLE_COMMITTEE:
            return {}
    changes, decides = user.may("entrustment.change"), user.may("entrustment.consolidate")
    every = (
        ("opine", CaseState.PROPOSED, opines),
        ("vote", CaseState.OPINED, changes),
        ("hand_over", CaseState.DECIDED, changes),
        ("decide", CaseState.VOTED, decides),
    )
    # Of the steps that the person takes: the state in which each is next.
    steps = {step: state for step, state, takes in every if takes}
    if _open_states().isdisjoint(steps.values()):
        # Most days no group of the province has such a case: nobody's scope need be asked for.
        return {}
    holding, acting = user.holding(), user.acting
    of_whom = (holding and holding.role, holding and holding.organisation_id, acting and acting.pk)
    cases = remembered.answer(
        ("group_results.open_cases", *of_whom, on), lambda: _open_cases(user, on)
    )
    # Nobody decides what he proposed.
    return {
        step: sum(state == at and (step != "decide" or by != user.pk) for state, by in cases)
        for step, at in steps.items()
    }


@remembered.remembered
def _open_states() -> frozenset[str]:
    """The states of the cases that are open anywhere: the same for everybody."""
    rows = ConsolidationCase.objects.filter(closed_on=None).order_by()
    return frozenset(rows.values_list("state", flat=True).distinct())


def _open_cases(user: User, on: date) -> tuple[tuple[str, int | None], ...]:
    """State and proposer of the open cases in scope: the same for everybody of a role and unit."""
    rows = visible_cases(user, on).filter(closed_on=None).order_by("pk")
    return tuple(rows.values_list("state", "proposed_by"))
