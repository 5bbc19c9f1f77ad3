"""A whole workbook of the core: read in a process of its own with bounds, given back as Parquet and plain data."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import msgspec
import polars as pl

from tdcs.documents import errors
from tdcs.documents.reading.guarded import Bounds, ask
from tdcs.imports.reading.plain import SHEET, plain_rows

if TYPE_CHECKING:
    from tdcs.imports.reading.opening import Recognised
    from tdcs.imports.rules.layouts import Layout

# One office's report 31: 14,000 rows of 175 columns take about 5 seconds and 700 MiB.
BOUNDS: Final = Bounds(seconds=240, mib=6144)
_CHUNK: Final = 2**20
_OVERLAP: Final = 4096
_FORMULA: Final = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"[^>]*>\s*<f[ >/]')
_MOST_FORMULAS: Final = 100_000
# An office's code and name beside the rows, while they are divided by it.
_CODE: Final = "_code"
_CALLED: Final = "_called"
# As many columns as a sheet can have.
_COLUMNS: Final = 16_384


@dataclass(frozen=True, slots=True)
class ReadingRequest:
    """What is read: ``day`` where a person or the name says it; ``remembered``: fingerprint of a header → (kind, name of
    a column → field), as people said it."""

    name: str
    day: date | None = None
    remembered: dict[str, tuple[str, dict[str, str]]] | None = None


class Part(msgspec.Struct, frozen=True):
    """The rows of one office and day as Parquet, with their sums. ``guessed``: the office is the file's name's word alone."""

    office: str
    office_name: str
    rows: bytes
    sums: dict[str, int]
    guessed: bool = False


class Read(msgspec.Struct, frozen=True):
    """What a workbook held. ``day``: ISO, "" when nothing says it; ``faults``: Parquet of FAULT_SCHEMA; ``notes``: (code,
    field, count)."""

    kind: str
    sheet: str
    header_row: int
    day: str
    day_from: str
    parts: list[Part]
    faults: bytes
    fault_rows: int
    blocking: int
    notes: list[tuple[str, str, int]]
    missing: list[str]
    unknown: list[str]
    fingerprint: str = ""


def read_guarded(content: bytes, asked: ReadingRequest, bounds: Bounds = BOUNDS) -> Read:
    """The extract in a workbook. Raises a refusal of documents.errors; NotATable when no sheet is one."""
    head = msgspec.msgpack.encode((asked.name, asked.day, asked.remembered))
    packed = len(head).to_bytes(4, "big") + head + content
    return msgspec.msgpack.decode(ask(f"{__name__}:_child", packed, bounds), type=Read)


def _child(packed: bytes) -> Read:
    length = int.from_bytes(packed[:4], "big")
    kinds = tuple[str, date | None, dict[str, tuple[str, dict[str, str]]] | None]
    name, day, remembered = msgspec.msgpack.decode(packed[4 : 4 + length], type=kinds)
    return read_workbook(packed[4 + length :], ReadingRequest(name, day, remembered))


def read_workbook(content: bytes, asked: ReadingRequest) -> Read:
    """``read_guarded`` without its bounds."""
    from tdcs.imports.reading.opening import recognise
    from tdcs.imports.rules.letters import mixed_lines
    from tdcs.imports.rules.recognising import day_said, days_in
    from tdcs.imports.rules.rows import read_rows

    found = recognise(content, asked.remembered, guarded=True)
    if found is None:
        raise errors.NotATable
    below = found.header.row + 1
    lines = islice(_all_rows(content, found.sheet), below, None)
    header = found.header
    formulas = _formulas(content, found)
    said = (asked.day, "asked") if asked.day else day_said(header.layout, header.title, asked.name)
    named = {*days_in(header.title), *days_in(asked.name), *filter(None, said[:1])}
    read = read_rows(header, lines, below + 1, said[0], formulas, named)
    mixed = mixed_lines(content) if found.sheet == SHEET else 0
    return _answer(found, read, said, (asked, mixed))


def _all_rows(content: bytes, name: str) -> Iterator[Any]:
    """Every row of a sheet. The reader gives empty rows at the top but no empty columns on the left: they are put back."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    if name == SHEET and content[:4] != b"PK\x03\x04":
        rows = list(plain_rows(content))
        width = max(map(len, rows), default=0)
        # A line that ends early has nothing in its last columns.
        yield from ([*row, *[""] * (width - len(row))] for row in rows)
        return
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(name)
    except PasswordError as wrong:
        raise errors.EncryptedFile from wrong
    except (CalamineError, OSError, IndexError) as wrong:
        raise errors.BrokenFile from wrong
    indent = (sheet.start or (0, 0))[1]
    empty = ("",) * indent
    for row in sheet.iter_rows():
        yield (*empty, *row) if indent else row


def _answer(
    found: Any, read: Any, said: tuple[date | None, str], given: tuple[ReadingRequest, int]
) -> Read:
    from tdcs.imports.rules.recognising import export_day_after
    from tdcs.imports.rules.rows import day_of

    asked, mixed = given
    layout, frame = found.header.layout, read.frame
    notes = list(read.notes)
    told = day_of(layout, frame)
    # A column says it before anybody else does.
    day, why = (told, "column") if told else said
    if day and export_day_after(asked.name, day):
        notes.append(("exported_later", "", 1))
    if found.header.letters:
        notes.append(("old_letters", "", 1))
    notes += [("mixed_letters", "", mixed)] if mixed else []
    faults = io.BytesIO()
    read.faults.write_parquet(faults, compression="zstd")
    return Read(
        kind=layout.kind,
        sheet=found.sheet,
        header_row=found.header.row + 1,
        day=day.isoformat() if day else "",
        day_from=why,
        parts=[] if frame.is_empty() else _parts(layout, frame, asked.name),
        faults=faults.getvalue(),
        fault_rows=read.faults["row"].n_unique(),
        blocking=int(read.faults["blocks"].sum()),
        notes=notes,
        missing=list(found.header.missing),
        unknown=list(found.header.unknown),
        fingerprint=found.header.fingerprint,
    )


def _parts(layout: Layout, frame: pl.DataFrame, name: str) -> list[Part]:
    """The rows by office: a branch's merged file holds them all."""
    from tdcs.imports.rules.recognising import office_in
    from tdcs.imports.rules.rows import most_common
    from tdcs.imports.rules.sums import sums_of

    guess = office_in(name)
    coded = layout.office in frame.columns
    own = set(frame[layout.office].drop_nulls()) if coded else set[str]()
    code, called = pl.col(_CODE), pl.col(_CALLED)
    named = _by_names(layout, frame)
    if coded or named.filter(called != "")[_CALLED].n_unique() <= 1:
        # The name of a file is no word on whose each row is where a column has names of several.
        named = named.with_columns(code.fill_null(guess))
    if coded:
        named = named.with_columns(code.alias(layout.office))
    keys = [
        code.fill_null(""),
        pl.when(code.fill_null("") == "").then(called).otherwise(pl.lit("")),
    ]
    return [
        Part(
            office=str(office),
            office_name=str(most_common(rows, layout.office_name) or ""),
            rows=as_parquet(rows),
            sums=sums_of(layout, rows),
            guessed=office not in own,
        )
        for (office, _), group in sorted(named.group_by(keys), key=lambda one: one[0])
        for rows in (group.drop(_CODE, _CALLED),)
    ]


def _by_names(layout: Layout, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with _CODE and _CALLED, the office's; rows without a code have that of the rows of the same name."""
    code, called = (
        pl.col(one) if one in frame.columns else pl.lit(None, dtype=pl.String)
        for one in (layout.office, layout.office_name)
    )
    named = frame.with_columns(code.alias(_CODE), called.fill_null("").alias(_CALLED))
    pairs = named.select(_CALLED, _CODE).filter(pl.col(_CODE).is_not_null(), pl.col(_CALLED) != "")
    known = dict(pairs.unique().filter(pl.len().over(_CALLED) == 1).iter_rows())
    by_name = pl.col(_CALLED).replace_strict(known, default=None, return_dtype=pl.String)
    return named.with_columns(pl.coalesce(_CODE, by_name))


def as_parquet(frame: pl.DataFrame) -> bytes:
    """Rows as an extract keeps them."""
    out = io.BytesIO()
    frame.write_parquet(out, compression="zstd", compression_level=1, statistics=False)
    return out.getvalue()


def _formulas(content: bytes, found: Recognised) -> dict[int, str]:
    """Row → the first of its cells that is read and holds a formula instead of a value."""
    from tdcs.imports.reading.opening import column_of, sheets_of

    if content[:4] != b"PK\x03\x04":
        return {}
    header, held = found.header, dict[int, str]()
    # A column of one's own may be computed; of tables under each other each has other columns.
    unread = set[int]() if header.layout.tables else set(range(_COLUMNS)) - set(header.columns)
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        part = dict(sheets_of(packed))[found.sheet]
        with packed.open(part) as stream:
            tail = b""
            while piece := stream.read(_CHUNK):
                piece = tail + piece
                if b"<f" in piece:
                    for one in _FORMULA.finditer(piece):
                        if column_of(letters := one[1].decode()) not in unread:
                            held.setdefault(int(one[2]), letters + one[2].decode())
                tail = piece[-_OVERLAP:]
                if len(held) > _MOST_FORMULAS:
                    break
    return held


class Raw(msgspec.Struct, frozen=True):
    """Rows of a sheet as they stand. ``kinds``: place of a column that is read → its kind; ``rows``: (number, cells)."""

    head: list[str]
    kinds: dict[int, str]
    rows: list[tuple[int, list[str | int]]]


def raw_guarded(content: bytes, rows: list[int], asked: ReadingRequest) -> Raw:
    """The header's names and some rows of the sheet that is an extract. Raises what ``read_guarded`` raises."""
    head = msgspec.msgpack.encode((rows, asked.remembered))
    packed = len(head).to_bytes(4, "big") + head + content
    return msgspec.msgpack.decode(ask(f"{__name__}:_raw_child", packed, BOUNDS), type=Raw)


def _raw_child(packed: bytes) -> Raw:
    from tdcs.imports.reading.opening import recognise
    from tdcs.imports.rules.cells import shown

    length = int.from_bytes(packed[:4], "big")
    kinds = tuple[list[int], dict[str, tuple[str, dict[str, str]]] | None]
    numbers, remembered = msgspec.msgpack.decode(packed[4 : 4 + length], type=kinds)
    wanted, content = set(numbers), packed[4 + length :]
    found = recognise(content, remembered, guarded=True)
    if found is None:
        raise errors.NotATable
    head: list[str] = []
    rows: list[tuple[int, list[str | int]]] = []
    for number, row in enumerate(_all_rows(content, found.sheet), 1):
        if number == found.header.row + 1:
            head = [shown(cell) for cell in row]
        elif number in wanted:
            whole = (
                int(cell) if isinstance(cell, float) and cell.is_integer() else shown(cell)
                for cell in row
            )
            rows.append((number, list(whole)))
    layout = found.header.layout
    read = {place: layout.column(name).kind for place, name in found.header.columns.items()}
    return Raw(head, read, rows)
