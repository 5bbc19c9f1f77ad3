"""An extract as separated text (CSV, TSV, or such text named .xls), in the encodings that offices use and used."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Final

from tdcs.documents import errors
from tdcs.imports.errors import NotASpreadsheet
from tdcs.imports.rules.letters import decoded

# What the one table of such a file is called.
SHEET: Final = "CSV"
_SIGNS: Final = "\t;|,"
_FIRST: Final = 60


def is_plain(content: bytes) -> bool:
    """Whether bytes are separated text."""
    text = decoded(content[:200_000])
    return text is not None and _sign(text) != ""


def plain_rows(content: bytes) -> Iterator[list[str]]:
    """Every row; an empty line is an empty row. Raises NotASpreadsheet, BrokenFile."""
    text = decoded(content)
    sign = _sign(text) if text is not None else ""
    if text is None or not sign:
        raise NotASpreadsheet
    try:
        yield from csv.reader(text.splitlines(keepends=True), delimiter=sign)
    except csv.Error as wrong:
        raise errors.BrokenFile from wrong


def _sign(text: str) -> str:
    """The sign between cells, "" where no line of the first has one; HTML is no table of ours."""
    lines = text[:200_000].splitlines()[:_FIRST]
    if text.lstrip()[:1] == "<":
        return ""
    most = {sign: max((line.count(sign) for line in lines), default=0) for sign in _SIGNS}
    # A comma stands inside figures and titles too: it is the sign only where there is no other.
    return next((sign for sign in _SIGNS if most[sign] >= (1 if sign == ";" else 2)), "")
