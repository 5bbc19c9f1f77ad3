"""The sheet as PDF, by typst."""

from __future__ import annotations

from datetime import UTC, datetime

from tdcs.documents.official.layout import lay_out
from tdcs.documents.official.model import OfficialDocument
from tdcs.documents.official.typesetting import typeset


def to_pdf(document: OfficialDocument) -> bytes:
    """The same document gives the same bytes: the file's own date is the document's."""
    made: bytes = typeset(
        "official.typ", lay_out(document), format="pdf", timestamp=stamp(document)
    )
    return made


def stamp(document: OfficialDocument) -> datetime:
    """A file's date without asking any clock: the day of issue, else the year's first day."""
    day = document.issued_on
    if day is None:
        return datetime(document.year or 2000, 1, 1, tzinfo=UTC)
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
