"""Words of the other language on a page: of the program's own strings, none may stand there.

What a page marks with another ``lang`` is data as it was written (a document's title, a name), and is left out.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import polib
from lxml import html

from tdcs.core import law

LOCALE = Path(__file__).resolve().parents[2] / "src/tdcs/locale"
_UNREAD = frozenset({"script", "style", "code", "textarea"})
_SAID = ("aria-label", "title", "placeholder", "alt", "data-l", "data-confirm")
_HOLE = re.compile(r"%\(\w+\)[sd]|<[^>]+>|\{\w*\}")
_TOKEN = re.compile(r"[^\W\d_]+")
# The key of a second factor, drawn at random: its letters may spell a word.
_KEY = re.compile("[A-Z2-7]{16,}")
_MARKED = re.compile("[À-ỹĂăĐđƠơƯư]")
# A syllable of Vietnamese names that is an English word, too.
_BOTH = frozenset({"long"})


def pieces(page: str, language: str) -> list[str]:
    """The words of a page in its own language, by the piece, in their order: texts, and the attributes that are read.

    A page of a thousand pieces is read some hundred times over by the walk: by lxml, that does not read a character a time.
    """
    found: list[str] = []
    if page.strip():
        _read(html.document_fromstring(page), language, language, found)
    return found


def _read(element: Any, inside: str, language: str, found: list[str]) -> None:
    """Add what an element says that stands inside of a language."""
    said = "" if element.tag in _UNREAD else element.get("lang") or inside
    if said == language:
        found += [words for name in _SAID if (words := element.get(name))]
        _add(element.text, found)
    for child in element:
        if isinstance(child.tag, str):
            _read(child, said, language, found)
        if said == language:
            _add(child.tail, found)


def _add(text: str | None, found: list[str]) -> None:
    if text and (words := " ".join(text.split())):
        found.append(words)


def _tokens(words: str) -> set[str]:
    return set(_TOKEN.findall(_HOLE.sub(" ", words.lower())))


@cache
def _english_words() -> frozenset[str]:
    """Words that only the English of the catalogue holds, and those of the libraries' own pages."""
    ours = polib.pofile(str(LOCALE / "en/LC_MESSAGES/django.po"))
    english, vietnamese = set[str](), set[str]()
    for entry in ours:
        vietnamese |= _tokens(entry.msgid)
        for words in (entry.msgstr, *entry.msgstr_plural.values()):
            english |= _tokens(words)
    for entry in polib.pofile(str(LOCALE / "vi/LC_MESSAGES/django.po")):
        english |= _tokens(entry.msgid)
    return frozenset(word for word in english - vietnamese - _BOTH if len(word) > 2)


@cache
def _vietnamese_strings() -> frozenset[str]:
    """What the catalogue translates from, and the names of the law that have English, without blanks and signs around."""
    ours = polib.pofile(str(LOCALE / "en/LC_MESSAGES/django.po"))
    said = [entry.msgid for entry in ours] + list(law.load("english.yaml"))
    return frozenset(_bare(words) for words in said if _MARKED.search(words))


def _bare(words: str) -> str:
    return " ".join(words.split()).strip(" :·,.;()?!▲▼●○◆%0123456789").lower()


@cache
def _is_foreign(piece: str, language: str) -> bool:
    """Whether a piece of a page in one language holds the other; most pieces stand on every page."""
    if _KEY.fullmatch(piece):
        return False
    if language == "vi":
        return bool(_tokens(piece) & _english_words())
    known = _vietnamese_strings()
    return _MARKED.search(piece) is not None and any(
        _bare(part) in known for part in (piece, *re.split(r"[·:]", piece))
    )


def foreign(page: str, language: str) -> list[str]:
    """Pieces of a page in which the other language stands."""
    return [piece for piece in pieces(page, language) if _is_foreign(piece, language)]
