"""Groups are founded, grow, shrink, move, merge, end and follow their commune."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from groups_cast import (
    SINCE,
    TODAY,
    Cast,
    area_of,
    head_of,
    make_account,
    make_group,
    make_home,
    unit,
)

from tdcs.audit.models import AuditLine
from tdcs.entrustment import checks, errors
from tdcs.entrustment.models import (
    BoardMember,
    GroupMember,
    GroupProfile,
    GroupSuccession,
    SavingsAccount,
    SavingsGroup,
)
from tdcs.entrustment.queries.groups import groups_on, members_on, profile_on
from tdcs.entrustment.services import board, groups, members
from tdcs.entrustment.services.board import Delegation
from tdcs.entrustment.services.groups import Founding, Profile
from tdcs.entrustment.services.members import Transfer
from tdcs.organisations.models import Area

pytestmark = pytest.mark.django_db
NOVEMBER = date(2026, 11, 2)


def _profile(cast: Cast, **changes: Any) -> Profile:
    fields = {
        "name": "Tổ  Hoa Mai",
        "area": cast.la_nga,
        "hamlet": "Ấp Đồn",
        "mass_organisation": cast.women,
        "office": cast.office,
        "session_day": 12,
    }
    return Profile(**(fields | changes))


def _found(cast: Cast, homes: list[Any] | None = None, **changes: Any) -> SavingsGroup:
    homes = homes or [make_home(cast.la_nga) for _ in range(5)]
    given = {
        "profile": _profile(cast),
        "members": [(home, head_of(home)) for home in homes],
        "since": NOVEMBER,
        "by": cast.officer,
        "on": TODAY,
    }
    board = {
        "leader": head_of(homes[0]),
        "deputy": head_of(homes[1]),
        "decision": "15/QĐ-UBND",
        "contract": "11/HĐ-2026",
    }
    founding = Founding(**{name: changes.pop(name, value) for name, value in board.items()})
    return groups.found(founding=founding, **(given | changes))


def _sound() -> None:
    assert {name: list(check()) for name, check in checks.CHECKS.items()} == {
        name: [] for name in checks.CHECKS
    }


def test_a_group_is_founded_with_board_and_contract(cast: Cast) -> None:
    made = _found(cast)
    assert made.code == f"T{made.pk:06d}" and made.founded_by == "15/QĐ-UBND"
    profile = profile_on(made, TODAY)
    assert (profile.name, profile.session_day) == ("Tổ Hoa Mai", 12)
    assert "to hoa mai ap don" in profile.search and "ho so" in profile.search
    assert members_on(made, TODAY).count() == 5 and members_on(made, SINCE).count() == 0
    assert [row.post for row in made.board.order_by("-post")] == ["leader", "deputy"]
    assert made.contracts.get().number == "11/HĐ-2026"
    assert AuditLine.objects.filter(action="entrustment.found").count() == 1
    _sound()


def test_five_are_enough_four_are_not(cast: Cast) -> None:
    homes = [make_home(cast.la_nga) for _ in range(4)]
    with pytest.raises(errors.GroupSmall, match="Tổ cần ít nhất 5 tổ viên, mới có 4"):
        _found(cast, homes)
    assert SavingsGroup.objects.count() == 1


def test_sixty_fit_and_the_next_does_not(cast: Cast) -> None:
    homes = [make_home(cast.la_nga) for _ in range(60)]
    made = _found(cast, homes)
    more = make_home(cast.la_nga)
    with pytest.raises(errors.GroupFull, match="đã có 60 tổ viên; tối đa 60"):
        members.admit(
            group=made, household=more, person=head_of(more), since=TODAY, by=cast.officer, on=TODAY
        )
    with pytest.raises(errors.GroupFull):
        _found(cast, [*(make_home(cast.la_nga) for _ in range(60)), more])


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"decision": " "}, errors.DecisionMissing),
        ({"since": date(2026, 11, 24)}, errors.DayOutside),
        ({"session": 32}, errors.FieldWrong),
        ({"name": " "}, errors.FieldWrong),
        ({"mass": "far"}, errors.NotMassOrganisation),
        ({"mass": "ubnd"}, errors.NotMassOrganisation),
        ({"by": "far"}, errors.OutsideYourOffice),
        ({"by": "clerk"}, errors.OutsideYourOffice),
        ({"leader": "outsider"}, errors.LeaderNotMember),
    ],
)
def test_what_founding_refuses(cast: Cast, changes: dict[str, Any], refused: type) -> None:
    given: dict[str, Any] = {k: v for k, v in changes.items() if k in ("decision", "since")}
    if "session" in changes:
        given["profile"] = _profile(cast, session_day=changes["session"])
    if "name" in changes:
        given["profile"] = _profile(cast, name=changes["name"])
    if "mass" in changes:
        code = (
            f"hoi-phu-nu@{cast.far.code}"
            if changes["mass"] == "far"
            else f"ubnd@{cast.la_nga.code}"
        )
        given["profile"] = _profile(cast, mass_organisation=unit(code))
    if "by" in changes:
        given["by"] = cast.far_officer if changes["by"] == "far" else cast.clerk
    if "leader" in changes:
        given["leader"] = head_of(make_home(cast.la_nga))
    with pytest.raises(refused):
        _found(cast, **given)
    assert SavingsGroup.objects.count() == 1 and GroupMember.objects.count() == 6


def test_the_branch_may_found_for_an_office(cast: Cast) -> None:
    assert _found(cast, by=cast.branch_officer).pk


def test_the_same_household_twice_is_refused(cast: Cast) -> None:
    homes = [make_home(cast.la_nga) for _ in range(5)]
    with pytest.raises(errors.AlreadyMember):
        _found(cast, [*homes, homes[0]])


def test_a_household_of_another_commune_or_group_is_refused(cast: Cast) -> None:
    stranger = make_home(cast.far)
    with pytest.raises(errors.OtherCommune, match=stranger.code):
        members.admit(
            group=cast.group,
            household=stranger,
            person=head_of(stranger),
            since=TODAY,
            by=cast.officer,
            on=TODAY,
        )
    other = _found(cast)
    with pytest.raises(errors.AlreadyMember, match="đang là tổ viên của tổ 4606001"):
        members.admit(
            group=other,
            household=cast.homes[2],
            person=head_of(cast.homes[2]),
            since=TODAY,
            by=cast.officer,
            on=TODAY,
        )


def test_the_representative_belongs_to_the_household(cast: Cast) -> None:
    home, other = make_home(cast.la_nga), make_home(cast.la_nga)
    with pytest.raises(errors.PersonNotInHousehold):
        members.admit(
            group=cast.group,
            household=home,
            person=head_of(other),
            since=TODAY,
            by=cast.officer,
            on=TODAY,
        )


def test_nobody_leaves_with_debt_or_savings(cast: Cast, nobody_above: Any) -> None:
    home = cast.homes[3]
    account = make_account(cast.group, home)

    def leave() -> Any:
        return members.leave(
            group=cast.group,
            household=home,
            why="Chuyển đi nơi khác",
            since=TODAY,
            by=cast.officer,
            on=TODAY,
        )

    nobody_above.owes = lambda ids, on: {home.pk: 1} if home.pk in ids else {}
    with pytest.raises(errors.StillOwes, match="còn dư nợ 1 đồng, tiền gửi 0 đồng"):
        leave()
    nobody_above.owes = lambda *_: {}
    SavingsAccount.objects.filter(pk=account.pk).update(balance=5)
    with pytest.raises(errors.StillOwes, match="tiền gửi 5 đồng"):
        leave()
    SavingsAccount.objects.filter(pk=account.pk).update(balance=0)
    left = leave()
    account.refresh_from_db()
    assert left.ends_on == account.closed_on == TODAY
    assert members_on(cast.group, date(2026, 11, 22)).count() == 6
    assert members_on(cast.group, TODAY).count() == 5
    with pytest.raises(errors.NotInGroup):
        leave()
    _sound()


def test_the_leader_leaves_only_after_another_was_chosen(cast: Cast) -> None:
    hoa, third = cast.homes[0], cast.homes[2]
    given = {"why": "Nghỉ", "since": TODAY, "by": cast.officer, "on": TODAY}
    with pytest.raises(errors.OnTheBoard, match="Lê Thị Hoa đang là tổ trưởng"):
        members.leave(group=cast.group, household=hoa, **given)
    board.appoint(
        group=cast.group,
        person=head_of(third),
        post="leader",
        since=NOVEMBER,
        by=cast.officer,
        on=TODAY,
    )
    members.leave(group=cast.group, household=hoa, **given)
    posts = BoardMember.objects.filter(group=cast.group, post="leader").order_by("starts_on")
    assert [(row.person_id, row.ends_on) for row in posts] == [
        (head_of(hoa).pk, NOVEMBER),
        (head_of(third).pk, None),
    ]
    _sound()


def test_the_deputy_who_becomes_leader_is_deputy_no_longer(cast: Cast) -> None:
    board.appoint(
        group=cast.group,
        person=head_of(cast.homes[1]),
        post="leader",
        since=NOVEMBER,
        by=cast.officer,
        on=TODAY,
    )
    living = BoardMember.objects.filter(group=cast.group, ends_on=None)
    assert [(row.person_id, row.post) for row in living] == [(head_of(cast.homes[1]).pk, "leader")]


def test_the_database_knows_one_leader(cast: Cast) -> None:
    with pytest.raises(IntegrityError, match="one_leader"), transaction.atomic():
        BoardMember.objects.create(
            group=cast.group, person=head_of(cast.homes[4]), post="leader", starts_on=TODAY
        )


def test_a_new_contract_ends_the_one_before(cast: Cast) -> None:
    made = _found(cast)
    board.sign_contract(
        group=made, contract=Delegation(number="12/HĐ"), since=TODAY, by=cast.officer, on=TODAY
    )
    assert list(made.contracts.order_by("starts_on").values_list("number", "ends_on")) == [
        ("11/HĐ-2026", TODAY),
        ("12/HĐ", None),
    ]
    with pytest.raises(errors.ContractMissing):
        board.sign_contract(
            group=made, contract=Delegation(number=" "), since=TODAY, by=cast.officer, on=TODAY
        )


def test_a_change_keeps_the_days_before(cast: Cast) -> None:
    groups.change_profile(
        group=cast.group,
        profile=_profile(cast, mass_organisation=cast.farmers, session_day=20),
        since=NOVEMBER,
        why="Đổi hội quản lý",
        by=cast.officer,
        on=TODAY,
    )
    before, after = profile_on(cast.group, date(2026, 11, 1)), profile_on(cast.group, NOVEMBER)
    assert (before.session_day, before.mass_organisation) == (15, cast.women)
    assert (after.session_day, after.mass_organisation) == (20, cast.farmers)
    with pytest.raises(errors.DayOutside, match="đã có thay đổi sau ngày này"):
        groups.change_profile(
            group=cast.group,
            profile=_profile(cast),
            since=date(2026, 10, 1),
            why="Muộn",
            by=cast.officer,
            on=TODAY,
        )


def test_a_member_moves_with_savings_and_loans(cast: Cast, nobody_above: Any) -> None:
    followed: list[Any] = []
    nobody_above.follow = lambda *given: followed.append(given)
    other, home = _found(cast), cast.homes[5]
    account = make_account(cast.group, home)
    given = {"since": TODAY, "by": cast.officer, "on": TODAY}
    into_other = Transfer(household=home, group=cast.group, into=other, why="Gần nhà")
    with pytest.raises(errors.SameGroup):
        members.move(transfer=replace(into_other, into=cast.group), **given)
    moved = members.move(transfer=into_other, **given)
    account.refresh_from_db()
    assert moved.group == account.group == other
    assert followed == [([home.pk], cast.group.pk, other.pk, TODAY)]
    assert members_on(cast.group, TODAY).count() == 5 and members_on(other, TODAY).count() == 6
    _sound()


def test_no_move_between_offices(cast: Cast) -> None:
    far = make_group(
        code="9999001",
        commune_area=cast.far,
        office=cast.far_office,
        mass_organisation=unit(f"hoi-phu-nu@{cast.far.code}"),
    )
    with pytest.raises(errors.OtherOffice):
        members.move(
            transfer=Transfer(group=cast.group, household=cast.homes[5], into=far, why="Xa"),
            since=TODAY,
            by=cast.branch_officer,
            on=TODAY,
        )


def test_groups_merge(cast: Cast, nobody_above: Any) -> None:
    followed: list[Any] = []
    nobody_above.follow = lambda *given: followed.append(given)
    old = _found(cast)
    accounts = [make_account(old, row.household) for row in members_on(old, TODAY)]
    made = groups.merge(
        group=old,
        into=cast.group,
        decision="20/QĐ-UBND",
        since=TODAY,
        by=cast.officer,
        on=TODAY,
    )
    old.refresh_from_db()
    assert (old.ends_on, made.basis) == (TODAY, "20/QĐ-UBND")
    assert GroupSuccession.objects.get().successor == cast.group
    assert members_on(cast.group, TODAY).count() == 11 and members_on(old, TODAY).count() == 0
    assert {account.group_id for account in SavingsAccount.objects.all()} == {cast.group.pk}
    assert len(accounts) == 5 == len(followed[0][0])
    assert not old.board.filter(ends_on=None) and not old.contracts.filter(ends_on=None)
    assert list(groups_on(TODAY)) == [cast.group]
    assert list(groups_on(date(2026, 11, 22)).order_by("pk")) == [cast.group, old]
    with pytest.raises(errors.GroupEnded, match="đã thôi hoạt động từ ngày 23/11/2026"):
        groups.merge(
            group=old, into=cast.group, decision="21", since=TODAY, by=cast.officer, on=TODAY
        )
    _sound()


def test_a_merger_too_large_is_refused_whole(cast: Cast) -> None:
    old = _found(cast, [make_home(cast.la_nga) for _ in range(55)])
    with pytest.raises(errors.GroupFull):
        groups.merge(
            group=old, into=cast.group, decision="20", since=TODAY, by=cast.officer, on=TODAY
        )
    assert members_on(old, TODAY).count() == 55 and members_on(cast.group, TODAY).count() == 6


def test_a_group_ends_when_nobody_owes(cast: Cast, nobody_above: Any) -> None:
    given = {"why": "Không còn vay", "since": TODAY, "by": cast.officer, "on": TODAY}
    nobody_above.owes = lambda ids, on: {cast.homes[1].pk: 700}
    with pytest.raises(errors.StillOwes, match="700"):
        groups.dissolve(group=cast.group, **given)
    nobody_above.owes = lambda *_: {}
    groups.dissolve(group=cast.group, **given)
    cast.group.refresh_from_db()
    assert cast.group.ends_on == TODAY and not GroupMember.objects.filter(ends_on=None)
    _sound()


def _old_commune(new: Area) -> Area:
    """The only commune of before 1/7/2025 that wholly passed into today's."""
    return Area.objects.filter(
        level="commune", successions__successor=new, successions__portion="whole"
    )[0]


def test_a_group_follows_its_commune_through_the_reorganisation(cast: Cast) -> None:
    old = _old_commune(cast.la_nga)
    women = unit(f"hoi-phu-nu@{old.code}")
    group = make_group(
        code="1000001",
        commune_area=old,
        office=cast.office,
        mass_organisation=women,
        since=date(2024, 3, 1),
    )
    carried = groups.follow_areas(by=None, on=TODAY)
    assert carried.done == (group,) and carried.unclear == ()
    assert profile_on(group, date(2025, 6, 30)).area == old
    assert profile_on(group, date(2025, 7, 1)).area == cast.la_nga
    assert profile_on(group, date(2025, 7, 1)).mass_organisation == cast.women
    assert GroupProfile.objects.filter(group=group).count() == 2
    assert groups.follow_areas(by=None, on=TODAY).done == ()


def test_a_divided_commune_waits_for_a_person(cast: Cast) -> None:
    old = Area.objects.get(code="c26449")
    group = make_group(
        code="1000002",
        commune_area=old,
        office=cast.office,
        mass_organisation=unit("hoi-phu-nu@c26449"),
        since=date(2024, 3, 1),
    )
    carried = groups.follow_areas(by=None, on=TODAY)
    assert carried.done == () and carried.unclear[0][0] == group
    assert len(carried.unclear[0][1]) == 2


def test_a_household_with_an_old_address_joins_in_the_new_commune(cast: Cast) -> None:
    home = make_home(_old_commune(cast.la_nga), since=date(2024, 1, 1))
    made = members.admit(
        group=cast.group,
        household=home,
        person=head_of(home),
        since=TODAY,
        by=cast.officer,
        on=TODAY,
    )
    assert made.starts_on == TODAY


def test_checks_find_what_was_altered_behind_the_back(cast: Cast) -> None:
    GroupMember.objects.filter(household=cast.homes[0]).update(ends_on=date(2026, 2, 1))
    found = list(checks.one_leader_of_the_members())
    assert found == ["tổ 4606001: Lê Thị Hoa trong ban quản lý mà không phải tổ viên"]
    SavingsGroup.objects.filter(pk=cast.group.pk).update(ends_on=date(2026, 3, 1))
    assert "tổ 4606001 đã kết thúc mà còn tổ viên" in list(checks.nothing_outlives_its_group())
    assert area_of("La Ngà") == cast.la_nga
