"""Vietnamese text: one form to store, one folded form to search and match."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_SPACES = re.compile(r"\s+")
# Typographic signs that a keyboard writes otherwise.
_SIGNS = str.maketrans(
    {"–": "-", "—": "-", "‑": "-", "’": "'", "‘": "'", "“": '"', "”": '"', "\u00a0": " "}
)
# Letters of other alphabets that look like ours: Icelandic and African d, Cyrillic and Greek letters.
_ALIKE = str.maketrans("đðɖаеорсхуіԁοαν", "dddaeopcxyidoav")


class _Letters(dict[int, str]):
    """What each sign folds to, worked out once: text of sixty pages is folded many times over."""

    def __missing__(self, code: int) -> str:
        bare = unicodedata.normalize("NFD", chr(code).translate(_SIGNS).lower())
        made = "".join(sign for sign in bare if not unicodedata.combining(sign)).translate(_ALIKE)
        self[code] = made
        return made


_LETTERS = _Letters()


def nfc(words: str) -> str:
    """Composed letters, the one form in which text is stored."""
    return unicodedata.normalize("NFC", words)


def fold(words: str) -> str:
    """Lower case without accents, đ as d, single spaces: the key of search and matching.

    "Hoà Bình" and "Hòa Bình" and "hoa binh" fold alike; so do "Đặng" and "Ðặng" (an Icelandic letter).
    """
    return (
        _folded(words) if len(words) < _REMEMBERED else " ".join(words.translate(_LETTERS).split())
    )


# A document asks for the same words again and again; long ones are not kept.
_REMEMBERED = 160


@lru_cache(maxsize=8192)
def _folded(words: str) -> str:
    return " ".join(words.translate(_LETTERS).split())


def by_name(words: str) -> tuple[str, str]:
    """The key of a list by name: without accents first, then as written, so that Lộc Thạnh and Lộc Thành keep one order."""
    return fold(words), words


def squash(words: str) -> str:
    """Composed letters and single spaces, accents and case kept."""
    return _SPACES.sub(" ", nfc(words)).strip()
