"""Words of the other language on a page: of the program's own strings, none may stand there.

What a page marks with another ``lang`` is data as it was written (a document's title, a name), and is left out.
"""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import polib

from tdcs.core import law

LOCALE = Path(__file__).resolve().parents[2] / "src/tdcs/locale"
_ALONE = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"})  # fmt: skip
_SAID = ("aria-label", "title", "placeholder", "alt", "data-l", "data-confirm")
_HOLE = re.compile(r"%\(\w+\)[sd]|<[^>]+>|\{\w*\}")
_TOKEN = re.compile(r"[^\W\d_]+")
_MARKED = re.compile("[À-ỹĂăĐđƠơƯư]")
# A syllable of Vietnamese names that is an English word, too.
_BOTH = frozenset({"long"})


class Words(HTMLParser):
    """The words of a page in its own language, by the piece: texts, and the attributes that are read."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language
        self.inside = [("", language)]
        self.pieces: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        language = given.get("lang") or self.inside[-1][1]
        if tag in ("script", "style", "code", "textarea"):
            language = ""
        if language == self.language:
            self.pieces += [words for name in _SAID if (words := given.get(name))]
        if tag not in _ALONE:
            self.inside.append((tag, language))

    def handle_endtag(self, tag: str) -> None:
        for at in range(len(self.inside) - 1, 0, -1):
            if self.inside[at][0] == tag:
                del self.inside[at:]
                return

    def handle_data(self, data: str) -> None:
        words = " ".join(data.split())
        if words and self.inside[-1][1] == self.language:
            self.pieces.append(words)


def pieces(page: str, language: str) -> list[str]:
    reader = Words(language)
    reader.feed(page)
    return reader.pieces


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


def foreign(page: str, language: str) -> list[str]:
    """Pieces of a page in which the other language stands."""
    if language == "vi":
        only = _english_words()
        return [piece for piece in pieces(page, "vi") if _tokens(piece) & only]
    known = _vietnamese_strings()
    return [
        piece
        for piece in pieces(page, "en")
        if _MARKED.search(piece)
        and any(_bare(part) in known for part in (piece, *re.split(r"[·:]", piece)))
    ]
