"""A new report is a YAML file: no program is touched."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
import yaml

from tdcs.core import law
from tdcs.imports.reading.workbook import ReadingRequest, read_workbook

GROUPS = {
    "kind": "a_new_list",
    "name": "Danh sách mới",
    "name_en": "A new list",
    "needs": ["group", "balance"],
    "key": ["group"],
    "office": "office",
    "once_by": "group",
    "sums": ["balance"],
    "checks": [{"check": "not_negative", "of": ["balance"]}],
    "columns": [
        ["office", "code6", "Mã đơn vị"],
        ["group", "code7", "Mã tổ vay vốn"],
        ["balance", "money", "Dư nợ đến ngày"],
    ],
}


@pytest.fixture
def with_new_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    folder = tmp_path / "extracts"
    folder.mkdir()
    for file in law.path("extracts").glob("*.yaml"):
        (folder / file.name).write_bytes(file.read_bytes())
    (folder / "a-new-list.yaml").write_text(yaml.safe_dump(GROUPS, allow_unicode=True))
    real = law.path
    monkeypatch.setattr(law, "path", lambda name: tmp_path / name if name.startswith("extracts") else real(name))  # fmt: skip
    law.forget()
    yield
    monkeypatch.undo()
    law.forget()


@pytest.mark.usefixtures("with_new_kind")
def test_a_file_of_yaml_makes_a_report_known() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write_row(2, 1, ["mã  ĐƠN VỊ", "Mã tổ\nvay vốn", "du no den ngay"])
        sheet.write_row(3, 1, [4606, 100001, "1.500.000"])
        sheet.write_row(4, 1, ["004606", "0100002", -1])
    read = read_workbook(out.getvalue(), ReadingRequest("to 31-10-2026.xlsx"))
    assert (read.kind, read.day) == ("a_new_list", "2026-10-31")
    rows = pl.read_parquet(io.BytesIO(read.parts[0].rows))
    assert rows["group"].to_list() == ["0100001", "0100002"]
    assert rows["balance"].to_list() == [1_500_000, -1]
    assert read.fault_rows == 1
