"""Which indicators an extract can give (law/extracts/comparable.yaml)."""

from __future__ import annotations

from collections.abc import Mapping

from tdcs.core import law

FILE = "extracts/comparable.yaml"


@law.remembered
def comparable() -> tuple[str, ...]:
    """Codes of the indicators that a book followed by extracts gives as a book of record does."""
    return tuple(law.load(FILE)["comparable"])


@law.remembered
def missing() -> Mapping[str, str]:
    """Codes of those that it cannot give → why."""
    found: Mapping[str, str] = law.load(FILE)["missing"]
    return found
