"""A commune's yearly review: list, import with all errors, comparison, two people, spells."""

from __future__ import annotations

import io
from datetime import date

import pytest
import xlsxwriter
from django.utils.translation import gettext as _
from households_cast import TODAY, Cast, give, make_household, person

from tdcs.access.models import User
from tdcs.documents.errors import NotATable
from tdcs.documents.reading.rows import SheetRow, pasted_rows, read_rows
from tdcs.households.checks import CHECKS
from tdcs.households.errors import (
    DayOutside,
    DecisionMissing,
    FieldWrong,
    HouseholdsLeftOut,
    LinesUnmeasured,
    ListNotReadable,
    MakerApproves,
    NoPovertyLine,
    OutsideYourArea,
    ReviewEmpty,
    ReviewExists,
    ReviewFuture,
    ReviewNotOpen,
    ReviewRowsRefused,
    SpellsAhead,
)
from tdcs.households.models import (
    EligibilitySpell,
    Household,
    HouseholdAddress,
    HouseholdMember,
    Person,
    PovertyReview,
)
from tdcs.households.queries.reviews import summary
from tdcs.households.queries.waiting import waiting_for
from tdcs.households.services import reviews
from tdcs.households.services.checking import Decision, next_codes
from tdcs.households.services.importing import SAMPLE, import_lines, read_day
from tdcs.households.services.reviews import Measures

pytestmark = pytest.mark.django_db
NEXT_YEAR = date(2027, 1, 1)
SEEN = date(2026, 10, 1)


def _house(cast: Cast, name: str, *kinds: str) -> Household:
    return make_household(commune_area=cast.la_nga, head_name=name, kinds=kinds)


def _open(cast: Cast) -> PovertyReview:
    return reviews.open_review(area=cast.la_nga, year=2026, by=cast.clerk, on=TODAY)


def _put(cast: Cast, review: PovertyReview, household: Household, income: int, short: int) -> None:
    reviews.put_line(
        review=review,
        household=household,
        measures=Measures(income_per_head=income, deprivations=short, measured_on=SEEN),
        by=cast.clerk,
        on=TODAY,
    )


def _decision(cast: Cast, on: date = TODAY) -> Decision:
    return Decision("456/QĐ-UBND", on, cast.ubnd)


def _state(household: Household, day: date) -> set[str]:
    return {s.kind for s in EligibilitySpell.objects.on(day).filter(household=household)}


def test_a_year_from_list_to_spells(cast: Cast) -> None:
    stays, up, down, out = (
        _house(cast, "Bà Một", "poor"),
        _house(cast, "Bà Hai", "near_poor"),
        _house(cast, "Bà Ba", "poor"),
        _house(cast, "Bà Bốn", "near_poor"),
    )
    again, new, never = (
        _house(cast, "Bà Năm", "newly_escaped"),
        _house(cast, "Bà Sáu"),
        _house(cast, "Bà Bảy"),
    )
    review = _open(cast)
    assert set(review.lines.values_list("household_id", flat=True)) == {
        h.pk for h in (stays, up, down, out)
    }
    for household, income, short in (
        (stays, 1_500_000, 3),
        (up, 1_500_000, 3),
        (down, 1_500_000, 2),
        (out, 2_250_001, 0),
        (again, 900_000, 2),
        (new, 1_000_000, 4),
        (never, 2_000_000, 0),
    ):
        _put(cast, review, household, income, short)
    reviews.submit(review=review, by=cast.clerk, on=TODAY)
    told = summary(review)
    assert told.changes == {
        "stays": 1,
        "to_poor": 1,
        "to_near_poor": 1,
        "escaped": 1,
        "fallen_back": 1,
        "new": 1,
        "off": 1,
    }
    assert told.results == {"poor": 3, "near_poor": 2, "none": 1, "average_living": 1}
    assert told.listed_before + told.entered - told.escaped == told.listed_now == 5
    done = reviews.approve(review=review, decision=_decision(cast), by=cast.chair, on=TODAY)
    assert (done.state, done.effective_on, done.approved_by) == ("approved", NEXT_YEAR, cast.chair)
    eve = date(2026, 12, 31)
    assert _state(stays, eve) == _state(stays, NEXT_YEAR) == {"poor"}
    assert (_state(up, eve), _state(up, NEXT_YEAR)) == ({"near_poor"}, {"poor"})
    assert _state(down, NEXT_YEAR) == {"near_poor"}
    assert _state(out, NEXT_YEAR) == {"newly_escaped"}
    escaped = out.spells.get(kind="newly_escaped")
    assert (escaped.starts_on, escaped.ends_on) == (NEXT_YEAR, date(2030, 1, 1))
    assert _state(again, NEXT_YEAR) == {"near_poor"} and _state(new, NEXT_YEAR) == {"poor"}
    assert _state(never, NEXT_YEAR) == {"average_living"}
    assert set(review.spells.values_list("decision_number", flat=True)) == {"456/QĐ-UBND"}
    assert all(list(check()) == [] for check in CHECKS.values())
    review.spells.filter(household=new).delete()
    assert list(CHECKS["households.approved_reviews_have_their_spells"]()) == [
        f"rà soát {review}: thiếu diện poor của hộ {new.pk}"
    ]


def test_who_made_entered_or_submitted_does_not_approve(cast: Cast) -> None:
    home = _house(cast, "Bà Một", "poor")
    deputy = person("pho-chu-tich", "leader", cast.ubnd)
    review = _open(cast)
    _put(cast, review, home, 1_000_000, 3)
    review.lines.update(entered_by=deputy)
    reviews.submit(review=review, by=cast.clerk, on=TODAY)
    for maker in (cast.clerk, deputy):
        with pytest.raises(MakerApproves):
            reviews.approve(review=review, decision=_decision(cast), by=maker, on=TODAY)
    assert not review.spells.exists()
    reviews.approve(review=review, decision=_decision(cast), by=cast.chair, on=TODAY)
    with pytest.raises(ReviewNotOpen):
        reviews.approve(review=review, decision=_decision(cast), by=cast.chair, on=TODAY)


def test_a_review_waits_for_who_may_act_on_it_and_in_its_own_commune(cast: Cast) -> None:
    def waits(user: User) -> list[tuple[str, int]]:
        return [(one.title, one.args[0]) for one in waiting_for(user, TODAY)]

    home = _house(cast, "Bà Một", "poor")
    deputy = person("pho-chu-tich", "leader", cast.ubnd)
    everybody = (cast.clerk, cast.chair, deputy, cast.other_clerk, cast.officer, cast.planner)
    assert not any(map(waits, everybody))
    review = _open(cast)
    making = (_("Rà soát hộ nghèo năm %(year)d đang làm") % {"year": 2026}, review.pk)
    assert {one.username: waits(one) for one in everybody if waits(one)} == {
        cast.clerk.username: [making]
    }
    _put(cast, review, home, 1_000_000, 3)
    review.lines.update(entered_by=deputy)
    reviews.submit(review=review, by=cast.clerk, on=TODAY)
    submitted = (_("Danh sách hộ nghèo năm %(year)d chờ phê duyệt") % {"year": 2026}, review.pk)
    # Neither for who submitted it nor for who entered a line of it.
    assert {one.username: waits(one) for one in everybody if waits(one)} == {
        cast.chair.username: [submitted]
    }
    reviews.approve(review=review, decision=_decision(cast), by=cast.chair, on=TODAY)
    assert not any(map(waits, everybody))


def test_only_the_commune_itself_works_on_its_list(cast: Cast) -> None:
    review = _open(cast)
    for stranger in (cast.other_clerk, cast.officer, cast.planner, cast.women):
        with pytest.raises(OutsideYourArea):
            reviews.add_listed(review=review, by=stranger, on=TODAY)
    with pytest.raises(OutsideYourArea):
        reviews.open_review(area=cast.other, year=2026, by=cast.clerk, on=TODAY)


def test_nothing_is_submitted_half_done(cast: Cast) -> None:
    review = _open(cast)
    with pytest.raises(ReviewEmpty):
        reviews.submit(review=review, by=cast.clerk, on=TODAY)
    home, late = _house(cast, "Bà Một"), _house(cast, "Bà Hai", "poor")
    _put(cast, review, home, 1_000_000, 3)
    with pytest.raises(HouseholdsLeftOut) as left:
        reviews.submit(review=review, by=cast.clerk, on=TODAY)
    assert late.code in str(left.value)
    assert reviews.add_listed(review=review, by=cast.clerk, on=TODAY) == 1
    told = summary(review)
    assert (told.unmeasured, told.listed_before, told.listed_now) == (1, 1, 1)
    with pytest.raises(LinesUnmeasured):
        reviews.submit(review=review, by=cast.clerk, on=TODAY)
    _put(cast, review, late, 1_000_000, 3)
    reviews.submit(review=review, by=cast.clerk, on=TODAY)
    with pytest.raises(ReviewNotOpen):
        _put(cast, review, late, 1, 1)
    reviews.recall(review=review, by=cast.clerk, on=TODAY)
    _put(cast, review, late, 3_000_000, 0)
    assert review.lines.get(household=late).change == "escaped"


def test_opening(cast: Cast) -> None:
    _open(cast)
    with pytest.raises(ReviewExists):
        _open(cast)
    with pytest.raises(ReviewFuture):
        reviews.open_review(area=cast.la_nga, year=2027, by=cast.clerk, on=TODAY)
    with pytest.raises(NoPovertyLine):
        reviews.open_review(area=cast.la_nga, year=2021, by=cast.clerk, on=TODAY)


@pytest.mark.parametrize(("income", "short"), [(-1, 0), (1_000_000_001, 0), (0, 13), (0, -1)])
def test_measures_have_bounds(cast: Cast, income: int, short: int) -> None:
    home = _house(cast, "Bà Một")
    with pytest.raises(FieldWrong):
        _put(cast, _open(cast), home, income, short)


def test_the_decision_and_the_day_on_which_the_list_holds(cast: Cast) -> None:
    home = _house(cast, "Bà Một", "poor")
    review = _open(cast)
    _put(cast, review, home, 1_000_000, 3)
    reviews.submit(review=review, by=cast.clerk, on=TODAY)

    def approve(number: str = "1", on: date = TODAY, start: date | None = None) -> PovertyReview:
        paper = Decision(number, on, cast.ubnd)
        return reviews.approve(
            review=review, decision=paper, effective_on=start, by=cast.chair, on=TODAY
        )

    with pytest.raises(DecisionMissing):
        approve(number="")
    for on, start in (
        (date(2026, 11, 24), None),
        (date(2025, 12, 31), None),
        (TODAY, date(2026, 11, 22)),
        (TODAY, date(2027, 1, 2)),
    ):
        with pytest.raises(DayOutside):
            approve(on=on, start=start)
    give(home, "newly_escaped", since=TODAY)
    with pytest.raises(SpellsAhead):
        approve(start=TODAY)
    assert approve(start=NEXT_YEAR).effective_on == NEXT_YEAR


def _many(cast: Cast, count: int) -> list[Household]:
    """Households by columns, as a province's first load makes them."""
    since = date(2026, 1, 1)
    homes = Household.objects.bulk_create(
        Household(code=code, starts_on=since, search=code.lower()) for code in next_codes(count)
    )
    people = Person.objects.bulk_create(
        Person(
            full_name=f"Chủ hộ {'abc'[at % 3]}", identity_number=f"0751{at:08d}", search="chu ho"
        )
        for at in range(count)
    )
    HouseholdMember.objects.bulk_create(
        HouseholdMember(household=h, person=p, relation="Chủ hộ", is_head=True, starts_on=since)
        for h, p in zip(homes, people, strict=True)
    )
    HouseholdAddress.objects.bulk_create(
        HouseholdAddress(household=h, area=cast.la_nga, hamlet="Ấp 1", starts_on=since)
        for h in homes
    )
    return homes


def _workbook(rows: list[list[object]]) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet, day = book.add_worksheet(), book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.write(0, 0, "DANH SÁCH RÀ SOÁT HỘ NGHÈO XÃ LA NGÀ")
    sheet.write_row(2, 0, SAMPLE)
    for down, row in enumerate(rows, 3):
        for across, cell in enumerate(row):
            if isinstance(cell, date):
                sheet.write_datetime(down, across, cell, day)
            else:
                sheet.write(down, across, cell)
    book.close()
    return buffer.getvalue()


def test_a_thousand_rows_of_which_seven_are_wrong_are_told_together(cast: Cast) -> None:
    homes = _many(cast, 1000)
    rows: list[list[object]] = [
        [h.code, "", "", "Ấp 1", 1_200_000 + at, at % 13, SEEN, ""] for at, h in enumerate(homes)
    ]
    review = _open(cast)
    good = _workbook(rows)
    for at, across, cell in (
        (10, 0, "H9999999"),
        (20, 1, "07512345"),
        (30, 4, "một triệu"),
        (40, 0, homes[39].code),
        (50, 6, "31/02/2026"),
        (60, 5, 13),
        (70, 4, 1_200_000.5),
    ):
        rows[at][across] = cell
    with pytest.raises(ReviewRowsRefused) as wrong:
        import_lines(review=review, rows=read_rows(_workbook(rows)), by=cast.clerk, on=TODAY)
    assert [(e.number, e.code) for e in wrong.value.rows] == [
        (14, "unknown_household"),
        (24, "bad_identity"),
        (34, "bad_income"),
        (44, "duplicate_row"),
        (54, "bad_date"),
        (64, "bad_deprivations"),
        (74, "bad_income"),
    ]
    assert "7 dòng có lỗi, chưa lưu dòng nào." in str(wrong.value)
    assert wrong.value.reasons("en")[:3] == [
        (14, "No household here has the code H9999999"),
        (24, "The identity number “07512345” has not 12 digits"),
        (34, "The income “một triệu” is no whole number from 0 to 1000000000"),
    ]
    assert not review.lines.exists()
    assert import_lines(review=review, rows=read_rows(good), by=cast.clerk, on=TODAY) == 1000
    assert import_lines(review=review, rows=read_rows(good), by=cast.clerk, on=TODAY) == 1000
    assert (
        review.lines.count() == 1000 and review.lines.get(household=homes[0]).result == "near_poor"
    )
    reviews.submit(review=review, by=cast.clerk, on=TODAY)
    heard: list[tuple[int, int]] = []
    reviews.approve(
        review=review,
        decision=_decision(cast),
        by=cast.chair,
        on=TODAY,
        tell=lambda done, of: heard.append((done, of)),
    )
    assert heard == [(1000, 1000)] and review.spells.count() == 1000


def test_pasted_cells_by_identity_number(cast: Cast) -> None:
    home = make_household(
        commune_area=cast.la_nga, head_name="Bà Hoa", identity_number="075012345612", kinds=()
    )
    review = _open(cast)
    words = (
        "Số định danh\tThu nhập\tSố chỉ số thiếu hụt\tNgày rà soát\n"
        "75012345612\t1.400.000 đ\t3\t1/10/2026\n"
    )
    assert import_lines(review=review, rows=pasted_rows(words), by=cast.clerk, on=TODAY) == 1
    line = review.lines.get()
    assert (line.household, line.income_per_head, line.result) == (home, 1_400_000, "poor")
    assert (line.measured_on, line.entered_by) == (date(2026, 10, 1), cast.clerk)


def test_a_household_of_another_commune_is_unknown_here(cast: Cast) -> None:
    far = make_household(commune_area=cast.other, head_name="Bà Xa", kinds=())
    words = f"Mã hộ;Thu nhập;Số chỉ số\n{far.code};1000000;3"
    with pytest.raises(ReviewRowsRefused) as wrong:
        import_lines(review=_open(cast), rows=pasted_rows(words), by=cast.clerk, on=TODAY)
    assert [e.code for e in wrong.value.rows] == ["unknown_household"]


def test_a_table_without_its_columns(cast: Cast) -> None:
    with pytest.raises(ListNotReadable) as seen:
        import_lines(
            review=_open(cast), rows=pasted_rows("Mã hộ,Ghi chú\nH1,x"), by=cast.clerk, on=TODAY
        )
    assert "Thu nhập, Số chỉ số thiếu hụt" in str(seen.value)
    with pytest.raises(NotATable):
        read_rows(bytes([0xFF, 0xFA, 0x80, 0x81]))


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("05/02/2026", date(2026, 2, 5)),
        ("5-2-2026", date(2026, 2, 5)),
        ("2026-02-05", date(2026, 2, 5)),
        ("02/31/2026", None),
        ("5/2/26", None),
        ("tháng 2", None),
    ],
)
def test_days_as_people_write_them(words: str, day: date | None) -> None:
    assert read_day(words) == day


def test_rows_keep_their_numbers_and_no_float() -> None:
    rows = read_rows(_workbook([["H1", "", "", "", 1_500_000, 3]]))
    assert [row.number for row in rows] == [1, 3, 4]
    assert rows[2].cells[4:6] == (1_500_000, 3) and type(rows[2].cells[4]) is int
    assert pasted_rows("a;b\n\n1;2") == [SheetRow(1, ("a", "b")), SheetRow(3, ("1", "2"))]
