"""Households come, change, move, split, end; who sees them; personal data."""

from __future__ import annotations

from datetime import date

import pytest
from households_cast import TODAY, Cast, area_of, identity, make_household

from tdcs.audit.models import AuditLine
from tdcs.households.checks import CHECKS
from tdcs.households.errors import (
    DayOutside,
    FieldWrong,
    HeadLeaves,
    HouseholdEnded,
    IdentityTaken,
    NotACommune,
    OutsideYourArea,
)
from tdcs.households.models import Household
from tdcs.households.queries.finding import HouseholdFilters, find_households, heads_and_places
from tdcs.households.queries.scope import changeable_households, visible_households
from tdcs.households.services import registering
from tdcs.households.services.checking import PersonData
from tdcs.households.services.registering import NewHome, Place
from tdcs.households.services.unmasking import unmask
from tdcs.organisations.models import Area

pytestmark = pytest.mark.django_db


def _head(name: str = "Nguyễn Thị Hoa", number: str | None = None) -> PersonData:
    return PersonData(name, date(1975, 3, 2), "female", number, "0901 234 512")


def _register(cast: Cast, **changes: object) -> Household:
    told: dict[str, object] = {
        "head": _head(number=identity()),
        "place": Place(cast.la_nga, "Ấp Mít Nài", "số 12"),
        "since": date(2026, 1, 1),
        "by": cast.clerk,
        "on": TODAY,
    }
    return registering.register(**(told | changes))  # type: ignore[arg-type]


def test_a_household_gets_a_code_a_head_an_address_and_a_line_in_the_trail(cast: Cast) -> None:
    made = _register(cast, members=[(PersonData("Trần Văn Bình"), "Chồng")])
    assert made.code.startswith("H") and len(made.code) == 8
    assert [m.relation for m in made.members.order_by("pk")] == ["Chủ hộ", "Chồng"]
    assert made.members.get(is_head=True).person.full_name == "Nguyễn Thị Hoa"
    assert made.addresses.get().hamlet == "Ấp Mít Nài"
    assert made.search.startswith(f"{made.code.lower()} nguyen thi hoa tran van binh")
    line = AuditLine.objects.filter(action="households.register").get()
    assert line.actor == cast.clerk and line.data["members"] == 2


@pytest.mark.parametrize(
    ("data", "field"),
    [
        (PersonData("X"), "Họ và tên"),
        (PersonData("Lê 2 Hai"), "Họ và tên"),
        (PersonData("Lê Hai", date(2026, 11, 24)), "Ngày sinh"),
        (PersonData("Lê Hai", None, "", "07512345678"), "Số định danh"),
        (PersonData("Lê Hai", None, "", "0751234567890"), "Số định danh"),
        (PersonData("Lê Hai", None, "", "07512345678a"), "Số định danh"),
        (PersonData("Lê Hai", None, "", None, "12345"), "Điện thoại"),
    ],
)
def test_what_is_written_wrongly_is_refused_by_field(
    cast: Cast, data: PersonData, field: str
) -> None:
    with pytest.raises(FieldWrong) as refused:
        _register(cast, head=data)
    assert refused.value.params["field"] == field
    assert not Household.objects.exists()


def test_born_today_is_no_future(cast: Cast) -> None:
    assert _register(cast, head=PersonData("Lê Hai", TODAY)).pk


def test_an_identity_number_belongs_to_one_person_and_tells_only_who_may_see(cast: Cast) -> None:
    number = identity()
    first = _register(cast, head=_head(number=number))
    with pytest.raises(IdentityTaken) as near:
        _register(cast, head=_head("Lê Thị Lan", number))
    assert first.code in str(near.value)
    with pytest.raises(IdentityTaken) as far:
        _register(
            cast,
            head=_head("Lê Thị Lan", number),
            place=Place(cast.other, "Khu phố 2"),
            by=cast.other_clerk,
        )
    assert first.code not in str(far.value) and "Hoa" not in str(far.value)
    assert "ngoài địa bàn" in str(far.value)


def test_who_left_may_join_another_household_under_the_same_number(cast: Cast) -> None:
    number = identity()
    made = _register(cast, members=[(_head("Trần Thị Út", number), "Con")])
    child = made.members.get(is_head=False)
    registering.end_membership(
        member=child, last=date(2026, 6, 1), why="lấy chồng", by=cast.clerk, on=TODAY
    )
    other = _register(cast)
    joined = registering.add_member(
        household=other,
        person=_head("Trần Thị Út", number),
        relation="Con dâu",
        since=date(2026, 6, 1),
        by=cast.clerk,
        on=TODAY,
    )
    assert joined.person_id == child.person_id
    made.refresh_from_db()
    assert "tran thi ut" not in made.search


def test_a_household_is_never_without_its_head(cast: Cast) -> None:
    made = _register(cast, members=[(PersonData("Trần Văn Bình"), "Chồng")])
    head, other = made.members.order_by("pk")
    with pytest.raises(HeadLeaves):
        registering.end_membership(
            member=head, last=date(2026, 5, 1), why="mất", by=cast.clerk, on=TODAY
        )
    registering.change_head(
        household=made, member=other, since=date(2026, 5, 1), by=cast.clerk, on=TODAY
    )
    heads = made.members.filter(is_head=True).order_by("starts_on")
    assert [(m.person.full_name, m.ends_on) for m in heads] == [
        ("Nguyễn Thị Hoa", date(2026, 5, 1)),
        ("Trần Văn Bình", None),
    ]


def test_a_move_changes_who_sees_the_household_from_its_day(cast: Cast) -> None:
    made = _register(cast)
    registering.move(
        household=made,
        place=Place(cast.other, "Khu phố 1"),
        since=date(2026, 11, 1),
        by=cast.clerk,
        on=TODAY,
    )
    assert not visible_households(cast.clerk, TODAY).exists()
    assert visible_households(cast.other_clerk, TODAY).get() == made
    assert [a.ends_on for a in made.addresses.order_by("starts_on")] == [date(2026, 11, 1), None]
    with pytest.raises(OutsideYourArea):
        registering.move(
            household=made,
            place=Place(cast.la_nga, "Ấp 1"),
            since=date(2026, 11, 20),
            by=cast.clerk,
            on=TODAY,
        )


def test_a_split_household_takes_its_members_and_no_eligibility(cast: Cast) -> None:
    made = make_household(
        commune_area=cast.la_nga,
        head_name="Bà Hoa",
        members=[("Trần Văn Nam", "Con"), ("Lý Thị Sen", "Con dâu")],
    )
    son, wife = made.members.filter(is_head=False).order_by("pk")
    new = registering.split(
        household=made,
        new_home=NewHome(head=son, members=[wife]),
        since=date(2026, 7, 1),
        by=cast.clerk,
        on=TODAY,
    )
    assert new.members.get(is_head=True).person.full_name == "Trần Văn Nam"
    assert new.members.count() == 2 and made.members.filter(ends_on=None).count() == 1
    assert new.addresses.get().area == cast.la_nga and not new.spells.exists()
    with pytest.raises(HeadLeaves):
        registering.split(
            household=made,
            new_home=NewHome(head=made.members.get(ends_on=None)),
            since=date(2026, 8, 1),
            by=cast.clerk,
            on=TODAY,
        )


def test_an_ended_household_ends_with_all_it_has_and_changes_no_more(cast: Cast) -> None:
    made = make_household(commune_area=cast.la_nga, head_name="Bà Hoa", since=date(2026, 2, 1))
    with pytest.raises(DayOutside):
        registering.end_household(
            household=made, last=date(2026, 2, 1), why="mất", by=cast.clerk, on=TODAY
        )
    registering.end_household(
        household=made, last=date(2026, 10, 1), why="chủ hộ mất", by=cast.clerk, on=TODAY
    )
    for rows in (made.members, made.addresses, made.spells):
        assert list(rows.values_list("ends_on", flat=True)) == [date(2026, 10, 1)]
    with pytest.raises(HouseholdEnded):
        registering.move(
            household=made, place=Place(cast.la_nga, "Ấp 2"), since=TODAY, by=cast.clerk, on=TODAY
        )
    assert visible_households(cast.clerk, TODAY).get() == made
    assert not find_households(cast.clerk, HouseholdFilters(), TODAY).exists()
    assert find_households(cast.clerk, HouseholdFilters(), date(2026, 9, 30)).get() == made


def test_scope(cast: Cast) -> None:
    here = make_household(commune_area=cast.la_nga, head_name="Bà Hoa")
    there = make_household(commune_area=cast.other, head_name="Ông Tư")
    sees = {
        user.username: set(visible_households(user))
        for user in (
            cast.clerk,
            cast.chair,
            cast.women,
            cast.officer,
            cast.other_clerk,
            cast.far_officer,
            cast.planner,
            cast.finance,
        )
    }
    assert sees["la-nga"] == sees["chu-tich"] == sees["phu-nu"] == sees["can-bo"] == {here}
    assert sees["long-thanh"] == sees["can-bo-khac"] == {there}
    assert sees["ke-hoach"] == {here, there}
    # A department reads figures, not households.
    assert sees["so-tai-chinh"] == set()
    assert (
        set(changeable_households(cast.clerk)) == set(changeable_households(cast.officer)) == {here}
    )
    assert not changeable_households(cast.women).exists()
    assert not changeable_households(cast.finance).exists()


def test_the_successor_sees_the_households_of_the_old_commune(cast: Cast) -> None:
    old = Area.objects.get(code="c26227")
    made = make_household(commune_area=old, head_name="Bà Xưa", since=date(2023, 5, 1))
    assert visible_households(cast.clerk, TODAY).get() == made
    assert (
        find_households(cast.planner, HouseholdFilters(commune=cast.la_nga.pk), TODAY).get() == made
    )
    assert not visible_households(cast.other_clerk, TODAY).exists()
    assert heads_and_places([made.pk], TODAY)[made.pk].commune == "xã La Ngà (cũ)"
    with pytest.raises(NotACommune):
        registering.move(
            household=made,
            place=Place(old, "Ấp 1"),
            since=date(2026, 1, 1),
            by=cast.clerk,
            on=TODAY,
        )


def test_search(cast: Cast) -> None:
    number = identity()
    hoa = make_household(
        code_hint="H-HOA",
        commune_area=cast.la_nga,
        hamlet="Ấp Đồn",
        head_name="Nguyễn Thị Hòa",
        identity_number=number,
        kinds=("poor",),
    )
    make_household(commune_area=cast.la_nga, head_name="Lê Văn Tám", kinds=("near_poor",))

    def found(**filters: object) -> list[Household]:
        return list(find_households(cast.clerk, HouseholdFilters(**filters), TODAY))  # type: ignore[arg-type]

    assert found(words="thi hoa") == found(words="H-HOA") == found(words=number) == [hoa]
    assert found(words="ap don") == found(hamlet="Ấp Đồn") == found(kind="poor") == [hoa]
    assert found(words=number[:11]) == [] and len(found()) == 2
    assert list(find_households(cast.other_clerk, HouseholdFilters(words=number), TODAY)) == []
    assert list(find_households(cast.clerk, HouseholdFilters(), date(2025, 12, 31))) == []


def test_personal_data_is_masked_and_each_unmasking_leaves_a_line(cast: Cast) -> None:
    made = make_household(
        commune_area=cast.la_nga, head_name="Bà Hoa", identity_number="075012345612"
    )
    face = heads_and_places([made.pk], TODAY)[made.pk]
    assert (face.identity, face.phone) == ("0750••••••12", "090•••••12")
    head = made.members.get().person
    before = AuditLine.objects.filter(action="households.unmask").count()
    assert unmask(household=made, person=head, what="identity", by=cast.clerk, on=TODAY) == (
        "075012345612"
    )
    line = AuditLine.objects.filter(action="households.unmask").latest("id")
    assert AuditLine.objects.filter(action="households.unmask").count() == before + 1
    assert line.data == {"person": head.pk, "what": "identity_number"}
    assert "075012345612" not in str(AuditLine.objects.values_list("data", "subject_words"))


def test_the_checks_hold_and_find_what_is_broken(cast: Cast) -> None:
    made = make_household(
        commune_area=area_of("La Ngà"), head_name="Bà Hoa", members=[("Con Út", "Con")]
    )
    assert {name: list(check()) for name, check in CHECKS.items()} == {key: [] for key in CHECKS}
    made.members.update(is_head=True)
    made.addresses.all().delete()
    assert list(CHECKS["households.living_households_have_one_head"]()) == [
        f"hộ {made.code}: 2 chủ hộ"
    ]
    assert list(CHECKS["households.living_households_have_an_address"]()) == [
        f"hộ {made.code}: không có nơi ở"
    ]
    Household.objects.filter(pk=made.pk).update(ends_on=date(2026, 6, 1))
    assert len(list(CHECKS["households.nothing_outlives_its_household"]())) == 2
