"""Vietnamese text: one form to store, one folded form to search and match."""

from __future__ import annotations

import re
import unicodedata

_SPACES = re.compile(r"\s+")
# Typographic signs that a keyboard writes otherwise.
_SIGNS = str.maketrans(
    {"–": "-", "—": "-", "‑": "-", "’": "'", "‘": "'", "“": '"', "”": '"', "\u00a0": " "}
)


def nfc(words: str) -> str:
    """Composed letters, the one form in which text is stored."""
    return unicodedata.normalize("NFC", words)


def fold(words: str) -> str:
    """Lower case without accents, đ as d, single spaces: the key of search and matching.

    "Hoà Bình" and "Hòa Bình" and "hoa binh" fold alike.
    """
    bare = unicodedata.normalize("NFD", words.translate(_SIGNS).lower())
    letters = "".join(sign for sign in bare if not unicodedata.combining(sign))
    return _SPACES.sub(" ", letters.replace("đ", "d")).strip()


def squash(words: str) -> str:
    """Composed letters and single spaces, accents and case kept."""
    return _SPACES.sub(" ", nfc(words)).strip()
