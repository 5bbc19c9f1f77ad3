"""Plain text in the encodings that Vietnamese offices use and used."""

from __future__ import annotations

from tdcs.core.text import nfc
from tdcs.documents import errors
from tdcs.documents.reading.cleaning import cleaned, letters
from tdcs.documents.reading.legacy import modern
from tdcs.documents.reading.model import ReadDocument, TextLine
from tdcs.documents.reading.spaced import with_tables


def read_txt(content: bytes) -> ReadDocument:
    """Lines and tables of a text file. Raises UnknownFormat for bytes that are no text."""
    text = nfc(modern(_decode(content)))
    controls = sum(1 for sign in text[:20000] if sign < " " and sign not in "\n\r\t\f")
    if controls > len(text[:20000]) // 200:
        raise errors.UnknownFormat
    raw = letters(text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    page, lines = 1, []
    for number, (line, clean) in enumerate(zip(raw, cleaned(raw), strict=True), 1):
        page += line.count("\f")
        lines.append(TextLine(clean.replace("\f", "").rstrip(), number, page))
    return ReadDocument("txt", tuple(with_tables(lines)))


def _decode(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    latin = content.decode("latin-1")
    if modern(latin) != latin:
        return latin
    try:
        return content.decode("cp1258")
    except UnicodeDecodeError as problem:
        raise errors.UnknownFormat from problem
