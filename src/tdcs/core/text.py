"""Vietnamese text: one form to store, one folded form to search and match."""

from __future__ import annotations

import re
import unicodedata

_SPACES = re.compile(r"\s+")
# Typographic signs that a keyboard writes otherwise.
_SIGNS = str.maketrans(
    {"–": "-", "—": "-", "‑": "-", "’": "'", "‘": "'", "“": '"', "”": '"', "\u00a0": " "}
)
# Letters of other alphabets that look like ours: Icelandic and African d, Cyrillic and Greek letters.
_ALIKE = str.maketrans("đðɖаеорсхуіԁοαν", "dddaeopcxyidoav")


def nfc(words: str) -> str:
    """Composed letters, the one form in which text is stored."""
    return unicodedata.normalize("NFC", words)


def fold(words: str) -> str:
    """Lower case without accents, đ as d, single spaces: the key of search and matching.

    "Hoà Bình" and "Hòa Bình" and "hoa binh" fold alike; so do "Đặng" and "Ðặng" (an Icelandic letter).
    """
    bare = unicodedata.normalize("NFD", words.translate(_SIGNS).lower())
    letters = "".join(sign for sign in bare if not unicodedata.combining(sign))
    return _SPACES.sub(" ", letters.translate(_ALIKE)).strip()


def by_name(words: str) -> tuple[str, str]:
    """The key of a list by name: without accents first, then as written, so that Lộc Thạnh and Lộc Thành keep one order."""
    return fold(words), words


def squash(words: str) -> str:
    """Composed letters and single spaces, accents and case kept."""
    return _SPACES.sub(" ", nfc(words)).strip()
