"""Plain text in the encodings that Vietnamese offices use."""

from __future__ import annotations

from tdcs.core.text import nfc
from tdcs.documents import errors
from tdcs.documents.reading.model import CONTROLS, Line, ReadDocument


def read_txt(content: bytes) -> ReadDocument:
    """Lines of a text file. Raises UnknownFormat for bytes that are no text."""
    text = nfc(_decode(content))
    controls = sum(1 for sign in text[:20000] if sign < " " and sign not in "\n\r\t\f")
    if controls > len(text[:20000]) // 200:
        raise errors.UnknownFormat
    text = text.translate(CONTROLS)
    page, lines = 1, []
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        page += line.count("\f")
        lines.append(Line(line.replace("\f", "").rstrip(), number, page))
    return ReadDocument("txt", tuple(lines))


def _decode(content: bytes) -> str:
    marked = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    encodings = ["utf-16"] if marked else ["utf-8-sig", "cp1258"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise errors.UnknownFormat
