"""A household or a person of it is of a kind from a day to a day, by a decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q

from tdcs.access.models import User
from tdcs.core import trail
from tdcs.core.text import squash
from tdcs.households.errors import (
    DayOutside,
    KindNeedsPerson,
    KindUnknown,
    ReasonMissing,
    SpellOverlaps,
)
from tdcs.households.models import EligibilitySpell, Household, Person, Standard
from tdcs.households.services.checking import (
    Decision,
    after,
    locked,
    not_future,
    require_decision,
)
from tdcs.households.standards import Kind, kinds


@dataclass(frozen=True, kw_only=True, slots=True)
class Entitlement:
    """What a household, or one of its people, is found to be, and for how long."""

    kind: str
    since: date
    until: date | None = None
    person: Person | None = None
    standard: str = Standard.NATIONAL


def grant(
    *, household: Household, entitlement: Entitlement, decision: Decision, by: User | None, on: date
) -> EligibilitySpell:
    """A spell begins by decision; a kind that lasts a number of months ends by itself.

    Raises KindUnknown, KindNeedsPerson, SpellOverlaps, DecisionMissing, DayOutside.
    """
    of = _kind(entitlement.kind)
    with transaction.atomic():
        row = locked(household, by=by, on=on)
        person = _person(row, of, entitlement.person, entitlement.since)
        paper = require_decision(decision, on)
        if entitlement.since < row.starts_on:
            raise DayOutside(day=f"{entitlement.since:%d/%m/%Y}", why="trước khi có hộ")
        ends_on = entitlement.until or of.until(entitlement.since)
        if ends_on is not None:
            after(ends_on, entitlement.since, "ngày bắt đầu")
        refuse_overlap(row, of, person, entitlement.since, ends_on)
        made = EligibilitySpell.objects.create(
            household=row,
            person=person,
            kind=entitlement.kind,
            standard=entitlement.standard,
            starts_on=entitlement.since,
            ends_on=ends_on,
            decision_number=paper.number,
            decision_on=paper.on,
            decided_by=paper.by,
        )
        trail.record(
            action="households.grant",
            subject=row,
            by=by,
            on=on,
            data={
                "kind": entitlement.kind,
                "since": entitlement.since,
                "until": ends_on,
                "decision": paper.number,
            },
        )
    return made


def end_spell(
    *, spell: EligibilitySpell, last: date, why: str, by: User | None, on: date
) -> EligibilitySpell:
    """A spell ends: ``last`` is the first day on which it no longer holds; ``why`` names the paper."""
    not_future(last, on)
    if not why.strip():
        raise ReasonMissing
    with transaction.atomic():
        row = locked(spell.household, by=by, on=on)
        held: EligibilitySpell = EligibilitySpell.objects.select_for_update().get(pk=spell.pk)
        after(last, held.starts_on, "ngày bắt đầu")
        if held.ends_on is not None and held.ends_on <= last:
            raise DayOutside(day=f"{last:%d/%m/%Y}", why=f"diện đã hết từ {held.ends_on:%d/%m/%Y}")
        held.ends_on = last
        held.save(update_fields=["ends_on"])
        trail.record(
            action="households.end_spell",
            subject=row,
            by=by,
            on=on,
            why=squash(why),
            data={"kind": held.kind, "last": last},
        )
    return held


def refuse_overlap(
    household: Household, kind: Kind, person: Person | None, since: date, until: date | None
) -> None:
    """Raises SpellOverlaps when a spell of the kind holds on a day of [since, until)."""
    rows = household.spells.filter(Q(ends_on=None) | Q(ends_on__gt=since), kind=kind.code)
    rows = rows.filter(person=person)
    if until is not None:
        rows = rows.filter(starts_on__lt=until)
    other = rows.first()
    if other is not None:
        ends = f" đến trước {other.ends_on:%d/%m/%Y}" if other.ends_on else ""
        raise SpellOverlaps(kind=kind.name, starts_on=f"{other.starts_on:%d/%m/%Y}", until=ends)


def _kind(code: str) -> Kind:
    found = kinds().get(code)
    if found is None:
        raise KindUnknown(kind=code)
    return found


def _person(household: Household, kind: Kind, person: Person | None, since: date) -> Person | None:
    if not kind.of_person:
        return None
    belongs = household.members.filter(Q(ends_on=None) | Q(ends_on__gt=since), person=person)
    if person is None or not belongs.exists():
        raise KindNeedsPerson(kind=kind.name)
    return person
