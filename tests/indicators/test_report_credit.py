"""The credit figures of a report: of the last closed day of its year, beside the year before, in parts that add up."""

from __future__ import annotations

from datetime import date

import pytest
from indicator_book import Book, loan_row

from tdcs.documents.official import Chart, Series, Table
from tdcs.documents.official.charts import draw
from tdcs.organisations.models import Organisation
from tdcs.reporting.composing.credit import credit_annexes, credit_blocks
from tdcs.reporting.queries.credit import credit_figures, scope_of
from tdcs.reporting.rules.credit import credit_mismatches, summary, target_words, verdict, words
from tdcs.reporting.rules.figures import Row


def _closed(book: Book) -> None:
    """2025: 1,000 → 1,095 m, of it local 100 → 129.03 m: growth 9.5%, local share of growth 30.56%."""
    m = 1_000_000
    book.close(date(2023, 12, 31), [loan_row(1, 0, 800 * m), loan_row(2, 1, 100 * m, local=True)])
    book.close(date(2024, 12, 31), [loan_row(1, 0, 900 * m), loan_row(2, 1, 100 * m, local=True)])
    book.close(date(2025, 11, 30), [loan_row(1, 0, 950 * m), loan_row(2, 1, 110 * m, local=True)])
    book.close(
        date(2025, 12, 31),
        [
            loan_row(1, 0, 965_970_000, overdue=20 * m),
            loan_row(2, 1, 129_030_000, local=True),
        ],
    )
    book.close(date(2026, 1, 31), [loan_row(1, 0, 1)])


def test_figures_are_of_the_last_closed_day_of_the_year(book: Book) -> None:
    _closed(book)
    credit = credit_figures(year=2025, on=date(2026, 2, 10))
    assert (credit["day"], credit["before_day"]) == ("2025-12-31", "2024-12-31")
    targets = {row["code"]: row for row in credit["targets"]}
    growth = targets["growth_ytd"]
    assert (growth["value"], growth["before"], growth["gap"]) == (95_000, 111_111, -5_000)
    # 9.5% is short of 10% and within the tolerance of "khoảng".
    assert growth["met"] is True
    assert (targets["overdue_rate"]["met"], targets["access"]["met"]) == (False, None)
    figures = {row["code"]: row for row in credit["figures"]}
    assert figures["outstanding"]["value"] == 1_095_000_000
    assert figures["outstanding"]["before"] == 1_000_000_000
    assert [row["day"] for row in credit["months"]] == ["2025-11-30", "2025-12-31"]
    assert sum(row["outstanding"] for row in credit["communes"]) == 1_095_000_000
    assert sum(row["outstanding"] for row in credit["offices"]) == 1_095_000_000
    assert credit_mismatches(credit) == []
    credit["communes"][0]["outstanding"] += 1
    assert "xã, phường" in credit_mismatches(credit)[0]


def test_words_say_reached_by_how_much_and_why(book: Book) -> None:
    _closed(book)
    said = words(credit_figures(year=2025, on=date(2026, 2, 10)))
    assert "Số liệu ngày 31/12/2025: đạt 2/4 chỉ tiêu" in said
    assert "chưa đạt: tỷ lệ nợ quá hạn; chưa đánh giá được 1 chỉ tiêu" in said
    assert "9,50%; chỉ tiêu khoảng 10% (được coi là đạt từ 9%, dung sai 1,00 điểm %)" in said
    assert "đạt mức khoảng 10% (thấp hơn 0,50 điểm %, trong dung sai)" in said
    # 20 m of 1,095 m is 1.83%.
    assert (
        "Tỷ lệ nợ quá hạn: 1,83%; chỉ tiêu dưới 1%: chưa đạt, cao hơn mức cho phép 0,83 điểm %"
        in said
    )
    assert "chưa đánh giá được, vì trong năm chưa có đợt khảo sát nhu cầu vay vốn nào" in said
    assert "Vốn ngân sách địa phương tăng 29,0 triệu đồng, tổng dư nợ tăng 95,0 triệu đồng" in said


def test_a_year_without_a_survey_has_no_access_rather_than_none_of_it() -> None:
    row = {"code": "access", "met": None, "denominator": 0, "numerator": 0, "reason": "Chưa đủ."}
    assert "không ghi nhận nhu cầu đủ điều kiện nào" in verdict(row)
    assert verdict(row | {"denominator": None}) == "chưa đánh giá được, vì chưa đủ"


@pytest.mark.parametrize(
    ("value", "met", "said"),
    [
        (300_000, True, "đạt"),
        (312_000, True, "đạt, vượt 1,20 điểm %"),
        (270_000, True, "đạt mức khoảng 30% (thấp hơn 3,00 điểm %, trong dung sai)"),
        (269_900, False, "chưa đạt, thiếu 3,01 điểm %"),
    ],
)
def test_the_verdict_on_both_sides_of_the_tolerance(value: int, met: bool, said: str) -> None:
    row = {"met": met, "gap": value - 300_000, "at_least": True, "target": 300_000, "reason": ""}
    assert verdict(row) == said


def test_every_table_cites_its_day(book: Book) -> None:
    _closed(book)
    credit = credit_figures(year=2025, on=date(2026, 2, 10))
    blocks = credit_blocks(credit)
    tables = [one for one in blocks if isinstance(one, Table)]
    annexes = [block for annex in credit_annexes(credit) for block in annex.blocks]
    assert len(tables) == 3
    assert len(annexes) == 2
    for table in (*tables, *annexes):
        assert isinstance(table, Table)
        assert table.note.startswith("Số liệu ngày 31/12/2025")
    (chart,) = [one for one in blocks if isinstance(one, Chart)]
    assert chart.series[0].values == [6.0, 9.5]
    cells = [cell for table in tables for row in table.rows for cell in row]  # type: ignore[union-attr]
    # Nobody was asked for a need: that is not nought.
    assert "–" in cells
    assert all("Dấu “–”: chưa có số liệu, không phải bằng không." in t.note for t in tables[:2])


def _target(code: str, name: str, value: int | None, before: int | None, **more: object) -> Row:
    row: dict[str, object] = {
        "code": code,
        "name": name,
        "unit": "ppm",
        "value": value,
        "before": before,
        "basis": "II.3.a, 232/KH-UBND",
        "tolerance": 0,
        "at_least": True,
        "reason": "",
        "numerator": 10**9,
        "denominator": 10**10,
    }
    return row | more


# Growth over its mark, local share within "khoảng", overdue too high, access short.
FOUR = (
    _target("growth_ytd", "Tăng trưởng dư nợ", 115_156, 106_100, target=100_000,
            tolerance=10_000, gap=15_156, met=True),
    _target("local_share_growth", "Vốn địa phương trong tăng trưởng", 280_000, 385_000,
            target=300_000, tolerance=30_000, gap=-20_000, met=True),
    _target("overdue_rate", "Tỷ lệ nợ quá hạn", 12_000, 9_000, target=10_000, gap=-2_000,
            at_least=False, met=False),
    _target("access", "Tiếp cận vốn", 969_461, None, target=1_000_000, gap=-30_539, met=False),
)  # fmt: skip
WHOLE = {
    "day": "2025-12-31",
    "before_day": "2024-12-31",
    "targets": FOUR,
    "figures": [],
    "months": [],
    "programmes": [],
    "offices": [],
    "communes": [],
}


@pytest.mark.parametrize(
    ("at", "parts"),
    [
        (0, ("11,52%", "khoảng 10%", "đạt, vượt 1,52 điểm %", "năm trước 10,61%")),
        (1, ("28,00%", "khoảng 30%", "thấp hơn 2,00 điểm %, trong dung sai", "năm trước 38,50%")),
        (2, ("1,20%", "dưới 1%", "chưa đạt, cao hơn mức cho phép 0,20 điểm %", "năm trước 0,90%")),
        (3, ("96,95%", "100%", "chưa đạt, thiếu 3,05 điểm %", "năm trước chưa có số liệu")),
    ],
)
def test_each_target_is_said_with_value_target_gap_and_the_year_before(
    at: int, parts: tuple[str, ...]
) -> None:
    said = target_words(FOUR[at])
    assert "(mục II.3.a Kế hoạch số 232/KH-UBND)" in said
    for part in parts:
        assert part in said
    assert said.splitlines() == [said]
    assert f"- {said}" in words(WHOLE)


def test_the_table_of_targets_has_them_in_columns() -> None:
    table = credit_blocks(WHOLE)[0]
    assert isinstance(table, Table)
    assert [tuple(row)[1:] for row in table.rows] == [  # type: ignore[arg-type]
        ("khoảng 10%", "11,52%", "+1,52", "Đạt", "10,61%"),
        ("khoảng 30%", "28,00%", "−2,00", "Đạt", "38,50%"),
        ("dưới 1%", "1,20%", "+0,20", "Chưa đạt", "0,90%"),
        ("100%", "96,95%", "−3,05", "Chưa đạt", "–"),
    ]
    assert "Mức khoảng 10% được coi là đạt từ 9%; mức khoảng 30% được coi là đạt từ 27%." in (
        table.note
    )


def test_the_first_sentence_names_what_was_reached_and_what_was_not() -> None:
    said = summary(WHOLE)
    assert said.startswith("Đến ngày 31/12/2025, toàn tỉnh đạt 2/4 chỉ tiêu tín dụng của Kế hoạch:")
    for part in (
        "tăng trưởng dư nợ 11,52%",
        "Chưa đạt 2 chỉ tiêu",
        "tỷ lệ nợ quá hạn 1,20%, cao hơn mức 1% cho phép 0,20 điểm %",
        "tiếp cận vốn 96,95%, thiếu 3,05 điểm % so với mức 100%",
    ):
        assert part in said
    nothing = [FOUR[3] | {"value": None, "met": None, "gap": None, "denominator": None}]
    assert "Chưa đánh giá được 1 chỉ tiêu: tiếp cận vốn, vì trong năm chưa có đợt khảo sát" in (
        summary(WHOLE | {"targets": nothing})
    )
    assert summary(WHOLE | {"part": True}).startswith("Đến ngày 31/12/2025, đơn vị đạt")
    assert summary({"day": "", "asked_on": "2025-12-31"}) == ""


def test_a_level_that_stays_is_labelled_once() -> None:
    chart = Chart(
        kind="line",
        title="t",
        categories=("1", "2", "3"),
        series=(Series("a", (1, 2, 3)), Series("mức", (2, 2, None), labels="last")),
    )
    rising, level = draw(chart).series
    assert [mark.label for mark in rising.marks if mark] == ["1", "2", "3"]
    assert [mark.label for mark in level.marks if mark] == ["", "2"]


@pytest.mark.parametrize("day", [date(2025, 12, 31), date(2026, 6, 30)])
def test_no_closed_day_in_the_year_is_words_and_no_nought(book: Book, day: date) -> None:
    """The only closed day lies in the year before: it says nothing about 2025."""
    book.close(date(2024, 12, 31), [loan_row(1, 0, 900)])
    credit = credit_figures(year=2025, on=day)
    assert credit["day"] == ""
    said = words(credit)
    assert "Chưa có ngày nào trong năm được khóa sổ tính đến ngày 31/12/2025" in said
    assert "0 đồng" not in said
    assert credit_blocks(credit) == []
    assert credit_annexes(credit) == ()


def test_a_unit_speaks_of_its_own_part(book: Book) -> None:
    _closed(book)
    day = date(2025, 12, 31)
    branch = Organisation.objects.get(code="nhcsxh-chi-nhanh@p75")
    assert scope_of(branch, day) == {}
    office = Organisation.objects.get(pk=book.place(0, day).office_id)
    found = scope_of(office, day)
    assert found is not None
    assert office.pk in found["office"]
    part = credit_figures(year=2025, on=day, where=found)
    figures = {row["code"]: row["value"] for row in part["figures"]}
    assert 0 < figures["outstanding"] <= 1_095_000_000
    assert part["offices"] == []
    assert "chỉ tiêu chung của tỉnh" in words(part)
    assert "chỉ tiêu chung của tỉnh" not in words(credit_figures(year=2025, on=day))
    commune = Organisation.objects.get(code=f"ubnd@{book.place(0, day).area.code}")
    assert scope_of(commune, day) == {"commune": frozenset({book.place(0, day).area_id})}
    assert scope_of(Organisation.objects.get(code="so-tai-chinh@p75"), day) is None
