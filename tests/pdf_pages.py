"""A PDF as one sees it: the words of each page and where each letter stands, for tests of paper."""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import dataclass

import pypdfium2


@dataclass(frozen=True)
class Page:
    """``words`` without blanks, for cells may be broken over lines; ``right``, ``left``: the outermost letters, in points."""

    width: float
    height: float
    words: str
    left: float
    right: float

    @property
    def landscape(self) -> bool:
        return self.width > self.height

    def holds(self, words: str) -> bool:
        return squashed(words) in self.words


def squashed(words: str) -> str:
    """Without any blanks, soft hyphens and joiners."""
    return re.sub(r"[\s\u200b\u00ad\ufffe]+", "", words)


def pages_of(content: bytes) -> list[Page]:
    """Every page."""
    with closing(pypdfium2.PdfDocument(content)) as pdf:
        return [_page(page) for page in pdf]


def _page(page: pypdfium2.PdfPage) -> Page:
    width, height = page.get_size()
    text = page.get_textpage()
    boxes = [text.get_charbox(at) for at in range(text.count_chars())]
    inked = [box for box in boxes if box[2] > box[0]]
    found = Page(
        width,
        height,
        squashed(text.get_text_range()),
        min((box[0] for box in inked), default=0.0),
        max((box[2] for box in inked), default=0.0),
    )
    text.close()
    page.close()
    return found


def nothing_is_cut(pages: list[Page], heads: list[str], last: list[str]) -> None:
    """Heads stand on every page that has a row, each cell of the last column somewhere, no letter beyond the edge."""
    every = "".join(page.words for page in pages)
    for page in pages:
        assert page.left >= 0 and page.right <= page.width, (page.left, page.right, page.width)
    for cell in last:
        assert squashed(cell) in every, cell
    for number, page in enumerate(pages, 1):
        missing = [head for head in heads if not page.holds(head)]
        assert missing == [], (number, missing)
