"""A household found twice: the one that stays takes over the history of the other, which is kept and says where it went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from tdcs.access.models import User
from tdcs.core import clock, trail
from tdcs.core.text import squash
from tdcs.households import ports
from tdcs.households.errors import (
    HouseholdEnded,
    MergeRefused,
    NotConfirmed,
    OutsideYourArea,
    ReasonMissing,
    UndoRefused,
)
from tdcs.households.models import Household, HouseholdMember, HouseholdSuccession
from tdcs.households.ports import Merger, Merging
from tdcs.households.queries.scope import changeable_households
from tdcs.households.services.checking import last_day_told, not_future, refresh_search
from tdcs.households.services.following import OwnRows
from tdcs.households.services.scans import require
from tdcs.organisations.models import living_on


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A merge as it would be: who is one person in both, what follows, and everything that stands in its way."""

    people: list[tuple[HouseholdMember, HouseholdMember]]
    follows: list[tuple[str, int]]
    reasons: list[str]


def foresee(
    *, goes: Household, stays: Household, since: date, by: User | None, on: date
) -> Foreseen:
    """What ``merge`` would do, without doing it. Raises NotAllowed, OutsideYourArea, HouseholdEnded."""
    _require(goes, stays, by, on)
    pairs, doubtful = _people(goes, stays, since)
    merging = _merging(goes, stays, since, pairs, by, on)
    follows = [row for room in _rooms().values() for row in room.counts(merging) if row[1]]
    return Foreseen(pairs, follows, [*doubtful, *_reasons(merging)])


@dataclass(frozen=True, kw_only=True, slots=True)
class HouseholdMerge:
    """One household passes into another."""

    goes: Household
    stays: Household
    since: date
    why: str


def merge(*, merger: HouseholdMerge, typed: str, by: User | None, on: date) -> HouseholdSuccession:
    """``goes`` passes into ``stays`` from ``since`` on. ``typed``: the code of the one that goes, typed once more.

    Raises MergeRefused with all reasons, NotConfirmed, ReasonMissing, DayOutside, NotAllowed, OutsideYourArea,
    HouseholdEnded.
    """
    if not merger.why.strip():
        raise ReasonMissing
    if typed.strip() != merger.goes.code:
        raise NotConfirmed(typed=typed.strip()[:20], goes=merger.goes.code)
    not_future(merger.since, on)
    with transaction.atomic():
        rows = _locked(merger.goes, merger.stays)
        old, new = rows[merger.goes.pk], rows[merger.stays.pk]
        _require(old, new, by, on)
        pairs, doubtful = _people(old, new, merger.since)
        merging = _merging(old, new, merger.since, pairs, by, on)
        reasons = [*doubtful, *_reasons(merging)]
        if reasons:
            raise MergeRefused(goes=old.code, stays=new.code, reasons=reasons)
        note: dict[str, object] = {room: part.follow(merging) for room, part in _rooms().items()}
        note["people"] = [[one, other] for one, other in merging.people.items()]
        made = HouseholdSuccession.objects.create(
            predecessor=old,
            successor=new,
            on=merger.since,
            why=squash(merger.why)[:300],
            by=by,
            at=clock.now(),
        )
        refresh_search(new)
        note["written"] = _written(new)
        made.followed = note
        made.save(update_fields=["followed"])
        for subject, other, word in ((old, new, "into"), (new, old, "from")):
            trail.record(
                action="households.merge",
                subject=subject,
                by=by,
                on=on,
                why=squash(merger.why),
                data={word: other.code, "since": merger.since, "people": len(merging.people)},
            )
    return made


def undo(
    *, succession: HouseholdSuccession, why: str, by: User | None, on: date
) -> HouseholdSuccession:
    """The household that went lives again from ``on`` on, with what it brought along; only while nothing new was written on
    the one that stayed.

    Raises UndoRefused, ReasonMissing, NotAllowed, OutsideYourArea.
    """
    if not why.strip():
        raise ReasonMissing
    with transaction.atomic():
        held = HouseholdSuccession.objects.select_for_update().get(pk=succession.pk)
        rows = _locked(held.predecessor, held.successor)
        old, new = rows[held.predecessor_id], rows[held.successor_id]
        _require_mine(new, by, on)
        _require_untouched(held, old, new, on)
        people = dict(held.followed["people"])
        merging = Merging(old, new, held.on, people, by, on)
        for room, part in _rooms().items():
            part.back(merging, held.followed[room])
        held.undone_on, held.undone_by, held.undone_why = on, by, squash(why)[:300]
        held.save(update_fields=["undone_on", "undone_by", "undone_why"])
        refresh_search(old)
        refresh_search(new)
        for subject, other in ((old, new), (new, old)):
            trail.record(
                action="households.undo_merge",
                subject=subject,
                by=by,
                on=on,
                why=squash(why),
                data={"other": other.code, "merged_on": held.on},
            )
    return held


def _rooms() -> dict[str, Merger]:
    """The rooms that take part: this one first, for memberships stand on members."""
    return {"households": OwnRows(), **ports.mergers.parts()}


def _merging(
    goes: Household,
    stays: Household,
    since: date,
    pairs: list[tuple[HouseholdMember, HouseholdMember]],
    by: User | None,
    on: date,
) -> Merging:
    people = {one.person_id: other.person_id for one, other in pairs}
    return Merging(goes, stays, since, people, by, on)


def _reasons(merging: Merging) -> list[str]:
    since, reasons = merging.since, []
    for household in (merging.goes, merging.stays):
        last = last_day_told(household)
        if since <= last:
            reasons.append(
                f"ngày {since:%d/%m/%Y} phải sau điều gần nhất đã ghi về hộ {household.code} ({last:%d/%m/%Y})"
            )
    return reasons + [words for room in _rooms().values() for words in room.reasons(merging)]


def _people(
    goes: Household, stays: Household, since: date
) -> tuple[list[tuple[HouseholdMember, HouseholdMember]], list[str]]:
    """Members who are one person in both: the same name, and no birthday or identity number that says otherwise.

    The same name and birthday under two identity numbers, or a name that fits several people, is for a person to settle.
    """
    there: dict[str, list[HouseholdMember]] = {}
    for member in stays.members.filter(living_on(since)).select_related("person"):
        there.setdefault(member.person.search, []).append(member)
    pairs, reasons, taken = [], [], set()
    for member in goes.members.filter(living_on(since)).select_related("person").order_by("pk"):
        found = [row for row in there.get(member.person.search, []) if _same_birth(member, row)]
        name = member.person.full_name
        if len(found) > 1 or (found and found[0].pk in taken):
            reasons.append(f"tên {name} trùng với nhiều người: ghi ngày sinh, số định danh trước")
        elif found and not _same_number(member, found[0]):
            if member.person.born_on and found[0].person.born_on:
                reasons.append(f"{name} mang hai số định danh khác nhau: đối chiếu giấy tờ trước")
        elif found:
            pairs.append((member, found[0]))
            taken.add(found[0].pk)
    return pairs, reasons


def _same_birth(one: HouseholdMember, other: HouseholdMember) -> bool:
    days = {one.person.born_on, other.person.born_on} - {None}
    return len(days) < 2


def _same_number(one: HouseholdMember, other: HouseholdMember) -> bool:
    return not (one.person.identity_number and other.person.identity_number)


def _locked(goes: Household, stays: Household) -> Mapping[int, Household]:
    keys = (goes.pk, stays.pk)
    rows = Household.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    return {row.pk: row for row in rows}


def _require(goes: Household, stays: Household, by: User | None, on: date) -> None:
    if goes.pk == stays.pk:
        raise MergeRefused(goes=goes.code, stays=stays.code, reasons=["hai mã là cùng một hộ"])
    for household in (goes, stays):
        if household.ends_on is not None:
            raise HouseholdEnded(code=household.code, on=f"{household.ends_on:%d/%m/%Y}")
        _require_mine(household, by, on)


def _require_mine(household: Household, by: User | None, on: date) -> None:
    require(by, "households.merge", "Gộp hộ")
    if by is not None and not changeable_households(by, on).filter(pk=household.pk).exists():
        raise OutsideYourArea


def _require_untouched(held: HouseholdSuccession, old: Household, new: Household, on: date) -> None:
    words = {"goes": old.code, "stays": new.code}
    if held.undone_on is not None:
        raise UndoRefused(**words, why=f"đã hoàn tác ngày {held.undone_on:%d/%m/%Y}")
    if on < held.on:
        raise UndoRefused(**words, why=f"ngày {on:%d/%m/%Y} trước ngày gộp")
    names = {"households": "hồ sơ hộ", "entrustment": "tổ và tiền gửi", "loans": "vay vốn"}
    now = _written(new)
    changed = [names.get(room, room) for room in now if held.followed["written"][room] != now[room]]
    if changed:
        raise UndoRefused(**words, why=f"từ khi gộp đã ghi thêm về {', '.join(changed)}")


def _written(household: Household) -> dict[str, str]:
    return {room: part.written(household) for room, part in _rooms().items()}
