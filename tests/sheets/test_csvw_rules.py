"""What is published is CSV on the Web by W3C's rules, and the check finds what would not be."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from w3c import faults

from tdcs.sheets.rules.csvw import Field, Published, as_csv, metadata

ROWS = pl.DataFrame(
    {
        "day": [date(2026, 10, 31), date(2026, 11, 30)],
        "area_name": ["xã Trảng Bom", '=phường "Long Khánh", phố 1'],
        "value": [363_732_900_000, None],
        "open": [True, False],
    },
    schema={"day": pl.Date, "area_name": pl.String, "value": pl.Int64, "open": pl.Boolean},
)
TABLE = Published(
    url="small.csv",
    title="Bảng nhỏ",
    about="Mọi kiểu cột.",
    publisher="Chi nhánh",
    licence="https://creativecommons.org/licenses/by/4.0/",
    modified=date(2026, 11, 30),
    fields=(
        Field("day", "Ngày", "Day", "Ngày khóa sổ.", required=True),
        Field("area_name", "Địa bàn", "Area", required=True),
        Field("value", "Giá trị", "Value"),
        Field("open", "Còn mở", "Open"),
    ),
    key=("day", "area_name"),
)


def _published(folder: Path) -> Path:
    (folder / "small.csv").write_bytes(as_csv(ROWS))
    described = folder / "small.csv-metadata.json"
    described.write_bytes(metadata(TABLE, ROWS))
    return described


def test_every_kind_of_column_is_valid(tmp_path: Path) -> None:
    assert faults(_published(tmp_path)) == []


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("363732900000", "363.732.900.000 đồng"),
        ("2026-10-31", "31/10/2026"),
        ("2026-10-31", ""),
        ("true", "có"),
    ],
)
def test_a_value_that_is_not_what_its_column_says_is_found(
    tmp_path: Path, was: str, becomes: str
) -> None:
    described = _published(tmp_path)
    file = tmp_path / "small.csv"
    file.write_text(file.read_text(encoding="utf-8").replace(was, becomes), encoding="utf-8")
    assert faults(described)


def test_a_key_twice_is_found(tmp_path: Path) -> None:
    described = _published(tmp_path)
    (tmp_path / "small.csv").write_bytes(as_csv(pl.concat([ROWS, ROWS.head(1)])))
    assert faults(described)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda told: told["tableSchema"]["columns"][0].update(name="ngay"),
        lambda told: told["tableSchema"]["columns"].pop(),
        lambda told: told["tableSchema"]["columns"][2].update(datatype="dong"),
        lambda told: told["tableSchema"]["columns"][0].update(titles=7),
    ],
    ids=["another column", "a column too few", "a datatype of our own", "a title that is none"],
)
def test_a_description_that_breaks_the_rules_is_found(
    tmp_path: Path, wrong: Callable[[Any], Any]
) -> None:
    described = _published(tmp_path)
    told = json.loads(described.read_bytes())
    wrong(told)
    described.write_text(json.dumps(told), encoding="utf-8")
    assert faults(described)
