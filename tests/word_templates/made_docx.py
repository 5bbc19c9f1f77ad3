"""Templates made for tests: paragraphs and tables of words, and parts put in by hand."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence

from docx import Document


def docx(
    *paragraphs: str, table: Sequence[Sequence[str]] = (), header: str = "", footer: str = ""
) -> bytes:
    """A .docx with paragraphs, then a table."""
    document = Document()
    for words in paragraphs:
        document.add_paragraph(words)
    if table:
        made = document.add_table(len(table), len(table[0]))
        for row, words in zip(made.rows, table, strict=True):
            for cell, text in zip(row.cells, words, strict=True):
                cell.text = text
    if header:
        document.sections[0].header.paragraphs[0].text = header
    if footer:
        document.sections[0].footer.paragraphs[0].text = footer
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def changed(
    content: bytes, parts: Mapping[str, bytes], *, replace: tuple[str, str] | None = None
) -> bytes:
    """The package with parts added or replaced; ``replace``: words of the body's XML."""
    kept = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name in parts:
                continue
            words = old.read(name)
            if replace and name == "word/document.xml":
                words = words.replace(replace[0].encode(), replace[1].encode())
            new.writestr(name, words)
        for name, words in parts.items():
            new.writestr(name, words)
    return kept.getvalue()


def words_of(content: bytes) -> list[str]:
    """Every paragraph and cell of a document, in order."""
    from tdcs.word_templates.filling.rendering import parts_of

    return [line.text for part in parts_of(content) for line in part.lines]
