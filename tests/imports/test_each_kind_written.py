"""Each kind that the generator writes, with its traps, is read back: its rows, its sums, its printed totals, to the dong."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import polars as pl
import pytest
from extract_cast import DAY, frame, loan, saver

from tdcs.demo.extracts import lists as lists_of_core
from tdcs.demo.extracts.figures import Month
from tdcs.demo.extracts.forms import FORMS, lines_of
from tdcs.demo.extracts.lists import lists
from tdcs.demo.extracts.province import Wanted, workbooks
from tdcs.imports.reading.workbook import Read, ReadingRequest, read_workbook
from tdcs.imports.rules.layouts import layout_of
from tdcs.imports.rules.sums import sums_of

MOVES = {f"{name}_{span}": 0 for span in ("month", "quarter", "year") for name in ("lent", "rolled_over", "repaid_in_time", "repaid_overdue", "repaid_frozen", "written_off", "interest_received")}  # fmt: skip


def _loan(number: int, **other: Any) -> dict[str, Any]:
    """A loan with the flows of its month; names of groups and programmes as the core gives them."""
    place = number % 3
    return loan(
        number,
        **{
            **MOVES,
            "commune": f"46002{place}",
            "commune_name": ("xã La Ngà", "xã Công Hải", "phường Ngãi Giao")[place],
            "hamlet": f"46002{place}01",
            "hamlet_name": "Ấp 1",
            "group": f"01000{place}{number % 2}",
            "leader_name": "Trần Thị Mai" if number % 2 else "Lê Văn Tám",
            "mass": ("11", "12", "13")[place],
            "mass_name": ("Hội Nông dân", "Hội Liên hiệp Phụ nữ", "Hội Cựu chiến binh")[place],
            "term": ("Ngắn hạn", "Trung hạn", "Dài hạn")[place],
            "session_day": 10 + place,
            "product": "001MC1",
            "last_transaction_on": date(2026, 3, 1),
            "interest_collected": 1_000_001,
            "arrears_in_time": 123_456,
            "arrears_overdue": 0,
            "principal_fallen": 0,
            "last_disbursed_on": date(2026, 10, 5),
            "lent_month": 5_000_003,
            "lent_year": 7_000_005,
            "repaid_in_time_month": 1_234_567,
            "repaid_in_time_year": 2_234_567,
            "interest_received_month": 345_678,
            **other,
        },
    )


ROWS = (
    *(_loan(n) for n in range(1, 60)),
    # Rolled over, overdue, frozen, direct, for jobs from local money, and one with two books.
    _loan(60, rolled_over_month=5_000_003, rolled_over_year=5_000_003),
    _loan(61, overdue=20_000_001, in_time=29_999_999, turned_overdue_on=date(2026, 10, 1)),
    _loan(62, frozen=50_000_000, in_time=0, frozen_until_on=date(2028, 1, 1)),
    _loan(63, group=None, mass="99", mass_name="Trực tiếp", programme="12", programme_name="nhà ở xã hội", principal_fallen=10_000_000, principal_paid=4_000_000, session_day=None),
    _loan(64, programme="03", programme_name="Cho vay việc làm", source="2", investor="INV4601100000001"),
    _loan(65),
    _loan(65, savings_book="TK65b", savings_balance=200_000),
    saver(90, group="0000000", commune="460600", commune_name="Vay trực tiếp"),
)  # fmt: skip
FULL = frame(*ROWS)
MONTH = Month(DAY, pl.DataFrame(), pl.DataFrame())
POOR = pl.DataFrame({"poverty_class": ["poor"], "decision": ["12/QĐ"], "from_on": [date(2026, 1, 1)], "head_name": ["Công Thị Tư"], "born_on": [date(1960, 1, 1)], "identity_number": ["075000000001"], "hamlet_name": ["Ấp 1"], "commune": ["0020"]})  # fmt: skip


@pytest.fixture(scope="module")
def read() -> dict[str, tuple[str, Read]]:
    """Every kind as it is read back, with its file's name. ``POOR`` stands for the register of households."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lists_of_core, "rows_of", lambda sql, values: POOR)
        files = list(workbooks(FULL, MONTH, Wanted(every=True, seed=5)))
    found = {}
    for name, content in files:
        one = read_workbook(content, ReadingRequest(name))
        found[one.kind] = (name, one)
    return found


@pytest.fixture(scope="module")
def given() -> dict[str, pl.DataFrame]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lists_of_core, "rows_of", lambda sql, values: POOR)
        return {"report_31": FULL, **lists(FULL, MONTH)}


def _rows(one: Read) -> pl.DataFrame:
    return pl.concat(pl.read_parquet(io.BytesIO(part.rows)) for part in one.parts)


def test_every_list_comes_back_cell_by_cell(read: Any, given: dict[str, pl.DataFrame]) -> None:
    assert len(given) >= 20
    for kind, rows in given.items():
        assert len(rows), kind
        _, one = read[kind]
        back = _rows(one)
        faults = pl.read_parquet(io.BytesIO(one.faults)).rows()
        assert faults == [], (kind, faults[:3])
        assert len(back) == len(rows), kind
        for name in set(back.columns) - {"_row"}:
            said = sorted(rows[name].cast(pl.String).fill_null("").str.strip_chars().to_list())
            assert sorted(back[name].cast(pl.String).fill_null("").to_list()) == said, (kind, name)
        layout = layout_of(kind)
        assert sums_of(layout, back) == sums_of(layout, rows), kind


def test_every_list_knows_its_day_and_office(read: Any) -> None:
    for kind, (name, one) in read.items():
        assert one.day == DAY.isoformat(), (kind, name)
        assert [part.office for part in one.parts] == ["004606"], (kind, name)


@pytest.mark.parametrize("kind", FORMS[:-2])
def test_every_form_comes_back_to_the_dong(read: Any, kind: str) -> None:
    _, one = read[kind]
    back = _rows(one)
    leaves = [line for line in lines_of(kind, FULL) if line.leaf]
    assert pl.read_parquet(io.BytesIO(one.faults)).rows() == []
    assert len(back) == len(leaves)
    layout = layout_of(kind)
    for name in (one.field for one in layout.columns if one.title.startswith("(")):
        if name in ("mark", "name"):
            continue
        said = [line.figures.get(name, 0) for line in leaves]
        assert back[name].fill_null(0).to_list() == said, name
    last = layout.levels[-1].field
    assert back[last].to_list() == [line.name for line in leaves]


def test_names_of_upper_rows_go_down_to_those_under_them(read: Any) -> None:
    rows = _rows(read["len_31_programme"][1])
    assert set(rows["commune_name"]) >= {"xã La Ngà", "xã Công Hải", "phường Ngãi Giao"}
    assert "Hội Liên hiệp Phụ nữ" in set(rows["mass_name"])
    b32 = _rows(read["b32"][1])
    assert set(b32["section"]) == {"Cho vay", "Thu nợ", "Tổng dư nợ", "Quá hạn"}
    assert set(b32["source_name"]) == {"Nguồn trung ương", "Nguồn địa phương"}


def test_tables_under_each_other_are_told_apart(read: Any) -> None:
    rows = _rows(read["bc0438"][1])
    assert set(rows["table"]) == {1, 2, 3}
    groups = FULL.filter(pl.col("group").is_not_null() & (pl.col("group") != "0000000"))
    owed = groups.filter(pl.col("contract").is_not_null()).unique("contract")["balance"].sum()
    assert rows["balance"].sum() == owed == rows["programme_balance"].sum()
    assert pl.read_parquet(io.BytesIO(read["bc0438"][1].faults)).rows() == []


def test_units_side_by_side_become_rows(read: Any) -> None:
    (row,) = _rows(read["telegram"][1]).rows(named=True)
    once = FULL.filter(pl.col("contract").is_not_null()).unique("contract")
    assert row["balance"] == once["balance"].sum()
    assert row["balance_b"] == 50_000_000 and row["frozen_a"] == 50_000_000


def test_the_seed_gives_the_same_files() -> None:
    names = [[name for name, _ in workbooks(FULL, MONTH, Wanted(seed=seed))] for seed in (5, 5)]
    assert names[0] == names[1]
