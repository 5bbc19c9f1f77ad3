"""Groups are founded, change, merge, end, and follow their commune through a reorganisation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from django.db import transaction
from django.db.models import Sum

from tdcs.access.models import User
from tdcs.core import trail
from tdcs.core.ending import require_free
from tdcs.core.text import squash
from tdcs.entrustment import ports
from tdcs.entrustment.errors import (
    AlreadyMember,
    DayOutside,
    DecisionMissing,
    FieldWrong,
    GroupEnded,
    GroupSmall,
    ReasonMissing,
    SameGroup,
    StillOwes,
)
from tdcs.entrustment.models import (
    BoardMember,
    DelegationContract,
    GroupAccount,
    GroupMember,
    GroupProfile,
    GroupSuccession,
    SavingsAccount,
    SavingsGroup,
)
from tdcs.entrustment.queries.groups import profile_on
from tdcs.entrustment.queries.scope import changeable_groups
from tdcs.entrustment.rules import least_members
from tdcs.entrustment.services import board
from tdcs.entrustment.services.board import Delegation
from tdcs.entrustment.services.checking import (
    day_words,
    locked,
    not_future,
    refresh_search,
    require_admissible,
    require_grown,
    require_mass_organisation,
    require_office,
    require_one_office,
    require_room,
)
from tdcs.households.models import Household, Person
from tdcs.households.queries.scope import living_areas_of
from tdcs.organisations.models import Area, Organisation, living_on
from tdcs.organisations.queries import successors

# A household and who represents it.
Joining = tuple[Household, Person]


@dataclass(frozen=True, slots=True)
class Profile:
    """What a group is called, where it is, who is behind it, which office serves it on which session day."""

    name: str
    area: Area
    hamlet: str
    mass_organisation: Organisation
    office: Organisation
    session_day: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Founding:
    """What the first meeting decided: the board, the decision, a contract when one is signed at once."""

    leader: Person
    deputy: Person | None = None
    decision: str
    contract: str = ""
    code: str = ""


def found(
    *,
    profile: Profile,
    members: Sequence[Joining],
    founding: Founding,
    since: date,
    by: User | None,
    on: date,
) -> SavingsGroup:
    """A new group with its members, board and, when numbered, delegation contract. The first meeting chose them (10A/TD).

    Raises DecisionMissing, GroupSmall, GroupFull, AlreadyMember, OtherCommune, NotMassOrganisation, OutsideYourOffice,
    LeaderNotMember, UnderAge, FieldWrong, DayOutside.
    """
    not_future(since, on)
    if not founding.decision.strip():
        raise DecisionMissing
    least = least_members(since)
    if len(members) < least:
        raise GroupSmall(least=least, count=len(members))
    with transaction.atomic():
        require_office(profile.office, by)
        made = SavingsGroup.objects.create(
            code=founding.code or f"t{uuid4().hex[:9]}",
            founded_by=squash(founding.decision)[:80],
            starts_on=since,
        )
        if not founding.code:
            # The core's codes are seven digits; ours begin with a letter, so that an import never meets them.
            made.code = f"T{made.pk:06d}"
            made.save(update_fields=["code"])
        _write_profile(made, profile, since)
        require_room(made, len(members), since)
        _join(made, profile.area, members, since)
        board.appoint(group=made, person=founding.leader, post="leader", since=since, by=by, on=on)
        if founding.deputy is not None:
            board.appoint(
                group=made, person=founding.deputy, post="deputy", since=since, by=by, on=on
            )
        if founding.contract.strip():
            board.sign_contract(
                group=made, contract=Delegation(number=founding.contract), since=since, by=by, on=on
            )
        refresh_search(made, since)
        trail.record(
            action="entrustment.found",
            subject=made,
            by=by,
            on=on,
            why=made.founded_by,
            data={"since": since, "members": len(members), "area": profile.area.code},
        )
    return made


def _join(group: SavingsGroup, area: Area, members: Sequence[Joining], since: date) -> None:
    seen: set[int] = set()
    for household, person in members:
        if household.pk in seen:
            raise AlreadyMember(household=household.code, group=group.code)
        seen.add(household.pk)
        require_admissible(household, person, group, area, since)
        require_grown(person, since)
        GroupMember.objects.create(group=group, household=household, person=person, starts_on=since)


def change_profile(
    *, group: SavingsGroup, profile: Profile, since: date, why: str, by: User | None, on: date
) -> GroupProfile:
    """Another name, hamlet, organisation, office or session day from a day on; the days before keep theirs.

    Raises GroupEnded, OutsideYourOffice, DayOutside, ReasonMissing, NotMassOrganisation, FieldWrong.
    """
    if not why.strip():
        raise ReasonMissing
    with transaction.atomic():
        row = locked(group, by=by, on=on, since=since)
        require_office(profile.office, by)
        made = _write_profile(row, profile, since)
        refresh_search(row, on)
        trail.record(
            action="entrustment.change",
            subject=row,
            by=by,
            on=on,
            why=squash(why),
            data={"since": since, "session_day": profile.session_day},
        )
    return made


def follow_point(
    *, group: SavingsGroup, day: int, since: date, by: User | None, on: date
) -> GroupProfile:
    """The group meets the bank on another day of the month from ``since`` on, which may be to come.

    In the caller's transaction, which has asked whether the person may. Raises GroupEnded, DayOutside.
    """
    row = SavingsGroup.objects.select_for_update().get(pk=group.pk)
    if row.ends_on is not None:
        raise GroupEnded(group=row.code, on=day_words(row.ends_on))
    held = profile_on(row, since)
    if held.session_day == day:
        return held
    if since < held.starts_on:
        raise DayOutside(day=day_words(since), why="đã có thay đổi sau ngày này")
    profile = Profile(held.name, held.area, held.hamlet, held.mass_organisation, held.office, day)
    made = _write_profile(row, profile, since)
    refresh_search(row, on)
    trail.record(
        action="entrustment.change",
        subject=row,
        by=by,
        on=on,
        data={"since": since, "session_day": day},
    )
    return made


def _write_profile(group: SavingsGroup, profile: Profile, since: date) -> GroupProfile:
    """The profile from ``since`` on; the one that holds ends there, or is replaced when it begins on the same day."""
    if not profile.name.strip() or not profile.hamlet.strip():
        raise FieldWrong(field="Tên tổ, ấp", why="không được để trống")
    if not 1 <= profile.session_day <= 31:
        raise FieldWrong(field="Ngày giao dịch xã", why="là ngày trong tháng, từ 1 đến 31")
    area = profile.area
    if area.level != "commune" or not Area.objects.on(since).filter(pk=area.pk).exists():
        raise FieldWrong(field="Xã, phường", why=f"không có vào ngày {day_words(since)}")
    require_mass_organisation(profile.mass_organisation, area, since)
    rows = GroupProfile.objects.select_for_update().filter(group=group)
    if rows.filter(starts_on__gt=since).exists():
        raise DayOutside(day=day_words(since), why="đã có thay đổi sau ngày này")
    rows.filter(starts_on=since).delete()
    rows.filter(ends_on=None).update(ends_on=since)
    return GroupProfile.objects.create(
        group=group,
        name=squash(profile.name),
        area=area,
        hamlet=squash(profile.hamlet),
        mass_organisation=profile.mass_organisation,
        office=profile.office,
        session_day=profile.session_day,
        search="",
        starts_on=since,
    )


def merge(
    *,
    group: SavingsGroup,
    into: SavingsGroup,
    decision: str,
    since: date,
    by: User | None,
    on: date,
) -> GroupSuccession:
    """A group passes into another of its commune: members, savings and loans follow; its board and contract end.

    Raises SameGroup, DecisionMissing, GroupEnded, GroupFull, OtherCommune, OutsideYourOffice, DayOutside, StillNeeded.
    """
    if group.pk == into.pk:
        raise SameGroup
    if not decision.strip():
        raise DecisionMissing
    with transaction.atomic():
        first, second = sorted((group, into), key=lambda one: one.pk)
        rows = {one.pk: locked(one, by=by, on=on, since=since) for one in (first, second)}
        old, new = rows[group.pk], rows[into.pk]
        require_one_office(old, new, since)
        members = list(GroupMember.objects.filter(group=old, ends_on=None).order_by("pk"))
        late = [row for row in members if row.starts_on >= since]
        if late or since <= old.starts_on:
            raise DayOutside(day=day_words(since), why="phải sau ngày kết nạp tổ viên cuối cùng")
        require_room(new, len(members), since)
        area = profile_on(new, since).area
        GroupMember.objects.filter(pk__in=[row.pk for row in members]).update(ends_on=since)
        for row in members:
            require_admissible(row.household, row.person, new, area, since)
            GroupMember.objects.create(
                group=new, household=row.household, person=row.person, starts_on=since
            )
        # Loans before savings accounts: the order in which a collection sheet locks them.
        ports.members_moved([row.household_id for row in members], old.pk, new.pk, since)
        SavingsAccount.objects.filter(group=old, closed_on=None).update(group=new)
        # Of households that left the group before, nothing may stay with a group that is no more.
        require_free("group", old, name=f"Tổ {old.code}", last=since, on=on)
        _end(old, since)
        made = GroupSuccession.objects.create(
            predecessor=old, successor=new, on=since, basis=squash(decision)[:120]
        )
        trail.record(
            action="entrustment.merge",
            subject=old,
            by=by,
            on=on,
            why=made.basis,
            data={"into": new.code, "members": len(members), "since": since},
        )
    return made


def dissolve(*, group: SavingsGroup, why: str, since: date, by: User | None, on: date) -> None:
    """The group ends; nobody of it may owe or save any more.

    Raises StillOwes, StillNeeded (a loan, savings or an application that is with the group), ReasonMissing, GroupEnded,
    DayOutside.
    """
    if not why.strip():
        raise ReasonMissing
    with transaction.atomic():
        row = locked(group, by=by, on=on, since=since)
        members = list(
            GroupMember.objects.filter(group=row, ends_on=None).select_related("household")
        )
        if since <= max([row.starts_on, *(member.starts_on for member in members)]):
            raise DayOutside(day=day_words(since), why="phải sau ngày kết nạp tổ viên cuối cùng")
        require_settled(members, on)
        require_free("group", row, name=f"Tổ {row.code}", last=since, on=on)
        SavingsAccount.objects.filter(group=row, closed_on=None).update(closed_on=since)
        GroupMember.objects.filter(group=row, ends_on=None).update(ends_on=since)
        _end(row, since)
        trail.record(
            action="entrustment.dissolve",
            subject=row,
            by=by,
            on=on,
            why=squash(why),
            data={"since": since, "members": len(members)},
        )


def require_settled(members: Sequence[GroupMember], on: date) -> None:
    """None of them owes or saves. Raises StillOwes for the first who does."""
    ids = [member.household_id for member in members]
    owes = ports.debts(ids, on)
    rows = SavingsAccount.objects.filter(household_id__in=ids, closed_on=None)
    saved = {
        row["household_id"]: row["n"]
        for row in rows.values("household_id").annotate(n=Sum("balance"))
    }
    for member in members:
        debt, savings = owes.get(member.household_id, 0), saved.get(member.household_id, 0)
        if debt or savings:
            raise StillOwes(household=member.household.code, owed=debt, saved=savings)


def _end(group: SavingsGroup, since: date) -> None:
    """What is said of the group ends with it; what would have begun on that day never was."""
    for model in (GroupProfile, BoardMember, DelegationContract, GroupAccount):
        rows = model.objects.filter(group=group)
        rows.filter(starts_on__gte=since).delete()
        rows.filter(ends_on=None).update(ends_on=since)
        rows.filter(ends_on__gt=since).update(ends_on=since)
    group.ends_on = since
    group.save(update_fields=["ends_on"])


@dataclass(frozen=True, slots=True)
class Carried:
    """Groups that followed their commune, and those that wait for a person's choice, with the communes to choose from."""

    done: tuple[SavingsGroup, ...]
    unclear: tuple[tuple[SavingsGroup, tuple[int, ...]], ...]


def follow_areas(*, by: User | None, on: date) -> Carried:
    """Groups (that the person keeps) whose commune has ceased get a profile of the commune that continues it, from that day on.

    Where a commune was divided, or no living organisation continues the one behind the group, a person chooses
    (``change_profile``). Can be run again.
    """
    carried: list[SavingsGroup] = []
    unclear: list[tuple[SavingsGroup, tuple[int, ...]]] = []
    with transaction.atomic():
        rows = GroupProfile.objects.filter(ends_on=None, area__ends_on__lte=on)
        if by is not None:
            rows = rows.filter(group__in=changeable_groups(by, on))
        rows = rows.select_related("group", "area", "mass_organisation", "office")
        for row in rows.order_by("group_id").select_for_update(of=("self",)):
            areas = living_areas_of((row.area_id,), on)[row.area_id]
            moved = _moved(row, areas, on)
            if moved is None:
                unclear.append((row.group, areas))
                continue
            since: date = row.area.ends_on
            _write_profile(row.group, moved, since)
            refresh_search(row.group, on)
            carried.append(row.group)
            trail.record(
                action="entrustment.follow_area",
                subject=row.group,
                by=by,
                on=on,
                data={"from": row.area.code, "to": moved.area.code, "since": since},
            )
    return Carried(tuple(carried), tuple(unclear))


def _moved(row: GroupProfile, areas: Sequence[int], on: date) -> Profile | None:
    if len(areas) != 1:
        return None
    area = Area.objects.get(pk=areas[0])
    behind = _heir(row.mass_organisation, on, area)
    office = _heir(row.office, on, None)
    if behind is None or office is None:
        return None
    return Profile(row.name, area, row.hamlet, behind, office, row.session_day)


def _heir(unit: Organisation, on: date, area: Area | None) -> Organisation | None:
    """The one living unit that continues another (in an area); None when there is none or several."""
    living = Organisation.objects.filter(living_on(on), pk__in=successors([unit.pk], on)[unit.pk])
    if area is not None:
        living = living.filter(profiles__area=area, type=unit.type)
    found = list(living.distinct()[:2])
    return found[0] if len(found) == 1 else None
