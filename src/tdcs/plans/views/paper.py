"""An official document on a page: the same sheet that the printers draw, as HTML."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tdcs.documents.official import OfficialDocument
from tdcs.documents.official.layout import lay_out
from tdcs.documents.official.sheet import Closing, Figure, Grid, Head, Text


@dataclass(frozen=True, slots=True)
class Paper:
    """The head and the nodes of a document; each node with the name of its kind."""

    head: Head
    parts: list[list[tuple[str, Any]]]


def paper(document: OfficialDocument) -> Paper:
    """Wording, numbering and figures exactly as in the .docx and the PDF."""
    sheet = lay_out(document)
    return Paper(
        sheet.head,
        [[(_kind(node), node) for node in part.nodes if _kind(node)] for part in sheet.parts],
    )


def _kind(node: object) -> str:
    match node:
        case Text():
            return "text"
        case Grid():
            return "grid"
        case Figure():
            return "figure"
        case Closing():
            return "closing"
    return ""
