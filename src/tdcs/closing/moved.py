"""What a day that is closed again keeps: the figures that moved, and the entries that were posted."""

from __future__ import annotations

from typing import TypeAlias

from tdcs.ledger.results import Posted

# Day, office, commune, figure, before, after.
Moved: TypeAlias = tuple[str, int, int, str, int, int]


class Summed(Posted):
    """An entry of the close: of which office and template, and its amounts by name."""

    office: int
    template: str
    amounts: dict[str, int]
