"""Which letters a text was written in: Unicode, or the fonts and code pages of before it; told by words that headers have."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from tdcs.core import law
from tdcs.core.text import nfc
from tdcs.documents.reading.legacy import from_vni, tcvn3_letters
from tdcs.imports.rules.layouts import layouts

# "": the text is in Unicode, or has no accents at all.
TABLES: Final[Mapping[str, Callable[[str], str]]] = {
    "": str,
    "tcvn3": tcvn3_letters,
    "vni": from_vni,
}
_WORD: Final = re.compile(r"[^\W\d_]+")
_SUSPECT: Final = re.compile(r"[\xa1-\xff]")
_UNICODE: Final = re.compile(r"[\u1ea0-\u1ef9ăĂơƠưƯđĐ]")
# Enough of a file to tell its letters by.
SAMPLE: Final = 20_000


def letters_of(words: str) -> str:
    """The table of TABLES by which most words of a head become words that headers have."""
    sample = nfc(words)[:SAMPLE]
    if _UNICODE.search(sample) or not _SUSPECT.search(sample):
        return ""
    return max(TABLES, key=lambda name: known_words(TABLES[name](sample)))


def decoded(content: bytes) -> str | None:
    """Bytes of a text file as composed Unicode; None for bytes that are no text."""
    sample = content[:SAMPLE]
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return nfc(content.decode("utf-16", errors="replace"))
    if sample[1::2].count(0) * 3 > len(sample):
        return nfc(content.decode("utf-16-le", errors="replace"))
    if 0 in sample:
        return None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _of_a_page(content) if not mixed_lines(content) else _line_by_line(content)
    name = letters_of(text)
    return nfc(TABLES[name](text) if name else text)


def mixed_lines(content: bytes) -> int:
    """How many lines of a text file are in a code page although others are in Unicode; 0 where all are alike."""
    lines = [one for one in content.split(b"\n") if not one.isascii()]
    strange = sum(not _is_unicode(one) for one in lines)
    return strange if 0 < strange < len(lines) else 0


def _is_unicode(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _line_by_line(content: bytes) -> str:
    """Files put together of parts that were saved differently."""
    return "\n".join(
        nfc(one.decode("utf-8-sig")) if _is_unicode(one) else _of_a_page(one)
        for one in content.split(b"\n")
    )


def _of_a_page(content: bytes) -> str:
    """Of one byte a letter: Windows 1258 with its marks behind the letters, or a font's own letters."""
    page = nfc(content.decode("cp1258", errors="replace"))
    latin = content.decode("latin-1")
    made = [page, *(nfc(TABLES[name](latin)) for name in TABLES if name)]
    return max(made, key=lambda text: known_words(text[:SAMPLE]))


def known_words(text: str) -> int:
    """How many words with accents stand in a text that columns of extracts are named with."""
    known = _vocabulary()
    return sum(one in known for one in _WORD.findall(text.lower()))


@law.remembered
def _vocabulary() -> frozenset[str]:
    words: set[str] = set()
    for layout in layouts():
        for said in (*layout.titles, *(title for one in layout.columns for title in one.titles)):
            words |= {one for one in _WORD.findall(nfc(said).lower()) if not one.isascii()}
    return frozenset(words)
