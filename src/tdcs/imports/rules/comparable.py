"""Which indicators a book that follows extracts gives (law/extracts/comparable.yaml)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tdcs.core import law

FILE: Final = "extracts/comparable.yaml"


@law.remembered
def comparable() -> tuple[str, ...]:
    """Codes of the indicators that an extract gives as a book of record does."""
    return tuple(law.load(FILE)["comparable"])


@law.remembered
def historical() -> tuple[str, ...]:
    """Codes of those that it gives once the extracts of the months before are there."""
    return tuple(law.load(FILE)["history"])


@law.remembered
def comparable_by_office() -> tuple[str, ...]:
    """Codes of those that it gives for whole offices."""
    return tuple(law.load(FILE)["by_office"])


@law.remembered
def other_sources() -> tuple[str, ...]:
    """Codes of those that stand in registers of this system."""
    return tuple(law.load(FILE)["other_sources"])


@law.remembered
def missing() -> Mapping[str, tuple[str, str]]:
    """Codes of those that it cannot give → why, in Vietnamese and in English."""
    return {code: tuple(why) for code, why in law.load(FILE)["missing"].items()}
