"""Every kind is known by its own names, in any order, and by no other kind's."""

from __future__ import annotations

import io
import random

import polars as pl
import pytest
import xlsxwriter

from tdcs.core.text import fold
from tdcs.imports.reading.workbook import ReadingRequest, read_workbook
from tdcs.imports.rules.layouts import Layout, layouts
from tdcs.imports.rules.recognising import header_of

_CELLS = {
    "money": 5_000_000,
    "million": 5,
    "thousand": 5,
    "count": 7,
    "rate": 6.6,
    "date": "31/08/2026",
    "text": "chữ",
    "identity": "075080000201",
    "phone": "0912345871",
}


def test_there_are_the_kinds_that_an_office_exports() -> None:
    assert {"report_31", "loan_detail", "report_10", "report_7", "report_14", "report_2", "report_13", "report_1", "report_12", "groups_dsto", "disbursements", "instalments_a", "instalments_b", "bcdhtd_01_1", "bcdhtd_01_2", "len_31_commune", "len_31_mass", "len_31_programme", "len_31_leader", "b32", "bc0437", "bc0438", "telegram", "poverty_list", "members", "officers", "capital_sources", "credit_plan", "units", "group_scores", "job_loans", "resolution_11"} <= {one.kind for one in layouts()}  # fmt: skip
    assert len(next(one for one in layouts() if one.kind == "report_31").columns) == 175


# Forms, tables under each other and units side by side are read in test_each_kind_written.py.
LISTS = [one for one in layouts() if not (one.levels or one.tables or one.matrix)]


@pytest.mark.parametrize("layout", LISTS, ids=lambda one: one.kind)
def test_a_kind_is_known_by_its_names_in_any_order(layout: Layout) -> None:
    titles = [one.title for one in layout.columns]
    found = header_of([[], ["tiêu đề"], titles])
    assert found is not None and found.layout.kind == layout.kind
    assert found.unknown == () and found.missing == ()
    random.Random(17).shuffle(titles)
    shuffled = header_of([[f" {fold(one).upper()}\n" for one in titles]])
    assert shuffled is not None and shuffled.layout.kind == layout.kind


@pytest.mark.parametrize("layout", LISTS, ids=lambda one: one.kind)
def test_a_row_of_a_kind_is_read_and_checked(layout: Layout) -> None:
    """One row: the parts of a whole are right, codes have lost their zeros."""
    cells = {
        one.field: int("4606" if one.width == 6 else "1")
        if one.kind == "code"
        else _CELLS[one.kind]
        for one in layout.columns
    }
    for rule in layout.checks:
        if rule["check"] == "parts":
            cells |= {**dict.fromkeys(rule["of"], 0), rule["of"][0]: cells[rule["whole"]]}
        elif rule["check"] == "at_most":
            cells[rule["more"]] = 2 * 5_000_000
        elif rule["check"] == "one_of":
            cells[rule["field"]] = rule["of"][0]
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("BCQUERY")
        sheet.write_row(4, 1, [one.title for one in layout.columns])
        sheet.write_row(5, 1, [cells[one.field] for one in layout.columns])
        sheet.write(6, 1, "Tổng cộng")
    read = read_workbook(out.getvalue(), ReadingRequest("004606_xuat 31-08-2026.xlsx"))
    assert (read.kind, read.day) == (layout.kind, "2026-08-31")
    assert pl.read_parquet(io.BytesIO(read.faults)).rows() == []
    (part,) = read.parts
    assert (part.office, part.sums["rows"]) == ("004606", 1)
