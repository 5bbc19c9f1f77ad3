"""The years of a scheme add up and are those of its projection; a published scheme comes out; what changed is found."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tdcs.cli.bench_scheme import invented
from tdcs.documents.official import Table
from tdcs.forecasting.rules.assumptions import CENTRAL, LOCAL, PPM, Assumptions, Habits
from tdcs.forecasting.rules.path import RUNNING, Book, Borrowing, Key, Stock
from tdcs.forecasting.rules.scenario import Opening, project
from tdcs.programmes.rules.lawbook import Document, documents
from tdcs.scheme.composing.annexes import changes_annex, difference
from tdcs.scheme.composing.tables import capital_table, years_table
from tdcs.scheme.rules.bases import cited, cited_lines
from tdcs.scheme.rules.changes import Change, changes, flat
from tdcs.scheme.rules.figures import digest_of, mismatches, sums_of
from tdcs.scheme.rules.sections import missing
from tdcs.scheme.rules.years import (
    BookDay,
    BookDays,
    SchemeYears,
    average_growth,
    communes_of,
    programmes_of,
    share,
    years_of,
)

BILLION = 10**9


def opening(base: date, central: int, local: int) -> Opening:
    """A book of one programme whose loans run for five years."""

    def stock(balance: int) -> Stock:
        part = balance // 60
        return Stock(66_000, 0, (part,) * 59 + (balance - 59 * part, 0))

    return Opening(
        book=Book(
            base,
            {
                Key("HN", CENTRAL, RUNNING, base.year): stock(central),
                Key("HN", LOCAL, RUNNING, base.year): stock(local),
            },
            {"HN": Borrowing((Habits(),), (0,) * 35 + (PPM,))},
        ),
        at_year_begin={CENTRAL: central, LOCAL: local},
        lent={("HN", CENTRAL): central // 4, ("HN", LOCAL): local // 4},
        season=(1,) * 12,
        rates={("HN", CENTRAL): 66_000, ("HN", LOCAL): 66_000},
    )


def book_day(central: int, province: int, communes: int = 0, lent: int = 0) -> BookDay:
    whole = central + province + communes
    return BookDay(
        {"HN": whole},
        central,
        province,
        communes,
        {1: whole // 3, 2: whole - whole // 3},
        0,
        {"HN": lent},
    )


def scheme_of(
    base: date, now: BookDay, until: int, ends: dict[int, BookDay] | None = None, **assumed: Any
) -> Any:
    """The years of a scheme that begins after ``base``, and what they were made of."""
    found = project(
        opening(base, now.central, now.province + now.communes), Assumptions(until=until, **assumed)
    )
    standing = BookDays(base, now, ends or {})
    first = base.year + 1 if base.month == 12 else base.year
    asked = SchemeYears(first, until, 100_000)
    return found, standing, asked, years_of(found, standing, asked)


def test_a_published_scheme_is_what_the_years_say() -> None:
    """4,830 (2024) → 5,330 (2025) → 6,543 (2027) → 8,850 billion (2030), local 354 → 434 → 639 → 1,330, 15% of it in 2030."""
    now = book_day(4_476 * BILLION, 354 * BILLION)
    *_, years = scheme_of(date(2024, 12, 31), now, 2030, growth=106_700, share=150_000)
    by_year = {year["year"]: year for year in years}
    for year, published in ((2025, 5_330), (2027, 6_543), (2030, 8_850)):
        assert by_year[year]["closing"] == pytest.approx(published * BILLION, rel=0.005)
    local = {year["year"]: year["province"] + year["communes"] for year in years}
    assert local[2030] == pytest.approx(1_330 * BILLION, rel=0.005)
    assert by_year[2030]["local_share"] == pytest.approx(150_000, rel=0.005)
    added = sum(year["province_added"] + year["communes_added"] for year in years)
    assert added == pytest.approx((1_330 - 354) * BILLION, rel=0.005)
    assert average_growth(years) == pytest.approx(106_700, rel=0.005)


def test_what_a_published_scheme_prints_is_what_was_published() -> None:
    """The table of capital in triệu đồng, read as it is printed."""
    now = book_day(4_476 * BILLION, 354 * BILLION)
    *_, years = scheme_of(date(2024, 12, 31), now, 2030, growth=106_700, share=150_000)
    figures = invented(1, 1)["figures"] | {"years": years, "first": 2025, "last": 2030}
    printed = {row[0]: row[1:] for row in capital_table(figures, ()).rows}
    whole = printed["Tổng nguồn vốn cho vay"]
    assert [float(whole[at]) for at in (0, 2, 5)] == pytest.approx(
        [5_330_000, 6_543_000, 8_850_000], rel=0.005
    )
    assert printed["Tỷ trọng vốn địa phương (%)"][5] == "15,00"


@pytest.mark.parametrize(
    ("place", "local_before", "added", "share_ppm"),
    [
        # Tuy Hòa: 80 billion in 2026–2030 make 114 billion, 15% of the capital of 2030.
        ("Tuy Hòa", 34, 80, 150_000),
        # The nation: 15,410 billion in 2025 make 66,091 billion; 16% stands for its share.
        ("cả nước", 50_681, 15_410, 160_000),
    ],
)
def test_local_money_of_other_places_follows_from_their_share(
    place: str, local_before: int, added: int, share_ppm: int
) -> None:
    """What stands at the end and its share give what must be added; the growth follows from both."""
    years = 5 if place == "Tuy Hòa" else 1
    after = (local_before + added) * BILLION
    whole = after * PPM // share_ppm
    before = whole * 100 // 140 if years == 5 else whole * 100 // 110
    growth = round(((whole / before) ** (1 / years) - 1) * PPM)
    now = book_day(before - local_before * BILLION, local_before * BILLION)
    *_, rows = scheme_of(date(2025, 12, 31), now, 2025 + years, growth=growth, share=share_ppm)
    last = rows[-1]
    assert last["province"] + last["communes"] == pytest.approx(after, rel=0.005)
    sums = sums_of(invented(1, 1)["figures"] | {"years": rows})
    assert sums["province_added"] + sums["communes_added"] == pytest.approx(
        added * BILLION, rel=0.005
    )


def test_the_running_year_is_the_books_and_the_rest_the_projections() -> None:
    """At the end of June 40 were lent of 100 that stood in January: they count in the year's lending."""
    now = book_day(80 * BILLION, 18 * BILLION, 2 * BILLION, lent=40 * BILLION)
    before = book_day(76 * BILLION, 17 * BILLION, 1 * BILLION)
    found, _, _, years = scheme_of(
        date(2026, 6, 30), now, 2027, {2025: before}, growth=100_000, local=300_000
    )
    first, second = years
    assert first["opening"] == before.closing
    projected = sum(one.total("lent") for one in found.flows if one.ends[-1].year == 2026)
    assert first["lent"] == 40 * BILLION + projected
    assert first["repaid"] == first["opening"] + first["lent"] - first["closing"]
    assert second["opening"] == first["closing"]
    assert second["repaid"] == sum(row.repaid for row in found.years if row.year == 2027)
    # Of what the local money rises by from June on, a tenth is the communes'.
    local = sum(row.closing for row in found.years if row.year == 2026 and row.tier == LOCAL)
    assert first["communes"] == 2 * BILLION + (local - 20 * BILLION) // 10
    assert first["communes_added"] == first["communes"] - 1 * BILLION


def test_a_year_that_is_over_is_the_books() -> None:
    over, now = book_day(90, 9, 1, lent=30), book_day(100, 10, 2, lent=5)
    found = project(opening(date(2026, 6, 30), 100, 12), Assumptions(until=2027))
    standing = BookDays(date(2026, 6, 30), now, {2024: book_day(80, 7), 2025: over})
    asked = SchemeYears(2025, 2027, 0)
    first, second, _ = years_of(found, standing, asked)
    assert (first["opening"], first["closing"], first["lent"]) == (87, 100, 30)
    assert (first["central_added"], first["communes_added"]) == (10, 1)
    assert second["opening"] == 100
    rows = communes_of([first, second], standing, {1: "An", 2: "Bình"}, {})
    assert [row["closing"][0] for row in rows] == [33, 67]
    assert [row["budget"][0] for row in rows] == [None, None]


@given(
    st.integers(10**6, 10**13),
    st.integers(0, 10**12),
    st.integers(0, 10**12),
    st.integers(-200_000, 300_000),
    st.integers(0, PPM),
)
def test_sources_programmes_and_communes_add_up_to_the_dong(
    central: int, province: int, communes: int, growth: int, local: int
) -> None:
    now = book_day(central, province, communes)
    found, standing, asked, years = scheme_of(
        date(2025, 12, 31), now, 2028, growth=growth, local=local
    )
    figures = invented(1, 1)["figures"] | {
        "years": years,
        "programmes": programmes_of(found, standing, asked, {}, {}),
        "communes": communes_of(years, standing, {1: "An", 2: "Bình"}, {}),
    }
    assert mismatches(figures) == []
    for year in years:
        added = year["central_added"] + year["province_added"] + year["communes_added"]
        assert added == year["closing"] - year["opening"]
    row = figures["communes"][0]
    budgets = [sum(one["budget"][at] for one in figures["communes"]) for at in range(len(years))]
    assert budgets == [year["communes_added"] for year in years]
    assert row["name"] == "An"


def test_a_total_that_its_parts_do_not_give_is_named() -> None:
    *made, years = scheme_of(date(2025, 12, 31), book_day(900, 100), 2026, growth=100_000)
    found, standing, asked = made
    figures = invented(1, 1)["figures"] | {
        "years": years,
        "programmes": programmes_of(found, standing, asked, {}, {}),
        "communes": communes_of(years, standing, {}, {}),
    }
    assert mismatches(figures) == []
    figures["communes"][0]["closing"][0] += 1
    figures["programmes"][0]["lent"][0] += 1
    assert [words.split(":")[0] for words in mismatches(figures)] == [
        "năm 2026, dư nợ theo xã",
        "năm 2026, cho vay theo chương trình",
    ]


def test_money_in_no_commune_has_no_budget() -> None:
    now = replace(book_day(900, 100), by_commune={0: 400, 7: 600})
    *_, standing, _, years = scheme_of(date(2025, 12, 31), now, 2026, growth=100_000, local=PPM)
    rows = {row["key"]: row for row in communes_of(years, standing, {}, {7: (5, None)})}
    assert rows[0]["budget"] == [0]
    assert rows[7]["budget"] == [years[0]["communes_added"]]
    assert (rows[7]["need"], rows[7]["waiting"], rows[0]["need"]) == (5, None, None)
    assert communes_of(years, replace(standing, now=replace(now, by_commune={})), {}, {}) == []


def test_average_growth_is_the_same_each_year() -> None:
    """100 → 121 in two years: 10% each."""
    years: Any = [{"opening": 100, "closing": 130}, {"opening": 130, "closing": 121}]
    assert average_growth(years) == 100_000
    assert average_growth([{"opening": 0, "closing": 5}]) is None  # type: ignore[typeddict-item]
    assert average_growth([{"opening": 5, "closing": 0}]) == -PPM  # type: ignore[typeddict-item]
    assert average_growth([]) is None
    assert (share(1, 3), share(2, 3), share(1, 0)) == (333_333, 666_667, None)


def test_what_changed_is_named_once_with_old_and_new() -> None:
    before = invented(2, 1)["figures"]
    now = copy.deepcopy(before)
    assert changes(before, now) == []
    now["years"][2]["lent"] += 7
    now["communes"][1]["budget"][0] = None
    now["results"][0]["values"][-1] = None
    found = {one.path: one for one in changes(before, now)}
    year = now["years"][2]["year"]
    assert set(found) == {f"years.{year}.lent", "communes.2.budget.2026", "results.outstanding.now"}
    lent = found[f"years.{year}.lent"]
    assert (lent.words, lent.new, lent.kind) == (
        f"Cho vay, năm {year}",
        (lent.old or 0) + 7,
        "years",
    )
    # A programme that is gone is told too, a line that was empty before is not.
    gone = now["programmes"].pop()
    assert f"programmes.{gone['code']}.base" in {one.path for one in changes(before, now)}


def test_every_figure_of_a_scheme_has_a_name_of_its_own() -> None:
    found = list(flat(invented(3, 1)["figures"]))
    assert len({one.path for one in found}) == len(found)
    assert {one.kind for one in found} == {"results", "years", "programmes", "communes"}
    assert {one.unit for one in found} == {"dong", "ppm", "count"}


def test_the_last_day_of_results_is_compared_with_the_last_day_of_before() -> None:
    before, now = invented(1, 1)["figures"], invented(1, 1)["figures"]
    now["days"][-1] = "2026-11-30"
    now["results"][0]["values"][-1] += 1
    (one,) = changes(before, now)
    assert one.path == "results.outstanding.now"


def test_cells_that_changed_are_marked_and_listed() -> None:
    before, now = invented(2, 1)["figures"], invented(2, 1)["figures"]
    now["years"][1]["repaid"] += 10**9
    found = changes(before, now)
    table = years_table(now, {one.path for one in found})
    rows = [row[0] for row in table.rows]
    # The year, and the sum of the years.
    assert table.marked == {(rows.index("Thu nợ trong năm"), at) for at in (2, 6)}
    annex = changes_annex(found, "bản số 1")
    (listed,) = annex.blocks
    assert isinstance(listed, Table)
    assert listed.rows[0][1] == "Thu nợ, năm 2027 (triệu đồng)"
    assert listed.rows[0][4] == "+1.000"


def test_a_difference_says_which_way() -> None:
    assert difference(Change("", "", "ppm", 100_000, 95_000)) == "−0,50 điểm %"
    assert difference(Change("", "", "count", 1, 3)) == "+2"
    assert difference(Change("", "", "dong", None, 3)) == ""
    # What is too small to be written is not written as nothing.
    assert difference(Change("", "", "dong", 1_000_000, 1_400_000)) == "tăng dưới 1"
    assert difference(Change("", "", "ppm", 1_020, 1_000)) == "giảm dưới 0,01 điểm %"
    assert difference(Change("", "", "dong", 0, 20_000_000)) == "+20"


def test_the_digest_is_of_what_is_said() -> None:
    one, same, other = invented(1, 1), invented(1, 1), invented(1, 2)
    assert digest_of(one) == digest_of(same) != digest_of(other)
    same["texts"]["necessity"] += "."
    assert digest_of(one) != digest_of(same)


def test_what_is_missing_is_named_in_the_order_of_the_document() -> None:
    assert missing({}, []) == [
        "Căn cứ pháp lý",
        "Sự cần thiết xây dựng đề án",
        "Tồn tại, hạn chế và nguyên nhân",
        "Quan điểm, mục tiêu",
        "Nhiệm vụ, giải pháp",
        "Tổ chức thực hiện",
    ]
    needed = ("necessity", "limits", "objectives", "solutions", "duties")
    words = dict.fromkeys(needed, "Có.")
    assert missing(words, ["CT-39-2024"]) == []
    assert missing(words | {"limits": " \n"}, ["x"]) == ["Tồn tại, hạn chế và nguyên nhân"]


def test_bases_are_cited_as_documents_cite_them() -> None:
    assert cited_lines(["CT-39-2024", "ND-06-2026", "KHONG-CO"], documents()) == [
        "Căn cứ Chỉ thị số 39-CT/TW ngày 30/10/2024 về nâng cao hiệu quả tín dụng chính sách xã hội trong giai đoạn mới",
        "Căn cứ Nghị định số 06/2026/NĐ-CP ngày 10/01/2026 về tổ chức và hoạt động của Ngân hàng Chính sách xã hội",
    ]

    def line(number: str, title: str, issued: date | None = date(2025, 11, 5)) -> str:
        return cited(Document("X", number, title, issued, None, "", "", ""))

    assert (
        line("88/2015/QH13", "Luật Kế toán")
        == "Căn cứ Luật Kế toán số 88/2015/QH13 ngày 05/11/2025"
    )
    assert line("77-KH/TU", "Kế hoạch của tỉnh", None) == "Căn cứ Kế hoạch số 77-KH/TU của tỉnh"
    assert line("7064/NHCS-KHNV", "Xây dựng kế hoạch tín dụng").startswith(
        "Căn cứ Văn bản số 7064/NHCS-KHNV"
    )
    assert line("1/QĐ-UBND", "NHCSXH được giao việc").endswith("về NHCSXH được giao việc")
