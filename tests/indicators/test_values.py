"""Values by keys: counted again in the test, across the day on which communes were merged and divided."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from math import floor
from typing import Any

import duckdb
import polars as pl
import pytest
from indicator_book import Book, loan_row

from tdcs.entrustment.models import GroupSuccession
from tdcs.indicators import queries
from tdcs.indicators.errors import NoSnapshot, NotDividedSo, UnknownIndicator, UnknownKey
from tdcs.organisations.models import Area

BEFORE, YEAR, AFTER = date(2024, 12, 30), date(2024, 12, 31), date(2025, 7, 31)


@pytest.fixture
def closed(book: Book) -> Book:
    """The end of 2024 under the old communes, July 2025 under the new ones."""
    book.close(
        YEAR,
        [
            loan_row(1, 0, 100_000, household=1),
            loan_row(2, 1, 200_000, household=2, local=True, overdue=7_000),
            loan_row(3, 1, 30_000, household=2, programme="NSVSMT"),
            loan_row(4, 2, 50_000, household=4),
            loan_row(5, 3, 400_000, household=5, frozen=10_000),
            loan_row(6, 4, 800_000, household=6, local=True),
            loan_row(7, None, 60_000, household=7, office=book.place(0, YEAR).office_id),
        ],
    )
    book.close(
        AFTER,
        [
            loan_row(1, 0, 110_000, household=1),
            loan_row(2, 1, 260_000, household=2, local=True),
            loan_row(3, 1, 20_000, household=2, programme="NSVSMT", overdue=20_000),
            loan_row(5, 3, 500_000, household=5, frozen=10_000),
            loan_row(6, 4, 840_000, household=6, local=True),
            loan_row(7, None, 60_000, household=7, office=book.place(0, AFTER).office_id),
            loan_row(8, 2, 90_000, household=8, lent_0=0, disbursed=20_272),
        ],
    )
    return book


def _commune(code: str) -> int:
    return Area.objects.get(code=code).pk


def _by(frame: pl.DataFrame, *keys: str, of: str = "value") -> dict[Any, Any]:
    return {row[keys[0]] if len(keys) == 1 else tuple(row[k] for k in keys): row[of] for row in frame.iter_rows(named=True)}  # fmt: skip


def _one(code: str, on: date = AFTER, **more: Any) -> tuple[int | None, int | None, int | None]:
    found = queries.values(on=on, codes=[code], **more)
    return found.select("numerator", "denominator", "value").row(0)


def test_the_province_as_a_whole(closed: Book) -> None:
    assert _one("outstanding") == (1_880_000, None, 1_880_000)
    assert _one("local_share") == (1_100_000, 1_880_000, _ppm(1_100_000, 1_880_000))
    # 31/12 of the year before: 1,640,000, of it local 1,000,000.
    assert _one("growth_ytd") == (240_000, 1_640_000, _ppm(240_000, 1_640_000))
    assert _one("local_share_growth") == (100_000, 240_000, 416_667)
    assert _one("overdue_rate") == (20_000, 1_880_000, 10_638)
    assert _one("bad_debt_rate") == (30_000, 1_880_000, 15_957)
    assert _one("borrowers") == (6, None, 6)
    assert _one("average_borrower") == (1_880_000, 6, 313_333)


def _ppm(part: int, whole: int) -> int:
    return floor(Fraction(part * 1_000_000, whole) + Fraction(1, 2))


def test_a_decrease_is_a_decrease_and_a_share_of_it_is_unknown(book: Book) -> None:
    book.close(YEAR, [loan_row(1, 0, 900), loan_row(2, 1, 100, local=True)])
    book.close(AFTER, [loan_row(1, 0, 800), loan_row(2, 1, 110, local=True)])
    assert _one("growth_ytd") == (-90, 1_000, -90_000)
    assert _one("local_share_growth") == (10, -90, None)


def test_what_is_not_kept_is_unknown_never_nought(closed: Book) -> None:
    assert _one("growth_ytd", on=YEAR) == (None, None, None)
    assert _one("growth_yoy") == (None, None, None)
    assert _one("disbursed_year")[2] is None
    assert _one("growth_day")[2] is None
    assert _one("interest_collection_rate") == (0, 0, None)
    assert _one("access") == (None, None, None)
    assert _one("groups_good") == (None, None, None)


def test_communes_are_compared_in_the_units_of_the_later_day(closed: Book) -> None:
    """Two old communes became one; the divided one is told apart by its groups."""
    found = queries.values(on=AFTER, by=["commune"], codes=["growth_ytd"])
    merged, divided, other = _commune("n25195"), _commune("n26359"), _commune("n26446")
    assert _by(found, "commune", of="denominator") == {
        merged: 330_000,
        _commune("n25210"): 50_000,
        divided: 400_000,
        other: 800_000,
        0: 60_000,
    }
    assert _by(found, "commune", of="numerator")[merged] == 60_000
    assert _by(found, "commune")[divided] == 250_000


def test_a_day_keeps_its_own_units_or_is_brought_to_todays(closed: Book) -> None:
    then = queries.values(on=YEAR, by=["commune"], codes=["outstanding"])
    assert _by(then, "commune") == {
        _commune("c25195"): 100_000,
        _commune("c25198"): 230_000,
        _commune("c25207"): 50_000,
        _commune("c26449"): 1_200_000,
        0: 60_000,
    }
    now = queries.values(on=YEAR, by=["commune"], codes=["outstanding"], units="today")
    assert _by(now, "commune") == {
        _commune("n25195"): 330_000,
        _commune("n25210"): 50_000,
        _commune("n26359"): 400_000,
        _commune("n26446"): 800_000,
        0: 60_000,
    }


def test_against_another_day(closed: Book) -> None:
    found = queries.values(on=AFTER, by=["commune"], codes=["outstanding", "overdue"], against=YEAR)
    rows = {(row["commune"], row["code"]): row for row in found.iter_rows(named=True)}
    merged = rows[_commune("n25195"), "outstanding"]
    assert (merged["value"], merged["before"], merged["change"]) == (390_000, 330_000, 60_000)
    late = rows[_commune("n25195"), "overdue"]
    assert (late["value"], late["before"], late["change"]) == (20_000, 7_000, 13_000)
    assert found["before"].filter(found["code"] == "outstanding").sum() == 1_640_000


KEYS = ("office", "commune", "programme", "source", "local", "mass", "union", "group")


@pytest.mark.parametrize("units", ["then", "today"])
@pytest.mark.parametrize("day", [YEAR, AFTER])
@pytest.mark.parametrize("first", KEYS)
def test_units_add_up_to_the_province(closed: Book, first: str, day: date, units: Any) -> None:
    """Numerators and denominators of every indicator that adds up, by one key and by two."""
    total = queries.values(on=day, units=units)
    whole = {row["code"]: (row["numerator"], row["denominator"]) for row in total.iter_rows(named=True)}  # fmt: skip
    adding = {code for code, one in queries.catalogue().items() if one.adds_up}
    for keys in [(first,), (first, "programme"), ("mass", first)]:
        parts = queries.values(on=day, by=keys, units=units)
        sums = parts.group_by("code").agg(pl.col("numerator", "denominator").sum())
        for row in sums.iter_rows(named=True):
            if row["code"] in adding:
                expected = tuple(number or 0 for number in whole[row["code"]])
                assert (row["numerator"], row["denominator"]) == expected, (keys, row["code"])
        assert set(parts["code"]) >= {"outstanding", "overdue_rate"}


def test_sums_agree_with_another_engine(closed: Book) -> None:
    rows = closed.rows[AFTER]
    assert len(rows) == 7
    told = duckdb.sql(
        """SELECT programme, local, sum(lent - paid)::bigint, count(DISTINCT household)::bigint
             FROM rows GROUP BY ALL"""
    ).fetchall()
    found = queries.values(on=AFTER, by=["programme", "local"], codes=["outstanding", "borrowers"])
    ours = _by(found, "code", "programme", "local")
    assert {("outstanding", p, flag): s for p, flag, s, _ in told} | {
        ("borrowers", p, flag): n for p, flag, _, n in told
    } == ours


def test_borrowers_are_counted_in_every_cell(closed: Book) -> None:
    """Household 2 has loans of two programmes: one borrower of the commune, one of each programme."""
    found = queries.values(on=AFTER, by=["programme"], codes=["borrowers"])
    assert _by(found, "programme") == {"HN": 6, "NSVSMT": 1}
    assert not queries.catalogue()["borrowers"].adds_up


def test_restrictions(closed: Book) -> None:
    merged = _commune("n25195")
    old = {_commune("c25195"), _commune("c25198")}
    where = {"commune": {merged} | old}
    assert _one("outstanding", where=where)[2] == 390_000
    assert _one("outstanding", on=YEAR, where=where)[2] == 330_000
    assert _one("growth_ytd", where=where)[:2] == (60_000, 330_000)
    assert _one("outstanding", where={"union": {"hoi-phu-nu"}, "local": {False}})[2] == 610_000
    assert _one("borrowers", where={"programme": {"NSVSMT"}})[2] == 1
    assert _one("outstanding", where={"office": frozenset()})[2] == 0


def test_months_are_a_key(closed: Book) -> None:
    found = queries.values(on=date(2025, 8, 15), by=["month", "local"], codes=["outstanding"])
    assert _by(found, "month", "local") == {
        (YEAR, False): 640_000,
        (YEAR, True): 1_000_000,
        (AFTER, False): 780_000,
        (AFTER, True): 1_100_000,
    }
    line = queries.series(code="outstanding", days=[BEFORE, YEAR, AFTER])
    assert line.select("day", "value").rows() == [(YEAR, 1_640_000), (AFTER, 1_880_000)]


def test_a_merged_group_is_shown_as_the_one_that_took_it(closed: Book) -> None:
    old, new = closed.groups[0], closed.groups[1]
    GroupSuccession.objects.create(predecessor=old, successor=new, on=date(2025, 9, 1), basis="thử")
    then = queries.values(on=AFTER, by=["group"], codes=["outstanding"])
    assert _by(then, "group")[old.pk] == 110_000
    now = queries.values(on=AFTER, by=["group"], codes=["outstanding"], units="today")
    assert _by(now, "group")[new.pk] == 390_000
    assert old.pk not in _by(now, "group")


def test_a_book_without_an_end_of_a_month_has_no_months(book: Book) -> None:
    book.close(date(2025, 8, 5), [loan_row(1, 0, 900)])
    for codes in (["outstanding"], ["growth_ytd"], ["disbursed_year"]):
        found = queries.values(on=date(2025, 8, 15), by=["month", "programme"], codes=codes)
        assert (len(found), found.columns[:3]) == (0, ["month", "programme", "code"])


def test_year_to_date_adds_the_months(book: Book) -> None:
    for month, day, lent in ((1, 31, 10), (2, 28, 20), (3, 15, 5)):
        one = loan_row(1, 0, 100, lent_0=200 - lent, paid_0=100)
        book.close(date(2025, month, day), [one])
    assert _one("disbursed_month", on=date(2025, 3, 15))[2] == 5
    assert _one("disbursed_year", on=date(2025, 3, 15))[2] == 35
    assert _one("disbursed_year", on=date(2025, 2, 28))[2] == 30


def test_interest_is_collected_of_what_the_month_began_with(book: Book) -> None:
    book.close(
        AFTER,
        [
            loan_row(1, 0, 9, accrued=900, accrued_0=600, collected_0=100, collected=350),
            loan_row(2, 0, 9, accrued=900, accrued_0=500, collected_0=400, collected=700),
        ],
    )
    # 500 and 100 stood at the month's beginning; 250 and nothing of them stand still.
    assert _one("interest_collection_rate") == (350, 600, 583_333)
    assert _one("interest_arrears")[2] == 250
    assert _one("interest_collected_month")[2] == 550


@pytest.mark.parametrize(
    ("ask", "refusal"),
    [
        (lambda: queries.values(on=AFTER, by=["hamlet"]), UnknownKey),
        (lambda: queries.values(on=AFTER, where={"month": {AFTER}}), UnknownKey),
        (lambda: queries.values(on=AFTER, codes=["wealth"]), UnknownIndicator),
        (lambda: queries.values(on=AFTER, by=["programme"], codes=["savings"]), NotDividedSo),
        (lambda: queries.values(on=BEFORE), NoSnapshot),
        (lambda: queries.values(on=AFTER, against=BEFORE), NoSnapshot),
        (lambda: queries.names("hamlet", [1], AFTER), UnknownKey),
    ],
)
def test_refusals(closed: Book, ask: Callable[[], object], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        ask()


def test_names(closed: Book) -> None:
    merged, place = _commune("n25195"), closed.place(0, AFTER)
    assert queries.names("group", [place.group_id, 0], AFTER) == {
        place.group_id: "Tổ 0",
        0: "Cho vay trực tiếp",
    }
    assert queries.names("union", ["hoi-phu-nu"], AFTER) == {"hoi-phu-nu": "Hội Liên hiệp Phụ nữ"}
    assert queries.names("commune", [merged], AFTER)[merged]
    assert queries.names("programme", ["HN"], AFTER) == {"HN": "Hộ nghèo"}
    assert queries.names("local", [True], AFTER) == {True: "Ngân sách địa phương"}
    assert set(queries.names("office", [place.office_id], AFTER).values()) != {""}
