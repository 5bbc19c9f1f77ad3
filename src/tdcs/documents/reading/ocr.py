"""A scan read by Tesseract with its Vietnamese data, where Debian's packages are installed: words with places, as in a PDF."""

from __future__ import annotations

import os
import re
import shutil
import statistics
import subprocess
from functools import cache
from typing import Final, NamedTuple

from tdcs.documents import errors
from tdcs.documents.reading.layout import Page, blocks_of
from tdcs.documents.reading.model import ReadDocument
from tdcs.documents.reading.pieces import Glyph

# What one page, and one scan, may take.
_SECONDS: Final = 60
MOST_PAGES: Final = 60
# Columns of Tesseract's table of words.
_LEVEL, _LEFT, _TOP, _WIDTH, _HEIGHT, _SURE, _TEXT = 0, 6, 7, 8, 9, 10, 11
_LINE, _WORD = "4", "5"
_LEAST_SURE: Final = 15.0
_LEAST_LETTERS: Final = 20
# "Sparse text": words wherever they stand, in cells and columns too; the lines are made of their places.
_MODE: Final = "11"
_PARTED: Final = 0.16
_NOISE: Final = re.compile(r"[|_~\[\]{}\\=¦]+$")


class _Word(NamedTuple):
    text: str
    left: int
    width: int
    bottom: int
    height: int


@cache
def program() -> str:
    """The path of Tesseract when its Vietnamese data are there too, else ""."""
    found = shutil.which("tesseract")
    if found is None:
        return ""
    listed = subprocess.run([found, "--list-langs"], capture_output=True, text=True, check=False)
    return found if "vie" in listed.stdout.split() else ""


def recognised(content: bytes) -> ReadDocument:
    """The text of a scanned PDF. Raises RecognitionMissing, TooManyPages, FileTooHard, and what drawing its pages raises."""
    tesseract = program()
    if not tesseract:
        raise errors.RecognitionMissing
    from tdcs.documents.reading import in_unicode
    from tdcs.documents.reading.pdf import numbered
    from tdcs.documents.reading.scan import page_for_recognition, pages_of

    pages: list[Page] = []
    for number in range(1, pages_of(content, MOST_PAGES) + 1):
        page = page_for_recognition(content, number)
        words = _words(_table(tesseract, page.picture))
        pages.append(Page(_glyphs(words, page.height, page.scale), page.rules, page.height))
    if sum(glyph.text.isalpha() for page in pages for glyph in page.glyphs) < _LEAST_LETTERS:
        raise errors.NothingRecognised
    return in_unicode(ReadDocument("scan", tuple(numbered(blocks_of(pages)))))


def _table(tesseract: str, picture: bytes) -> str:
    try:
        ended = subprocess.run(
            [tesseract, "stdin", "stdout", "-l", "vie", "--psm", _MODE, "--dpi", "250", "tsv"],
            input=picture,
            capture_output=True,
            check=False,
            timeout=_SECONDS,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        )
    except subprocess.TimeoutExpired as problem:
        raise errors.FileTooHard from problem
    if ended.returncode < 0:
        # It met the bound of time or memory.
        raise errors.FileTooHard
    return ended.stdout.decode("utf-8", errors="replace")


def _words(table: str) -> list[_Word]:
    made: list[_Word] = []
    bottom = 0
    for line in table.splitlines()[1:]:
        cells = line.split("\t")
        if len(cells) <= _TEXT:
            continue
        top, height = int(cells[_TOP]), int(cells[_HEIGHT])
        if cells[_LEVEL] == _LINE:
            bottom = top + height
        elif cells[_LEVEL] == _WORD and float(cells[_SURE]) >= _LEAST_SURE:
            text = cells[_TEXT].strip()
            if text and not _NOISE.match(text):
                made.append(_Word(text, int(cells[_LEFT]), int(cells[_WIDTH]), bottom, height))
    return made


def _glyphs(words: list[_Word], height: float, scale: float) -> list[Glyph]:
    """Letters of one width in each word: only gaps between words say where columns part."""
    if not words:
        return []
    size = statistics.median(word.height for word in words) * scale
    made: list[Glyph] = []
    for word in words:
        # Words that nearly touch are parted all the same: Tesseract saw that they are two.
        wide = max(word.width - _PARTED * size / scale, 1) / len(word.text)
        y = height - word.bottom * scale + 0.2 * size
        made.extend(
            Glyph(
                sign,
                (word.left + at * wide) * scale,
                (word.left + (at + 1) * wide) * scale,
                y,
                size,
            )
            for at, sign in enumerate(word.text)
        )
    return made
