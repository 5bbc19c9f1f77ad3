"""Official documents in the form of Nghị định 30/2020/NĐ-CP, once described, twice rendered."""

from tdcs.documents.official.model import (
    Bars,
    Block,
    Heading,
    OfficialDocument,
    PageBreak,
    Paragraph,
    Signature,
    TableBlock,
)

__all__ = [
    "Bars",
    "Block",
    "Heading",
    "OfficialDocument",
    "PageBreak",
    "Paragraph",
    "Signature",
    "TableBlock",
    "to_docx",
    "to_pdf",
]


def to_docx(document: OfficialDocument) -> bytes:
    """The document as .docx; the same document gives the same bytes."""
    from tdcs.documents.official.docx_out import render

    return render(document)


def to_pdf(document: OfficialDocument) -> bytes:
    """The document as PDF, in the fonts that ship."""
    from tdcs.documents.official.pdf_out import render

    return render(document)
