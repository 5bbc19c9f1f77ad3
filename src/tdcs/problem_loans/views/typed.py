"""Amounts as people type them into the room's forms, read as everywhere else."""

from __future__ import annotations

from tdcs.core import amounts
from tdcs.problem_loans.errors import DossierField


def dong(words: str | None, field: str) -> int:
    """An amount of dong, 0 when nothing is typed. Raises DossierField, which names the ``field``."""
    try:
        return amounts.dong(words) if words and words.strip() else 0
    except amounts.NotAnAmount:
        raise DossierField(field=field, why="không đọc được") from None
