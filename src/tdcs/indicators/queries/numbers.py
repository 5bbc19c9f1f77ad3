"""Contract numbers of the loans in snapshots, kept beside them: a page of loans asks no table of loans.

A loan's number never changes, so the file only grows, by the loans written since it was last made.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Final

import polars as pl

from tdcs.indicators.frame_files import write_frame
from tdcs.indicators.queries.access import folder
from tdcs.loans.queries.columns import copied

_NUMBERS: Final = "SELECT l.id, l.number FROM loans_loan l WHERE l.id > %(last)s ORDER BY l.id"
_COLUMNS: Final = {"loan": pl.Int64, "number": pl.String}


def keep_numbers() -> None:
    """Adds the loans written since."""
    path = _path()
    known = pl.read_parquet(path) if path.exists() else pl.DataFrame(schema=_COLUMNS)
    last = known["loan"].max() or 0
    more = copied(_NUMBERS, {"last": last}, tuple(_COLUMNS), words=("number",))
    if len(more) or not path.exists():
        write_frame(pl.concat([known, more]), path)


def kept_numbers(loans: Collection[int]) -> dict[int, str]:
    """loan → contract number, of those that are kept."""
    path = _path()
    if not path.exists():
        return {}
    found = pl.scan_parquet(path).filter(pl.col("loan").is_in(list(loans))).collect()
    return dict(found.rows())


def _path() -> Path:
    return folder() / "numbers.parquet"
