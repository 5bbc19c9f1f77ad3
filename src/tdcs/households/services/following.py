"""This room's part of a merge: members, addresses, spells of eligibility, review lines, needs and papers follow."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, TypeVar

from django.db import connection
from django.db.models import Q, QuerySet

from tdcs.households.models import (
    CreditNeed,
    EligibilitySpell,
    Household,
    HouseholdAddress,
    HouseholdMember,
    HouseholdScan,
    Person,
    PovertyReview,
    ReviewLine,
)
from tdcs.households.ports import Merging
from tdcs.households.rules import REVIEWED, Stretch, uncovered
from tdcs.households.services.dated_rows import hand_back, hand_over
from tdcs.households.standards import kinds
from tdcs.organisations.models import living_on

_WRITTEN_SQL: Final = """
    SELECT md5(coalesce(string_agg(d, '|' ORDER BY d), '')) FROM (
        SELECT 'h' || h::text FROM (SELECT id, code, starts_on, ends_on FROM households_household) h
         WHERE h.id = %(id)s
        UNION ALL SELECT 'm' || m::text || p::text FROM households_householdmember m
          JOIN households_person p ON p.id = m.person_id WHERE m.household_id = %(id)s
        UNION ALL SELECT 'a' || t::text FROM households_householdaddress t WHERE t.household_id = %(id)s
        UNION ALL SELECT 's' || t::text FROM households_eligibilityspell t WHERE t.household_id = %(id)s
        UNION ALL SELECT 'l' || t::text FROM households_reviewline t WHERE t.household_id = %(id)s
        UNION ALL SELECT 'n' || t::text FROM households_creditneed t WHERE t.household_id = %(id)s
        UNION ALL SELECT 'p' || t::text FROM households_householdscan t WHERE t.household_id = %(id)s
    ) AS rows(d)
"""


Owned = TypeVar("Owned", ReviewLine, CreditNeed, HouseholdScan)


class OwnRows:
    """The households room as one of those that take part in a merge."""

    def reasons(self, merging: Merging) -> list[str]:
        """Classes that contradict each other, lists and surveys still open with both households."""
        return [*_classes(merging), *_open_lists(merging), *_open_surveys(merging)]

    def counts(self, merging: Merging) -> list[tuple[str, int]]:
        """What would follow."""
        goes = merging.goes
        living = goes.members.filter(living_on(merging.since))
        return [
            ("thành viên", living.exclude(person__in=merging.people).count()),
            ("diện thụ hưởng", goes.spells.count()),
            ("dòng rà soát", goes.review_lines.count()),
            ("nhu cầu vay", goes.needs.count()),
            ("giấy tờ quét", goes.scans.count()),
        ]

    def follow(self, merging: Merging) -> dict[str, object]:
        """Have it follow; the household that goes ends."""
        goes, since = merging.goes, merging.since
        note: dict[str, object] = {
            "members": hand_over(goes.members.all(), since, lambda row: _member(row, merging)),
            "addresses": hand_over(goes.addresses.all(), since, lambda _row: None),
            **_spells_follow(merging),
            "needs": _moved(CreditNeed, _free_needs(merging), merging),
            "scans": _moved(HouseholdScan, _free_scans(merging), merging),
            "numbers": _numbers_follow(merging),
        }
        goes.ends_on = since
        goes.save(update_fields=["ends_on"])
        return note

    def back(self, merging: Merging, note: Mapping[str, Any]) -> None:
        """Undo it from the day on; spells, lines, needs and papers are the first household's as if they never left."""
        goes, since, on = merging.goes, merging.since, merging.on
        goes.ends_on = None
        goes.save(update_fields=["ends_on"])
        hand_back(HouseholdMember, note["members"], since, on)
        hand_back(HouseholdAddress, note["addresses"], since, on)
        EligibilitySpell.objects.filter(pk__in=note["spells_made"]).delete()
        for key, person in note["spells"]:
            EligibilitySpell.objects.filter(pk=key).update(household=goes, person_id=person)
        for key, end in note["spells_ended"]:
            day = date.fromisoformat(end) if end else None
            EligibilitySpell.objects.filter(pk=key).update(ends_on=day)
        for model, name in ((ReviewLine, "lines"), (CreditNeed, "needs"), (HouseholdScan, "scans")):
            rows = model.objects.filter(pk__in=note[name])
            rows.update(household=goes)
        for giver, taker in note["numbers"]:
            _give_number(taker, giver)

    def written(self, household: Household) -> str:
        """A digest of all rows of this room about a household."""
        with connection.cursor() as cursor:
            cursor.execute(_WRITTEN_SQL, {"id": household.pk})
            return str(cursor.fetchone()[0])


def _classes(merging: Merging) -> list[str]:
    """Poor in one register and near-poor in the other: somebody must say which is right."""
    known = kinds()

    def held(household: Household) -> set[str]:
        rows = household.spells.filter(living_on(merging.since), kind__in=REVIEWED, person=None)
        return set(rows.values_list("kind", flat=True))

    one, other = held(merging.goes), held(merging.stays)
    if not one or not other or one == other:
        return []
    names = [
        ", ".join(sorted(known[kind].name for kind in found if kind in known))
        for found in (one, other)
    ]
    return [
        f"hộ {merging.goes.code} đang là {names[0]}, hộ {merging.stays.code} đang là {names[1]}: kết thúc diện sai trước"
    ]


def _open_lists(merging: Merging) -> list[str]:
    lines = ReviewLine.objects.exclude(review__state=PovertyReview.State.APPROVED)
    both = lines.filter(household=merging.goes).filter(
        review__in=lines.filter(household=merging.stays).values("review")
    )
    return [
        f"cả hai hộ có trong danh sách rà soát năm {line.review.year} chưa duyệt: bỏ một dòng trước"
        for line in both.select_related("review")
    ]


def _open_surveys(merging: Merging) -> list[str]:
    needs = CreditNeed.objects.filter(survey__closed_on=None)
    mine = needs.filter(household=merging.stays)
    reasons = []
    for need in needs.filter(household=merging.goes).select_related("survey"):
        if mine.filter(survey=need.survey, programme=need.programme).exists():
            reasons.append(
                f"cả hai hộ có nhu cầu vay {need.programme} trong đợt khảo sát {need.survey.year}"
                " chưa chốt: bỏ một nhu cầu trước"
            )
    return reasons


def _member(row: HouseholdMember, merging: Merging) -> Mapping[str, object] | None:
    """Who is in both households already does not join twice; the head of the one is a member of the other."""
    if row.person_id in merging.people:
        return None
    relation = "Thành viên" if row.is_head else row.relation
    return {"household_id": merging.stays.pk, "is_head": False, "relation": relation}


def _spells_follow(merging: Merging) -> dict[str, object]:
    """Spells go over where the other household has none of the kind; a review's line goes with its spells."""
    goes, stays = merging.goes, merging.stays
    kept: dict[tuple[str, int | None], list[Stretch]] = {}
    for row in stays.spells.all():
        kept.setdefault((row.kind, row.person_id), []).append((row.starts_on, row.ends_on))
    reviewed = set(stays.review_lines.values_list("review_id", flat=True))
    rows = list(goes.spells.select_for_update().order_by("starts_on", "pk"))
    free = {
        row.pk: uncovered((row.starts_on, row.ends_on), kept.get(_about(row, merging), []))
        for row in rows
    }
    bound = reviewed | {row.review_id for row in rows if free[row.pk] != [_stretch(row)]}
    moved: list[tuple[int, int | None]] = []
    made: list[int] = []
    ended: list[tuple[int, str | None]] = []
    for row in rows:
        before, person = row.person_id, _about(row, merging)[1]
        whole = free[row.pk] == [_stretch(row)]
        if whole and (row.review_id is None or row.review_id not in bound):
            moved.append((row.pk, before))
            row.household, row.person_id = stays, person
            row.save(update_fields=["household", "person"])
            continue
        made += [_piece(row, stays, person, stretch) for stretch in free[row.pk]]
        if row.ends_on is None or row.ends_on > merging.since:
            ended.append((row.pk, row.ends_on.isoformat() if row.ends_on else None))
            row.ends_on = merging.since
            row.save(update_fields=["ends_on"])
    lines = goes.review_lines.exclude(review__in={key for key in bound if key is not None})
    return {
        "spells": moved,
        "spells_made": made,
        "spells_ended": ended,
        "lines": _moved(ReviewLine, lines, merging),
    }


def _about(row: EligibilitySpell, merging: Merging) -> tuple[str, int | None]:
    person = row.person_id
    return row.kind, merging.people.get(person, person) if person is not None else None


def _stretch(row: EligibilitySpell) -> Stretch:
    return row.starts_on, row.ends_on


def _piece(row: EligibilitySpell, stays: Household, person: int | None, stretch: Stretch) -> int:
    """The part of a spell that the other household did not have; the review that began it keeps the whole."""
    made = EligibilitySpell.objects.create(
        household=stays,
        person_id=person,
        kind=row.kind,
        standard=row.standard,
        decision_number=row.decision_number,
        decision_on=row.decision_on,
        decided_by_id=row.decided_by_id,
        starts_on=stretch[0],
        ends_on=stretch[1],
    )
    return made.pk


def _free_needs(merging: Merging) -> QuerySet[CreditNeed]:
    taken = Q()
    for survey, programme in merging.stays.needs.values_list("survey_id", "programme"):
        taken |= Q(survey_id=survey, programme=programme)
    rows: QuerySet[CreditNeed] = merging.goes.needs.all()
    return rows.exclude(taken) if taken else rows


def _free_scans(merging: Merging) -> QuerySet[HouseholdScan]:
    there = merging.stays.scans.filter(removed_at=None).values("sha256")
    rows: QuerySet[HouseholdScan] = merging.goes.scans.exclude(removed_at=None, sha256__in=there)
    return rows


def _moved(model: type[Owned], rows: QuerySet[Owned], merging: Merging) -> list[int]:
    keys = list(rows.order_by("pk").select_for_update().values_list("pk", flat=True))
    model.objects.filter(pk__in=keys).update(household=merging.stays)
    return keys


def _numbers_follow(merging: Merging) -> list[list[int]]:
    """The identity number goes over to who has none: the same person must not lose it."""
    given = []
    for giver, taker in merging.people.items():
        if _give_number(giver, taker):
            given.append([giver, taker])
    return given


def _give_number(giver: int, taker: int) -> bool:
    people = {p.pk: p for p in Person.objects.select_for_update().filter(pk__in=(giver, taker))}
    number = people[giver].identity_number
    if not number or people[taker].identity_number:
        return False
    people[giver].identity_number = None
    people[giver].save(update_fields=["identity_number"])
    people[taker].identity_number = number
    people[taker].save(update_fields=["identity_number"])
    return True
