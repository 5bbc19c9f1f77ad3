"""The official document as PDF (typst). The text travels as data, never as source."""

from __future__ import annotations

import json
from typing import Any

import typst

from tdcs.documents.official.bars import FONTS, HERE, bars_data
from tdcs.documents.official.model import (
    Bars,
    Heading,
    OfficialDocument,
    PageBreak,
    Paragraph,
    TableBlock,
    clean,
    date_line,
    number_line,
)


def render(document: OfficialDocument) -> bytes:
    """The whole document; see tdcs.documents.official.to_pdf."""
    made = typst.compile(
        str(HERE / "official.typ"),
        root=str(HERE),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(_data(document), ensure_ascii=False)},
    )
    assert isinstance(made, bytes)
    return made


def _data(document: OfficialDocument) -> dict[str, Any]:
    sign = document.signature
    return {
        "parent": clean(document.parent.upper()),
        "issuer": clean(document.issuer.upper()),
        "number": number_line(document),
        "date": date_line(document),
        "type": clean(document.type_name.upper()),
        "subject": clean(document.subject),
        "addressees": clean("; ".join(document.addressees)),
        "bases": [clean(basis) for basis in document.bases],
        "blocks": [_block(block) for block in document.text],
        "annexes": [_block(block) for block in document.annexes],
        "authority": [clean(words.upper()) for words in (*sign.authority, sign.title) if words],
        "name": clean(sign.name),
        "recipients": [clean(line.rstrip(".;")) for line in document.recipients],
    }


def _block(block: object) -> dict[str, Any]:
    if isinstance(block, Heading):
        return {"kind": "heading", "text": clean(block.text), "level": block.level}
    if isinstance(block, Paragraph):
        parts = [part.strip() for part in clean(block.text).split("\n") if part.strip()]
        style = {"italic": block.italic, "bold": block.bold, "centred": block.centred}
        return {"kind": "text", "parts": [("- " if block.dash else "") + p for p in parts], **style}
    if isinstance(block, TableBlock):
        return {
            "kind": "table",
            "caption": clean(block.caption),
            "header": [clean(cell) for cell in block.header],
            "rows": [[clean(cell) for cell in row] for row in block.rows],
            "widths": list(block.widths),
            "right": sorted(block.right),
            "total": block.total,
        }
    if isinstance(block, Bars):
        return {"kind": "bars", "caption": clean(block.caption), "bars": bars_data(block)}
    assert isinstance(block, PageBreak)
    return {"kind": "break", "text": clean(block.title)}
