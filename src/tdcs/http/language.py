"""Words kept in Vietnamese, as the reader's language says them."""

from __future__ import annotations

from django.utils.translation import get_language, gettext

from tdcs.core.english import in_english


def said(words: str) -> str:
    """A label of the program or a name of the law; what is neither as it is."""
    # Gettext answers an empty string with the head of its file.
    if not words or get_language() != "en":
        return words
    found = gettext(words)
    return found if found != words else in_english(words)
