"""The sheet as .docx: python-docx holds the package, ``docx_body`` writes what stands in it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any, Final

import docx
from docx.oxml import parse_xml

from tdcs.documents.official import docx_body as body
from tdcs.documents.official.docx_styles import W_NS, styles_xml
from tdcs.documents.official.layout import lay_out
from tdcs.documents.official.model import OfficialDocument
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

_NAMESPACES: Final = (
    f"{W_NS} "
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)
_PAGE_FIELD: Final = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    '<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>2</w:t></w:r>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)
_SETTINGS: Final = (
    f"<w:settings {W_NS}>"
    '<w:zoom w:percent="100"/><w:defaultTabStop w:val="720"/><w:characterSpacingControl w:val="doNotCompress"/>'
    '<w:compat><w:compatSetting w:name="compatibilityMode" '
    'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
    '<w:themeFontLang w:val="vi-VN"/><w:decimalSymbol w:val=","/><w:listSeparator w:val=";"/></w:settings>'
)
_ZIP_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


def to_docx(document: OfficialDocument) -> bytes:
    """The same document gives the same bytes."""
    sheet = lay_out(document)
    package: Any = docx.Document()
    _replace(package.styles.element, styles_xml())
    _replace(package.settings.element, _SETTINGS)
    header = _page_number(package)
    words = "".join(_body(sheet, package, header))
    _replace(package.element.body, f"<w:body {_NAMESPACES}>{words}</w:body>")
    _describe(package, document, sheet)
    _drop_thumbnail(package)
    buffer = io.BytesIO()
    package.save(buffer)
    return _repacked(buffer)


def _replace(element: Any, xml: str) -> None:
    """Give an element of the empty package the children of ours."""
    for child in list(element):
        element.remove(child)
    for child in list(parse_xml(xml.encode())):
        element.append(child)


def _page_number(package: Any) -> str:
    """One header with the page's number; returns the relation that sections refer to."""
    section = package.sections[0]
    section.header.is_linked_to_previous = False
    _replace(
        section.header._element,
        f"<w:hdr {W_NS}>{body.paragraph('SoTrang', _PAGE_FIELD)}</w:hdr>",
    )
    relation: str = section._sectPr.headerReference_lst[0].rId
    return relation


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


def _describe(package: Any, document: OfficialDocument, sheet: Sheet) -> None:
    """Properties that Word and archives show; dates are the document's, not the machine's."""
    about = package.core_properties
    moment = stamp(document).replace(tzinfo=None)
    about.title = sheet.title[:255]
    about.author = about.last_modified_by = sheet.author[:255]
    about.language = "vi-VN"
    about.created = about.modified = moment
    about.comments = about.keywords = ""
    about.revision = 1


def _drop_thumbnail(package: Any) -> None:
    """The empty template carries a picture of another document."""
    relations = package.part.package.rels
    for name in [name for name, one in relations.items() if one.reltype.endswith("/thumbnail")]:
        del relations[name]


def _repacked(buffer: io.BytesIO) -> bytes:
    """The same parts with a fixed time."""
    out = io.BytesIO()
    with zipfile.ZipFile(buffer) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            entry = zipfile.ZipInfo(name, _ZIP_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            target.writestr(entry, content)
    return out.getvalue()
