"""A household found twice: what follows, what stays behind, what a person must settle first, and the way back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from households_cast import TODAY, Cast, give, identity, make_household

from tdcs.audit.models import AuditLine
from tdcs.core.ports import PortUnanswered
from tdcs.households import checks, ports
from tdcs.households.errors import (
    DayOutside,
    HouseholdEnded,
    MergeRefused,
    NotAllowed,
    NotConfirmed,
    OutsideYourArea,
    ReasonMissing,
    UndoRefused,
)
from tdcs.households.models import (
    CreditNeed,
    Household,
    HouseholdSuccession,
    NeedSurvey,
    Person,
    PovertyReview,
    ReviewLine,
)
from tdcs.households.queries.finding import HouseholdFilters, find_households
from tdcs.households.rules import uncovered
from tdcs.households.services import merging, registering
from tdcs.households.services.checking import PersonData
from tdcs.households.services.merging import HouseholdMerge

pytestmark = pytest.mark.django_db
JAN, JUN = date(2026, 1, 1), date(2026, 6, 1)


@pytest.fixture
def stays(cast: Cast) -> Household:
    return make_household(
        code_hint="H-HOA",
        commune_area=cast.la_nga,
        head_name="Nguyễn Thị Hoa",
        members=[("Trần Văn Bình", "Chồng")],
    )


@pytest.fixture
def goes(cast: Cast) -> Household:
    """The same household registered again by another hand: no number for bà Hoa, a child more."""
    made = make_household(
        code_hint="H-HAI",
        commune_area=cast.la_nga,
        hamlet="Ấp Chợ",
        head_name="Nguyễn Thị Hoa",
        members=[("Trần Thị Út", "Con")],
    )
    Person.objects.filter(memberships__household=made).update(identity_number=None)
    return made


def merge(goes: Household, stays: Household, by: Any, **other: Any) -> HouseholdSuccession:
    words = {name: other.pop(name) for name in ("since", "why") if name in other}
    wish = {"since": TODAY, "why": "Đăng ký hai lần", **words}
    merger = HouseholdMerge(goes=goes, stays=stays, **wish)
    return merging.merge(merger=merger, by=by, **{"typed": goes.code, "on": TODAY, **other})


def findings() -> list[str]:
    return [words for check in checks.CHECKS.values() for words in check()]


def names(household: Household, day: date) -> list[str]:
    rows = household.members.on(day)  # type: ignore[attr-defined]
    return sorted(rows.values_list("person__full_name", flat=True))


def test_members_follow_and_nobody_comes_twice(
    cast: Cast, stays: Household, goes: Household
) -> None:
    merge(goes, stays, cast.clerk)
    assert names(stays, TODAY) == ["Nguyễn Thị Hoa", "Trần Thị Út", "Trần Văn Bình"]
    assert names(stays, date(2026, 11, 22)) == ["Nguyễn Thị Hoa", "Trần Văn Bình"]
    goes.refresh_from_db()
    assert goes.ends_on == TODAY and names(goes, TODAY) == []
    assert names(goes, date(2026, 11, 22)) == ["Nguyễn Thị Hoa", "Trần Thị Út"]
    assert stays.addresses.count() == 1 and stays.members.filter(is_head=True).count() == 1
    assert findings() == []


def test_the_identity_number_is_not_lost(cast: Cast, stays: Household, goes: Household) -> None:
    number = identity()
    first = stays.members.get(is_head=True).person
    second = goes.members.get(is_head=True).person
    Person.objects.filter(pk=first.pk).update(identity_number=None)
    Person.objects.filter(pk=second.pk).update(identity_number=number)
    made = merge(goes, stays, cast.clerk)
    first.refresh_from_db()
    assert first.identity_number == number
    merging.undo(succession=made, why="nhầm", by=cast.clerk, on=TODAY)
    assert Person.objects.get(identity_number=number) == second


def test_spells_follow_without_overlap_and_come_back(
    cast: Cast, stays: Household, goes: Household
) -> None:
    goes.spells.all().delete()
    earlier = give(goes, "near_poor", since=date(2024, 1, 1), until=date(2025, 1, 1))
    longer = give(goes, "poor", since=date(2025, 6, 1))
    made = merge(goes, stays, cast.clerk)
    rows = list(stays.spells.order_by("starts_on").values_list("kind", "starts_on", "ends_on"))
    assert rows == [
        ("near_poor", date(2024, 1, 1), date(2025, 1, 1)),
        ("poor", date(2025, 6, 1), JAN),
        ("poor", JAN, None),
    ]
    for row in (earlier, longer):
        row.refresh_from_db()
    assert earlier.household == stays and (longer.household, longer.ends_on) == (goes, TODAY)
    merging.undo(succession=made, why="nhầm", by=cast.clerk, on=TODAY)
    assert [s.kind for s in stays.spells.all()] == ["poor"]
    back = goes.spells.order_by("starts_on").values_list("kind", "starts_on", "ends_on")
    assert list(back) == [
        ("near_poor", date(2024, 1, 1), date(2025, 1, 1)),
        ("poor", date(2025, 6, 1), None),
    ]
    assert findings() == []


def test_an_approved_list_keeps_its_spells(cast: Cast, stays: Household, goes: Household) -> None:
    review = PovertyReview.objects.create(
        area=cast.la_nga, year=2025, state="approved", decision_number="9/QĐ", decision_on=JAN
    )
    for household in (goes, stays):
        ReviewLine.objects.create(review=review, household=household, result="poor")
        household.spells.update(review=review, decision_number="9/QĐ")
    older = PovertyReview.objects.create(area=cast.la_nga, year=2024, state="approved")
    line = ReviewLine.objects.create(review=older, household=goes, result="none")
    assert findings() == []
    merge(goes, stays, cast.clerk)
    line.refresh_from_db()
    assert line.household == stays
    assert review.lines.count() == 2 and goes.review_lines.get().review == review
    assert findings() == []


def test_needs_and_papers_follow(cast: Cast, stays: Household, goes: Household) -> None:
    from test_scans import paper

    from tdcs.households.services import scans

    closed = NeedSurvey.objects.create(area=cast.la_nga, year=2025, closed_on=JAN)
    for household, programme in ((stays, "HN"), (goes, "HN"), (goes, "NSVSMT")):
        CreditNeed.objects.create(
            survey=closed, household=household, programme=programme, amount=5, told_on=JAN
        )
    kept = scans.add_scan(household=goes, paper=paper(), by=cast.clerk, on=TODAY)
    made = merge(goes, stays, cast.clerk)
    assert sorted(stays.needs.values_list("programme", flat=True)) == ["HN", "NSVSMT"]
    assert stays.scans.get() == kept
    merging.undo(succession=made, why="nhầm", by=cast.clerk, on=TODAY)
    assert goes.needs.count() == 2 and goes.scans.get() == kept


def test_every_reason_is_told_at_once(cast: Cast, stays: Household, goes: Household) -> None:
    goes.spells.update(kind="near_poor")
    survey = NeedSurvey.objects.create(area=cast.la_nga, year=2026)
    review = PovertyReview.objects.create(area=cast.la_nga, year=2026)
    for household in (stays, goes):
        CreditNeed.objects.create(
            survey=survey, household=household, programme="HN", amount=5, told_on=JAN
        )
        ReviewLine.objects.create(review=review, household=household)
    head = goes.members.get(is_head=True).person
    Person.objects.filter(pk=head.pk).update(identity_number=identity())
    with pytest.raises(MergeRefused) as refused:
        merge(goes, stays, cast.clerk, since=JAN)
    said = " | ".join(refused.value.reasons)
    assert len(refused.value.reasons) == 6, said
    for words in (
        "hai số định danh",
        "phải sau điều gần nhất đã ghi về hộ H-HAI",
        "phải sau điều gần nhất đã ghi về hộ H-HOA",
        "Hộ cận nghèo",
        "rà soát năm 2026 chưa duyệt",
        "đợt khảo sát 2026 chưa chốt",
    ):
        assert words in said, words
    seen = merging.foresee(goes=goes, stays=stays, since=JAN, by=cast.clerk, on=TODAY)
    assert seen.reasons == refused.value.reasons
    assert not HouseholdSuccession.objects.exists() and goes.ends_on is None


def test_two_people_of_one_name_are_for_a_person_to_settle(
    cast: Cast, stays: Household, goes: Household
) -> None:
    Person.objects.filter(memberships__household=stays).update(
        full_name="Nguyễn Thị Hoa", search="nguyen thi hoa", born_on=None
    )
    with pytest.raises(MergeRefused, match="trùng với nhiều người"):
        merge(goes, stays, cast.clerk)


def test_another_birthday_is_another_person(cast: Cast, stays: Household, goes: Household) -> None:
    Person.objects.filter(memberships__household=goes, memberships__is_head=True).update(
        born_on=date(2001, 1, 1)
    )
    merge(goes, stays, cast.clerk)
    assert names(stays, TODAY).count("Nguyễn Thị Hoa") == 2
    assert findings() == []


def test_who_may_merge_and_what_must_be_said(cast: Cast, stays: Household, goes: Household) -> None:
    with pytest.raises(NotConfirmed):
        merge(goes, stays, cast.clerk, typed="H-HOA")
    with pytest.raises(ReasonMissing):
        merge(goes, stays, cast.clerk, why=" ")
    with pytest.raises(DayOutside):
        merge(goes, stays, cast.clerk, since=date(2026, 11, 24))
    with pytest.raises(NotAllowed):
        merge(goes, stays, cast.chair)
    with pytest.raises(OutsideYourArea):
        merge(goes, stays, cast.far_officer)
    far = make_household(code_hint="H-XA", commune_area=cast.other, head_name="Bà Xa")
    with pytest.raises(OutsideYourArea):
        merge(far, stays, cast.clerk)
    with pytest.raises(MergeRefused, match="hai mã là cùng một hộ"):
        merge(stays, stays, cast.clerk)
    merge(goes, stays, cast.officer)
    with pytest.raises(HouseholdEnded):
        merge(goes, stays, cast.officer)


def test_a_merge_is_undone_later_and_the_days_between_stay(
    cast: Cast, stays: Household, goes: Household
) -> None:
    made = merge(goes, stays, cast.clerk, since=JUN)
    later = date(2026, 11, 23)
    merging.undo(succession=made, why="hai hộ khác nhau", by=cast.clerk, on=later)
    goes.refresh_from_db()
    assert goes.ends_on is None
    assert names(goes, later) == ["Nguyễn Thị Hoa", "Trần Thị Út"]
    assert names(stays, later) == ["Nguyễn Thị Hoa", "Trần Văn Bình"]
    assert "Trần Thị Út" in names(stays, JUN) and names(goes, JUN) == []
    assert findings() == []
    with pytest.raises(UndoRefused, match="đã hoàn tác"):
        merging.undo(succession=made, why="lần nữa", by=cast.clerk, on=later)
    again = merge(goes, stays, cast.clerk, on=date(2026, 11, 24), since=date(2026, 11, 24))
    assert again.pk != made.pk and goes.successions.count() == 2


def test_nothing_new_may_have_been_written(cast: Cast, stays: Household, goes: Household) -> None:
    made = merge(goes, stays, cast.clerk, since=JUN)
    registering.add_member(
        household=stays,
        person=PersonData("Trần Văn Tý"),
        relation="Con",
        since=TODAY,
        by=cast.clerk,
        on=TODAY,
    )
    with pytest.raises(UndoRefused, match="đã ghi thêm về hồ sơ hộ"):
        merging.undo(succession=made, why="nhầm", by=cast.clerk, on=TODAY)
    goes.refresh_from_db()
    assert goes.ends_on == JUN


def test_a_room_that_has_not_answered_stops_the_merge(
    cast: Cast, stays: Household, goes: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(ports.mergers.provided, "loans")
    with pytest.raises(PortUnanswered, match=r"households\.mergers has no provider by loans"):
        merge(goes, stays, cast.clerk)
    goes.refresh_from_db()
    assert goes.ends_on is None


def test_both_names_are_found_and_the_trail_names_both(
    cast: Cast, stays: Household, goes: Household
) -> None:
    Person.objects.filter(memberships__household=goes, memberships__is_head=True).update(
        full_name="Nguyễn Thị Hòa Bình", search="nguyen thi hoa binh"
    )
    registering.refresh_search(goes)
    made = merge(goes, stays, cast.clerk)
    for words in ("H-HAI", "hoa binh", "H-HOA", "tran thi ut"):
        found = find_households(cast.clerk, HouseholdFilters(words=words), TODAY)
        assert list(found) == [stays], words
    lines = AuditLine.objects.filter(action="households.merge").order_by("pk")
    assert [(line.subject_words, line.actor) for line in lines] == [
        ("H-HAI", cast.clerk),
        ("H-HOA", cast.clerk),
    ]
    assert lines[0].data["into"] == "H-HOA" and lines[0].why == "Đăng ký hai lần"
    merging.undo(succession=made, why="nhầm", by=cast.clerk, on=TODAY)
    assert list(find_households(cast.clerk, HouseholdFilters(words="H-HAI"), TODAY)) == [goes]


def test_the_pages_of_a_merge(
    cast: Cast, stays: Household, goes: Household, signed_in: Any
) -> None:
    client = signed_in(cast.clerk)
    address = reverse("households:merge", args=[stays.pk])
    page = client.get(address).content.decode()
    assert "H-HAI" in page and f"?with={goes.pk}" in page
    assert "H-HAI" in client.get(address, {"q": "H-HAI"}).content.decode()
    preview = f"{address}?with={goes.pk}"
    page = client.get(preview).content.decode()
    assert "Hộ sẽ mất" in page and "1 thành viên" in page
    assert "Nguyễn Thị Hoa = Nguyễn Thị Hoa" in page and goes.ends_on is None
    sent = {"since": "2026-11-23", "why": "Trùng", "typed": "H-HOA"}
    assert "không phải mã hộ sẽ mất" in client.post(preview, sent).content.decode()
    assert client.post(preview, sent | {"typed": "H-HAI"}).status_code == 302
    home, old = (reverse("households:household", args=[row.pk]) for row in (stays, goes))
    moved = client.get(old, follow=True)
    assert moved.redirect_chain[-1][0] == home
    assert "Hộ H-HAI đã gộp vào hộ này từ ngày 23/11/2026." in moved.content.decode()
    kept = client.get(old, {"old": 1}).content.decode()
    assert "Hộ này đã gộp vào hộ H-HOA từ ngày 23/11/2026: Trùng." in kept
    made = HouseholdSuccession.objects.get()
    back = reverse("households:undo_merge", args=[stays.pk, made.pk])
    assert back in client.get(home).content.decode()
    assert client.post(back, {"why": "nhầm"})["Location"] == old
    assert client.get(old).status_code == 200
    assert "đã hoàn tác" in client.get(home).content.decode()
    assert signed_in(cast.other_clerk).get(address).status_code == 404
    assert signed_in(cast.chair).get(address).status_code == 403


def test_conflicts_stand_on_the_preview(
    cast: Cast, stays: Household, goes: Household, signed_in: Any
) -> None:
    goes.spells.update(kind="near_poor")
    address = reverse("households:merge", args=[stays.pk]) + f"?with={goes.pk}"
    page = signed_in(cast.clerk).get(address).content.decode()
    assert "Chưa gộp được" in page and "kết thúc diện sai trước" in page
    assert 'name="typed"' not in page


D = date


@pytest.mark.parametrize(
    ("mine", "others", "left"),
    [
        ((D(2024, 1, 1), D(2027, 1, 1)), [], [(D(2024, 1, 1), D(2027, 1, 1))]),
        (
            (D(2024, 1, 1), D(2027, 1, 1)),
            [(D(2025, 1, 1), D(2026, 1, 1))],
            [(D(2024, 1, 1), D(2025, 1, 1)), (D(2026, 1, 1), D(2027, 1, 1))],
        ),
        ((D(2024, 1, 1), None), [(D(2025, 1, 1), None)], [(D(2024, 1, 1), D(2025, 1, 1))]),
        ((D(2024, 1, 1), D(2025, 1, 1)), [(D(2025, 1, 1), None)], [(D(2024, 1, 1), D(2025, 1, 1))]),
        ((D(2025, 1, 1), None), [(D(2024, 1, 1), D(2025, 1, 1))], [(D(2025, 1, 1), None)]),
        ((D(2025, 1, 1), D(2026, 1, 1)), [(D(2024, 1, 1), None)], []),
        ((D(2025, 1, 1), None), [(D(2025, 1, 1), D(2026, 1, 1))], [(D(2026, 1, 1), None)]),
    ],
)
def test_what_the_other_stretches_do_not_cover(mine: Any, others: Any, left: Any) -> None:
    assert uncovered(mine, others) == left


def test_days_one_by_one_agree_with_the_stretches() -> None:
    """The same by another arithmetic: each day of a fortnight on its own."""
    days = [date(2026, 3, n) for n in range(1, 15)]
    for first in range(0, 12, 3):
        for length in (1, 4, 9):
            mine = (days[first], days[min(13, first + length)])
            others = [(days[4], days[6]), (days[8], days[11])]
            left = uncovered(mine, others)
            for day in days:
                within = mine[0] <= day < mine[1] and not any(a <= day < b for a, b in others)
                assert within == any(a <= day and (b is None or day < b) for a, b in left)
