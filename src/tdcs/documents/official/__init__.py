"""Official documents in the form of NĐ 30/2020/NĐ-CP: one model, a .docx and a PDF that say the same."""

from tdcs.documents.official.docx import to_docx
from tdcs.documents.official.model import (
    Annex,
    Article,
    Block,
    Bullets,
    Chart,
    Heading,
    OfficialDocument,
    Paragraph,
    Row,
    Run,
    Series,
    Signature,
    Table,
    paragraphs,
)
from tdcs.documents.official.pdf import to_pdf

__all__ = [
    "Annex",
    "Article",
    "Block",
    "Bullets",
    "Chart",
    "Heading",
    "OfficialDocument",
    "Paragraph",
    "Row",
    "Run",
    "Series",
    "Signature",
    "Table",
    "paragraphs",
    "to_docx",
    "to_pdf",
]
