"""Where the heading of a table stands that somebody prepared in a spreadsheet, and which column is which."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tdcs.core.text import fold
from tdcs.documents.reading.rows import SheetRow, Value

# The heading may stand below a title or two.
WITHIN: Final = 15


@dataclass(frozen=True, slots=True)
class Heading:
    """``places``: column → its place in a row; ``body``: the rows below the heading.

    Where no row is heading enough, ``body`` is empty and ``places`` are those of the row that came closest: it says
    which columns are missing.
    """

    places: Mapping[str, int]
    body: Sequence[SheetRow]
    found: bool

    def cell(self, row: SheetRow, column: str) -> Value:
        """What a row says in a column; an empty string where the table or the row lacks it."""
        at = self.places.get(column, -1)
        return row.cells[at] if 0 <= at < len(row.cells) else ""

    def lacks(self, columns: Collection[str]) -> list[str]:
        """Those of ``columns`` that the table does not have."""
        return [column for column in columns if column not in self.places]


def exactly(names: Mapping[str, str]) -> Callable[[str], str | None]:
    """Names of columns by what stands in their heading: "Ngày *" is "ngay"; case, accents and the star do not count."""
    known = {fold(words).rstrip(" *"): column for column, words in names.items()}
    return lambda words: known.get(words.rstrip(" *"))


def beginning(names: Mapping[str, Collection[str]]) -> Callable[[str], str | None]:
    """Names of columns by how their folded heading begins: "thu nhap dau nguoi" is the column of "thu nhap"."""

    def of(words: str) -> str | None:
        return next(
            (column for column, starts in names.items() if words.startswith(tuple(starts))), None
        )

    return of


def find_heading(
    rows: Sequence[SheetRow],
    column_of: Callable[[str], str | None],
    enough: Callable[[Collection[str]], bool],
) -> Heading:
    """The first row among the first ``WITHIN`` whose columns are ``enough``.

    ``column_of`` says which column a folded cell names (``exactly``, ``beginning``); of two that name one, the first counts.
    """
    best: dict[str, int] = {}
    for at, row in enumerate(rows[:WITHIN]):
        places: dict[str, int] = {}
        for place, cell in enumerate(row.cells):
            column = column_of(fold(str(cell)))
            if column is not None:
                places.setdefault(column, place)
        if enough(places.keys()):
            return Heading(places, rows[at + 1 :], found=True)
        best = max(best, places, key=len)
    return Heading(best, (), found=False)
