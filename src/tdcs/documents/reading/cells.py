"""What a cell of a table that somebody prepared in a spreadsheet says."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from tdcs.core.typed import parse_day
from tdcs.documents.reading.rows import Value

_WRITTEN: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


def day_of(cell: Value) -> date | None:
    """A day as a spreadsheet has it, or as it is typed: 15/11/2026, 2026-11-15; None for anything else."""
    if isinstance(cell, date):
        return cell
    words = str(cell).strip()
    found = _WRITTEN.fullmatch(words)
    return parse_day(f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}" if found else words)
