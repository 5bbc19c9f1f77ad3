"""Files in: .txt, .docx and PDF with text, as lines and tables in the order of the document."""

from __future__ import annotations

from dataclasses import replace

from tdcs.documents import errors
from tdcs.documents.reading.model import ReadDocument, Table, TextLine

__all__ = ["MAX_BYTES", "ReadDocument", "Table", "TextLine", "read"]

MAX_BYTES = 20 * 1024 * 1024


def read(content: bytes) -> ReadDocument:
    """Read a file by its content, whatever its name says. Raises a refusal of documents.errors."""
    if len(content) > MAX_BYTES:
        raise errors.FileTooLarge(size=len(content) // 2**20, limit=MAX_BYTES // 2**20)
    if not content.strip():
        raise errors.EmptyFile
    if content[:4] == b"PK\x03\x04":
        from tdcs.documents.reading.docx import read_docx

        return in_unicode(read_docx(content))
    if b"%PDF-" in content[:1024]:
        from tdcs.documents.reading.pdf import read_pdf

        return in_unicode(read_pdf(content))
    if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        # An OLE file is an old .doc, or a .docx under a password.
        marker = "EncryptedPackage".encode("utf-16-le")
        raise errors.EncryptedFile if marker in content else errors.UnknownFormat
    from tdcs.documents.reading.txt import read_txt

    return read_txt(content)


def in_unicode(document: ReadDocument) -> ReadDocument:
    """Old fonts give Latin letters in .docx and PDF too; look-alikes are brought to the letters that are meant."""
    from tdcs.documents.reading.cleaning import letters
    from tdcs.documents.reading.legacy import converter

    words = (
        b.text if isinstance(b, TextLine) else "\n".join(map("\n".join, b.rows))
        for b in document.blocks
    )
    convert = converter("\n".join(words))

    def made(text: str) -> str:
        return letters(convert(text)).strip()

    blocks = (
        replace(b, text=letters(convert(b.text)))
        if isinstance(b, TextLine)
        else replace(b, rows=tuple(tuple(map(made, row)) for row in b.rows))
        for b in document.blocks
    )
    return replace(document, blocks=tuple(blocks))
