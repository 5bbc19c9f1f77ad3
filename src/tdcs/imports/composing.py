"""The rows of a workbook in which something is wrong, as they stand in it, with the reason behind each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from tdcs.access.models import User
from tdcs.documents.columns import Cell, Column
from tdcs.documents.xlsx_out import table_to_xlsx
from tdcs.households.masking import masked_identity, masked_phone
from tdcs.imports import store
from tdcs.imports.models import ExtractFile
from tdcs.imports.queries.imports import faults_of
from tdcs.imports.queries.mappings import remembered_for
from tdcs.imports.reading.workbook import ReadingRequest, raw_guarded
from tdcs.imports.rules.layouts import layout_of
from tdcs.imports.rules.wording import fault_words

_WORDS = {"vi": ("Dòng", "Lý do", "Cột"), "en": ("Row", "Reason", "Column")}


# Columns of what is personal → how others than who brought the file see it.
_MASKS: Final = {"identity": masked_identity, "phone": masked_phone}


def reasons(file: ExtractFile, language: str, *, full: bool) -> dict[int, str]:
    """Row number → everything that is wrong with it. Raises FileChanged."""
    by_field = {one.field: one for one in layout_of(file.kind).columns}
    found: dict[int, list[str]] = {}
    for row, field, code, value, _ in faults_of(file).iter_rows():
        words, column = fault_words(code, language), by_field.get(field)
        name = column.title if column else ""
        if value and column and not full and (mask := _MASKS.get(column.kind)):
            value = mask(value)
        told = f"{name}: {words}" if name else words
        found.setdefault(row, []).append(f"{told} ({value})" if value else told)
    return {row: "; ".join(words) for row, words in found.items()}


def with_reasons(file: ExtractFile, language: str, reader: User | None) -> bytes:
    """The workbook of a file's wrong rows. Identity numbers and telephones stand in full for who brought the file, who has them
    in it; others see them masked. Raises FileChanged, and what reading raises."""
    full = reader is not None and reader == file.imported.made_by
    row_word, reason_word, column_word = _WORDS["en" if language == "en" else "vi"]
    why = reasons(file, language, full=full)
    content = store.get(file.sha256, file.ending, file.name)
    asked = ReadingRequest(file.name, None, remembered_for(file.imported.made_by))
    raw = raw_guarded(content, sorted(why), asked)
    titles = [one or f"{column_word} {at}" for at, one in enumerate(raw.head, 1)]
    columns = [Column(row_word, "ordinal"), *map(Column, titles), Column(reason_word)]
    masks = (
        {} if full else {place: _MASKS[kind] for place, kind in raw.kinds.items() if kind in _MASKS}
    )
    lines: list[list[Cell]] = [
        [number, *_masked(cells, masks), why[number]] for number, cells in raw.rows
    ]
    return table_to_xlsx(file.name, columns, lines)


def _masked(
    cells: Sequence[str | int], masks: Mapping[int, Callable[[str], str]]
) -> Iterator[str | int]:
    for place, cell in enumerate(cells):
        yield masks[place](str(cell)) if place in masks and cell != "" else cell
