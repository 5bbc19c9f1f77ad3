"""CSV on the Web: a table as CSV and its description as W3C's tabular metadata. Knows no Django.

https://www.w3.org/TR/tabular-metadata/
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from tdcs.documents.xlsx_out import harmless

CONTEXT: Final = ["http://www.w3.org/ns/csvw", {"@language": "vi"}]
_DATATYPES: Final[Mapping[object, str | dict[str, str]]] = {
    pl.String: "string",
    pl.Int64: "integer",
    pl.Boolean: "boolean",
    pl.Date: {"base": "date", "format": "yyyy-MM-dd"},
}


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a published table: its name in the file, what it is called and means in both languages."""

    name: str
    title: str
    title_en: str
    about: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Published:
    """A table for the public: file, title, what it says, who publishes it, under which licence, its key."""

    url: str
    title: str
    about: str
    publisher: str
    licence: str
    modified: date
    fields: Sequence[Field]
    key: Sequence[str]


def as_csv(rows: pl.DataFrame) -> bytes:
    """RFC 4180: UTF-8 without a mark, header, days as 2026-11-23, nothing where nothing is known; no word begins a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(rows.columns)
    writer.writerows([_cell(value) for value in row] for row in rows.iter_rows())
    return out.getvalue().encode()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    return harmless(value) if isinstance(value, str) else str(value)


def metadata(table: Published, rows: pl.DataFrame) -> bytes:
    """The description beside the CSV, called <file>-metadata.json. Raises ValueError when its fields are not the columns."""
    if [one.name for one in table.fields] != rows.columns:
        raise ValueError(f"{table.url}: the fields are not the columns")
    columns = [_column(one, rows.schema[one.name]) for one in table.fields]
    told = {
        "@context": CONTEXT,
        "url": table.url,
        "dc:title": table.title,
        "dc:description": table.about,
        "dc:publisher": table.publisher,
        "dc:license": {"@id": table.licence},
        "dc:modified": {"@value": table.modified.isoformat(), "@type": "xsd:date"},
        "dialect": {"encoding": "utf-8", "delimiter": ",", "header": True, "quoteChar": '"'},
        "tableSchema": {"columns": columns, "primaryKey": list(table.key)},
    }
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def _column(one: Field, kind: pl.DataType) -> dict[str, object]:
    found: dict[str, object] = {
        "name": one.name,
        "titles": {"vi": one.title, "en": one.title_en},
        "datatype": _DATATYPES[kind],
    }
    if one.required:
        found["required"] = True
    if one.about:
        found["dc:description"] = one.about
    return found
