"""W3C's rules of tabular data, asked of a library that others keep: csvw (Apache-2.0)."""

from __future__ import annotations

import warnings
from pathlib import Path

from csvw import CSVW


def faults(metadata: Path) -> list[str]:
    """What breaks the rules in a description and the CSV it names; nothing when both are valid. Reads no network."""
    with warnings.catch_warnings(record=True) as said:
        # The library tells each fault as a warning, and those of a value as an error when warnings are errors.
        warnings.simplefilter("always")
        try:
            read = CSVW(str(metadata), validate=True)
            valid = read.is_valid
        except ValueError as wrong:
            return [str(wrong)]
    found = [str(one.message) for one in (*read.warnings, *said)]
    assert valid or found
    return found
