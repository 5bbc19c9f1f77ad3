"""The .docx package around a body: styles, settings, page number, properties, and bytes that do not change."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from typing import Any, Final

import docx
from docx.oxml import parse_xml

from tdcs.documents.official import docx_body as body
from tdcs.documents.official.docx_styles import W_NS

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


def opened(styles: str) -> tuple[Any, str]:
    """An empty package with these styles, and the relation of its header, to which sections refer."""
    package: Any = docx.Document()
    _replace(package.styles.element, styles)
    _replace(package.settings.element, _SETTINGS)
    return package, _page_number(package)


def closed(package: Any, words: str, *, title: str, author: str, moment: datetime) -> bytes:
    """The file with ``words`` as its body; its own dates are ``moment``, never the machine's."""
    _replace(package.element.body, f"<w:body {_NAMESPACES}>{words}</w:body>")
    about = package.core_properties
    about.title = title[:255]
    about.author = about.last_modified_by = author[:255]
    about.language = "vi-VN"
    about.created = about.modified = moment.replace(tzinfo=None)
    about.comments = about.keywords = ""
    about.revision = 1
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
    section = package.sections[0]
    section.header.is_linked_to_previous = False
    _replace(
        section.header._element,
        f"<w:hdr {W_NS}>{body.paragraph('SoTrang', _PAGE_FIELD)}</w:hdr>",
    )
    relation: str = section._sectPr.headerReference_lst[0].rId
    return relation


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
