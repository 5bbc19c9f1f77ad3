"""What English pages call the names of the law (law/english.yaml)."""

from __future__ import annotations

from django.utils.translation import get_language, gettext

from tdcs.core import law
from tdcs.core.phrasebook import Phrasebook


@law.remembered
def _book() -> Phrasebook:
    return Phrasebook(law.load("english.yaml"))


def in_english(words: str) -> str:
    """A name of the law in English, or names in a list; what has no English there as it is."""
    return _book().english(words)


def said(words: str) -> str:
    """A label of the program or a name of the law, kept in Vietnamese, as the reader's language says it."""
    # Gettext answers an empty string with the head of its file.
    if not words or get_language() != "en":
        return words
    found = gettext(words)
    return found if found != words else in_english(words)
