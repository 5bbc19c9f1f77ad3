"""A document as lines and tables."""

from __future__ import annotations

from dataclasses import dataclass

# Signs that no letter has and no database keeps; line ends, tabs and page breaks stay.
CONTROLS = dict.fromkeys(sign for sign in range(32) if chr(sign) not in "\t\n\f\r")


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line (.txt, PDF) or paragraph (.docx). ``number`` counts from 1 over the document."""

    text: str
    number: int
    page: int = 1
    centred: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table: rows of cells; a cell merged over rows or columns repeats its text."""

    rows: tuple[tuple[str, ...], ...]
    number: int
    page: int = 1
    # The page of each row, where pages are known.
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """``kind``: txt, docx, pdf or scan (a PDF that was recognised). In a .docx each line is a whole paragraph."""

    kind: str
    blocks: tuple[TextLine | Table, ...]

    @property
    def lines(self) -> tuple[TextLine, ...]:
        return tuple(block for block in self.blocks if isinstance(block, TextLine))

    @property
    def tables(self) -> tuple[Table, ...]:
        return tuple(block for block in self.blocks if isinstance(block, Table))
