"""A list beside the registers, whatever kind it is of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from tdcs.imports.models import Extract

_KEY: Final = pl.Int64()
_DAY: Final = pl.Date()


@dataclass(frozen=True, slots=True)
class Listed:
    """A list beside the registers. ``new``: its rows by which something begins; ``ends``: ``id`` of the spell or membership
    that ends on ``since`` and would have ended on ``was``; ``faults``: FAULT_SCHEMA; ``also``: what it says of a second table."""

    new: pl.DataFrame
    ends: pl.DataFrame
    faults: pl.DataFrame
    also: Listed | None = None


def written_before(extract: Extract, table: str = "") -> list[int]:
    """Keys of what the list of the same office and day began that this one would replace: it is taken back first.

    ``table``: "also" for those of its second table."""
    others = Extract.objects.filter(kind=extract.kind, office_code=extract.office_code)
    before = others.filter(day=extract.day, current=True).exclude(pk=extract.pk).first()
    written = before.written if before is not None else {}
    return list((written.get(table, {}) if table else written).get("made", ()))


def nothing_ends() -> pl.DataFrame:
    """``ends`` of a list by which nothing ends."""
    return pl.DataFrame(schema={"id": _KEY, "since": _DAY, "was": _DAY})
