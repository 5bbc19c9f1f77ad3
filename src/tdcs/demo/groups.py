"""Weak boards in the demonstration: one case that was handed over, one that waits for the group's meeting; reminders."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from tdcs.access.models import RoleHolding, User
from tdcs.access.permissions import Role
from tdcs.core import clock
from tdcs.demo.cast import cast
from tdcs.entrustment.models import SavingsGroup
from tdcs.entrustment.queries.groups import board_on, members_on, profiles_on
from tdcs.group_results.queries.quality import grades_of, last_rated
from tdcs.group_results.rules.consolidating import handed_over, least_present, weak_ground
from tdcs.group_results.services import consolidating
from tdcs.group_results.services.consolidating import Handover, Meeting, Proposal
from tdcs.organisations.models import Kind, Level, Organisation, OrganisationProfile, living_on
from tdcs.plans.models import Channel, Obligation, Plan
from tdcs.plans.services.reminders import remind_units
from tdcs.plans.states import OPEN_STATES

_DONE_BEFORE, _REMINDED = 10, 60
_OFFICERS = (Role.LOAN_OFFICER, Role.CREDIT_HEAD)
# Officer, the commune's clerk, the office's director.
People = tuple[User, User | None, User | None]
_REASON = "Tổ trưởng không đôn đốc thu lãi, bỏ nhiều phiên giao dịch"


def write(plan: Plan, *, on: date, by: User) -> None:
    """Cases of weak boards, and reminders under the plan."""
    consolidate(on=on)
    remind(plan=plan, by=by, on=on)


def consolidate(*, on: date) -> None:
    """Two cases of weak boards, through the services: the first goes the whole way, where its office and commune have people."""
    chosen = [(group, people) for group in _weak(on) if (people := _people(group, on))]
    chosen.sort(key=lambda one: None in one[1])
    with transaction.atomic():
        for at, (group, people) in enumerate(chosen[:2]):
            _case(group, people, on, whole=at == 0 and None not in people)


def _weak(on: date) -> list[SavingsGroup]:
    """Groups with a weak board, those of the cast's office first."""
    last = last_rated(on)
    if last is None:
        return []
    keys = list(SavingsGroup.objects.filter(living_on(on)).values_list("pk", flat=True))
    weak = [key for key, grades in grades_of(keys, last).items() if weak_ground(grades, on)]
    own = Organisation.objects.get(code=cast().office).pk
    profiles = profiles_on(weak, on)
    weak.sort(key=lambda key: (profiles[key].office_id != own, key))
    found = SavingsGroup.objects.in_bulk(weak)
    return [found[key] for key in weak]


def _people(group: SavingsGroup, on: date) -> People | None:
    """Officer of the office or else the branch, the commune's clerk, the office's director; None without an officer."""
    profile = profiles_on([group.pk], on)[group.pk]
    committee = OrganisationProfile.objects.filter(
        living_on(on), area=profile.area_id, organisation__kind=Kind.PEOPLE_COMMITTEE,
        organisation__level=Level.COMMUNE,
    ).first()  # fmt: skip
    officer = _holder(profile.office_id, _OFFICERS, on)
    if officer is None:
        return None
    clerk = _holder(committee.organisation_id, (Role.UNIT_CLERK,), on) if committee else None
    return officer, clerk, _holder(profile.office_id, (Role.OFFICE_DIRECTOR,), on)


def _holder(unit: int, roles: tuple[str, ...], on: date) -> User | None:
    held = RoleHolding.objects.on(on).filter(organisation=unit, role__in=roles)
    row = held.select_related("user").order_by("user__username").first()
    return row.user if row else None


def _case(group: SavingsGroup, people: People, on: date, *, whole: bool) -> None:
    """Proposed ten days ago, agreed to where the commune has a clerk; the whole way, or waiting for the next step."""
    day = on - timedelta(days=_DONE_BEFORE)
    officer, clerk, director = people
    seated = set(board_on(group, day).values_list("person_id", flat=True))
    members = list(members_on(group, day))
    new = next((one.person for one in members if one.person_id not in seated), None)
    if new is None:
        return
    with clock.fixed_today(day):
        proposal = Proposal(kind="replace", leader=new, reason=_REASON)
        case = consolidating.propose(group=group, proposal=proposal, by=officer, on=day)
        if clerk is not None:
            consolidating.opine(
                case=case, agrees=True, number="27/UBND-KT", words="Nhất trí", by=clerk, on=day
            )
    if not whole or director is None:
        return
    there = [one.pk for one in members[: least_present(len(members), day)]]
    meeting = Meeting(
        held_on=day, attended=there, votes_for=len(there), votes_against=0, chair="Trưởng ấp"
    )
    with clock.fixed_today(on):
        consolidating.hold_meeting(case=case, meeting=meeting, by=officer, on=on)
        consolidating.decide(case=case, number="18/QĐ-PGD", by=director, on=on)
        given = Handover(
            receiver=new.full_name, witness="Trưởng ấp", books=handed_over(), cash=1_250_000
        )
        consolidating.hand_over(case=case, given=given, by=officer, on=on)


def remind(*, plan: Plan, by: User, on: date) -> None:
    """The branch reminds units of what they owe, the longest due first, where somebody of theirs has an account."""
    units = RoleHolding.objects.on(on).exclude(user__is_active=False).values("organisation")
    rows = Obligation.objects.filter(plan=plan, state__in=OPEN_STATES, holder__in=units)
    chosen = rows.filter(period_start__lte=on).order_by("due_on", "pk")[:_REMINDED]
    with clock.fixed_today(on):
        remind_units(plans=[plan], obligations=chosen, channel=Channel.IN_APP, by=by, on=on)
