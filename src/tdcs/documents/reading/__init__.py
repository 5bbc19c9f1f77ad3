"""Files in: .txt, .docx and PDF with text, as lines and tables in the order of the document."""

from __future__ import annotations

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

        return read_docx(content)
    if b"%PDF-" in content[:1024]:
        from tdcs.documents.reading.pdf import read_pdf

        return read_pdf(content)
    if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        # An OLE file is an old .doc, or a .docx under a password.
        marker = "EncryptedPackage".encode("utf-16-le")
        raise errors.EncryptedFile if marker in content else errors.UnknownFormat
    from tdcs.documents.reading.txt import read_txt

    return read_txt(content)
