"""Opens what was written, as Word would find it: zip, XML, styles, tables."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import docx
from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def reopened(content: bytes) -> Any:
    """The document; every XML part must be well-formed."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                etree.fromstring(archive.read(name))
    return docx.Document(io.BytesIO(content))


def read_tables(content: bytes) -> list[list[list[str]]]:
    """The tables with borders; a merged cell counts once."""
    tables = []
    for table in reopened(content).element.body.iter(f"{W}tbl"):
        if table.find(f"{W}tblPr/{W}tblStyle") is None:
            continue
        rows = [[_words(cell) for cell in row.iter(f"{W}tc")] for row in table.iter(f"{W}tr")]
        tables.append(rows)
    return tables


def lines(content: bytes) -> list[tuple[str, str]]:
    """(style, words) of every paragraph, those in tables too."""
    document = reopened(content)
    names = {style.style_id: style.name for style in document.styles}
    return [
        (names[p.find(f"{W}pPr/{W}pStyle").get(f"{W}val")], _words(p))
        for p in document.element.body.iter(f"{W}p")
        if p.find(f"{W}pPr/{W}pStyle") is not None
    ]


def words_in(content: bytes, style: str) -> list[str]:
    return [words for name, words in lines(content) if name == style]


def _words(element: Any) -> str:
    return "".join(
        "\n" if one.tag == f"{W}br" else one.text or "" for one in element.iter(f"{W}t", f"{W}br")
    )
