"""Identity numbers and telephones in extracts: zeros that a spreadsheet lost come back; others than who brought them see masks."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from django.test import Client
from extract_cast import loan, workbook
from python_calamine import CalamineWorkbook

from tdcs.access.models import User
from tdcs.imports import services
from tdcs.imports.rules.cells import typed
from tdcs.imports.rules.layouts import Column, layouts

ON = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("kind", "cell", "read", "restored"),
    [
        ("identity", 75_080_000_201.0, "075080000201", 1),
        ("identity", 1_080_000_201, "001080000201", 1),
        ("identity", "75080000201", "075080000201", 1),
        ("identity", "075080000201", "075080000201", 0),
        ("identity", 12_345_678, "012345678", 1),
        ("identity", "B1234567", "B1234567", 0),
        ("identity", 4_711, "4711", 0),
        ("phone", 912_345_871, "0912345871", 1),
        ("phone", "0912 345 871", "0912 345 871", 0),
        ("phone", 61_382_211, "61382211", 0),
    ],
)
def test_zeros_that_a_spreadsheet_lost_come_back(
    kind: str, cell: Any, read: str, restored: int
) -> None:
    made, wrong = typed(Column("n", kind, 0, ("N",)), [cell, ""])
    assert made.to_list() == [read, None]
    assert wrong.cells == []
    assert wrong.notes == ([("zeros_restored", restored)] if restored else [])


def test_every_column_of_such_a_number_is_known_as_one() -> None:
    plain = [
        (one.kind, column.field)
        for one in layouts()
        for column in one.columns
        if column.kind == "text" and column.field.endswith(("identity_number", "identity", "phone"))
    ]
    assert plain == []


def test_wrong_rows_show_personal_numbers_in_full_to_who_brought_them_only(
    planner: User, head: User, client: Client
) -> None:
    wrong = loan(1, in_time=1, identity_number="075080000201", phone="0912345871")
    made = services.receive(files=[("a.xlsx", workbook(wrong))], by=planner, on=ON, key="masks")
    file = services.read(imported=made, by=planner, on=ON).files.get()
    assert file.blocking
    shown = {}
    for person in (planner, head):
        client.force_login(person)
        got = client.get(f"/sao-ke/tep/{file.pk}/dong-sai/")
        book = CalamineWorkbook.from_filelike(io.BytesIO(got.content))
        shown[person] = " ".join(str(cell) for row in book.get_sheet_by_index(0).to_python() for cell in row)  # fmt: skip
    assert "075080000201" in shown[planner] and "0912345871" in shown[planner]
    assert "075080000201" not in shown[head] and "0750••••••01" in shown[head]
    assert "0912345871" not in shown[head] and "091•••••71" in shown[head]
