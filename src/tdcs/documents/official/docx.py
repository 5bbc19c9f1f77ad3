"""The sheet as .docx: ``package`` holds the file together, ``docx_body`` writes what stands in it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from tdcs.documents.official import docx_body as body
from tdcs.documents.official.docx_styles import styles_xml
from tdcs.documents.official.layout import lay_out
from tdcs.documents.official.model import OfficialDocument
from tdcs.documents.official.package import closed, opened
from tdcs.documents.official.pdf import stamp
from tdcs.documents.official.sheet import (
    TURNED_MM,
    UPRIGHT_MM,
    Break,
    Closing,
    Figure,
    Grid,
    Part,
    Sheet,
    Text,
)
from tdcs.documents.official.typesetting import PICTURE_DPI, pictures


def to_docx(document: OfficialDocument) -> bytes:
    """The same document gives the same bytes."""
    sheet = lay_out(document)
    package, header = opened(styles_xml())
    words = "".join(_body(sheet, package, header))
    return closed(package, words, title=sheet.title, author=sheet.author, moment=stamp(document))


def _body(sheet: Sheet, package: Any, header: str) -> Iterator[str]:
    drawings = [
        node.drawing for part in sheet.parts for node in part.nodes if isinstance(node, Figure)
    ]
    drawn = enumerate(pictures(drawings), 1)
    yield body.head(sheet.head)
    for place, part in enumerate(sheet.parts):
        section = body.section(part, header, first=place == 0)
        final = place == len(sheet.parts) - 1
        for position, node in enumerate(part.nodes):
            ends = not final and position == len(part.nodes) - 1
            if isinstance(node, Text):
                after_table = position > 0 and isinstance(part.nodes[position - 1], Grid)
                yield body.text(node, section if ends else "", after_table=after_table)
                continue
            yield _node(node, part, package, drawn)
            if ends:
                yield body.paragraph("NganCach", "", section)
        if final:
            # Word wants a paragraph after a table that ends the body.
            text_ends = bool(part.nodes) and isinstance(part.nodes[-1], Text)
            yield "" if text_ends else body.paragraph("NganCach", "")
            yield section


def _node(
    node: Grid | Figure | Closing | Break,
    part: Part,
    package: Any,
    drawn: Iterator[tuple[int, bytes]],
) -> str:
    match node:
        case Grid():
            within = TURNED_MM if part.landscape else UPRIGHT_MM
            return body.grid(node, within)
        case Figure():
            number, png = next(drawn)
            relation, image = package.part.get_or_add_image(io.BytesIO(png))
            size = (image.px_width / PICTURE_DPI * 25.4, image.px_height / PICTURE_DPI * 25.4)
            return body.picture(relation, number, size, node.alt)
        case Closing():
            return body.closing(node)
        case Break():
            return body.paragraph("NganCach", "")
