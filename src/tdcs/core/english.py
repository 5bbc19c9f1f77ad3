"""What English pages call the names of the law (law/english.yaml)."""

from __future__ import annotations

from tdcs.core import law
from tdcs.core.phrasebook import Phrasebook


@law.remembered
def _book() -> Phrasebook:
    return Phrasebook(law.load("english.yaml"))


def in_english(words: str) -> str:
    """A name of the law in English, or names in a list; what has no English there as it is."""
    return _book().english(words)
