"""The rows of a workbook in which something is wrong, as they stand in it, with the reason behind each."""

from __future__ import annotations

from tdcs.documents.columns import Cell, Column
from tdcs.documents.xlsx_out import table_to_xlsx
from tdcs.imports import store
from tdcs.imports.models import ExtractFile
from tdcs.imports.queries.imports import faults_of
from tdcs.imports.queries.mappings import remembered_for
from tdcs.imports.reading.workbook import ReadingRequest, raw_guarded
from tdcs.imports.rules.layouts import layout_of
from tdcs.imports.rules.wording import fault_words

_WORDS = {"vi": ("Dòng", "Lý do", "Cột"), "en": ("Row", "Reason", "Column")}


def reasons(file: ExtractFile, language: str) -> dict[int, str]:
    """Row number → everything that is wrong with it. Raises FileChanged."""
    titles = {one.field: one.title for one in layout_of(file.kind).columns}
    found: dict[int, list[str]] = {}
    for row, field, code, value, _ in faults_of(file).iter_rows():
        words = fault_words(code, language)
        name = titles.get(field, "")
        told = f"{name}: {words}" if name else words
        found.setdefault(row, []).append(f"{told} ({value})" if value else told)
    return {row: "; ".join(words) for row, words in found.items()}


def with_reasons(file: ExtractFile, language: str) -> bytes:
    """The workbook of a file's wrong rows. Raises FileChanged, and what reading raises."""
    row_word, reason_word, column_word = _WORDS["en" if language == "en" else "vi"]
    why = reasons(file, language)
    content = store.get(file.sha256, file.ending, file.name)
    asked = ReadingRequest(file.name, None, remembered_for(file.imported.made_by))
    head, rows = raw_guarded(content, sorted(why), asked)
    titles = [one or f"{column_word} {at}" for at, one in enumerate(head, 1)]
    columns = [Column(row_word, "ordinal"), *map(Column, titles), Column(reason_word)]
    lines: list[list[Cell]] = [[number, *cells, why[number]] for number, cells in rows]
    return table_to_xlsx(file.name, columns, lines)
