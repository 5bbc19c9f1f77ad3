"""What a scanner or a printer adds to lines is taken out: line numbers, running heads, hyphens at a line's end."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from typing import Final

from tdcs.documents.reading.model import CONTROLS

# Letters that look like Vietnamese ones and have other codes, and signs that have no width.
_ALIKE: Final = str.maketrans(
    {
        "Ð": "Đ",
        "ð": "đ",
        "Ɖ": "Đ",
        "ɖ": "đ",
        "\u00a0": " ",
        "\u200b": None,
        "\ufeff": None,
        "\u00ad": None,
    }
)
_MEANT: Final = {**CONTROLS, **_ALIKE}
# The same for very long ones, quicker to find.
_LONG_RUNS: Final = re.compile(r"([^\w\s])\1{99,}")
_SHORTEST: Final = 2000
# A rule drawn with signs, a row of dots to fill in: a few of them say as much.
_RUNS: Final = re.compile(r"((?P<sign>[^\w\s])(?:[ \t]?(?P=sign)){39})(?:[ \t]?(?P=sign))+")
_NUMBERED = re.compile(r"^\s{0,6}(\d{1,3})(?:\s|$)")
_NUMBER_WIDTH = re.compile(r"^\s{0,6}\d{1,3}\s{0,2}")
_SIGNED = re.compile(
    r"^\s*(?:văn bản (?:được )?ký số|ký bởi|người ký:|thời gian ký|ký số)", re.IGNORECASE
)
_HEAD_WITH_PAGE = re.compile(
    r"^\s*(\S.*?\S)(?:\s{3,}|\t+)(?:trang\s*)?\d{1,3}(?:/\d{1,3})?\s*$", re.IGNORECASE
)
_CUT_WORD = re.compile(r"[^\W\d_]-$")
_HEAD_OF_WORD = re.compile(r"^\s*([^\W\d_]+\S*)\s?")


def letters(text: str) -> str:
    """Text with the letters that Vietnamese means, without control signs."""
    short = _LONG_RUNS.sub(lambda run: run[1] * 50, text) if len(text) > _SHORTEST else text
    return _RUNS.sub(r"\1", short.translate(_MEANT))


def cleaned(lines: list[str]) -> list[str]:
    """The lines as the writer made them; a line taken out stays as an empty one, so that places keep."""
    return _joined_words(_without_heads(_without_numbers(lines)))


def _without_numbers(lines: list[str]) -> list[str]:
    """Numbers down the margin: nearly every line has the next one (or 1 again, on a new page)."""
    full = [line for line in lines if line.strip()]
    numbers = [int(found[1]) for line in full if (found := _NUMBERED.match(line))]
    steps = sum(b in (a + 1, 1) for a, b in itertools.pairwise(numbers))
    if len(numbers) < 8 or len(numbers) < 0.7 * len(full) or steps < 0.9 * (len(numbers) - 1):
        return lines
    return [_NUMBER_WIDTH.sub("", line) if _NUMBERED.match(line) else "" for line in lines]


def _without_heads(lines: list[str]) -> list[str]:
    """A head with the page's number that comes back, and the stamps of signing."""
    heads = Counter(found[1] for line in lines if (found := _HEAD_WITH_PAGE.match(line)))
    again = {head for head, count in heads.items() if count > 1}

    def running(line: str) -> bool:
        found = _HEAD_WITH_PAGE.match(line)
        return bool(_SIGNED.match(line)) or bool(found and found[1] in again)

    return ["" if running(line) else line for line in lines]


def _joined_words(lines: list[str]) -> list[str]:
    """ "nông ng-" and "hiệp" are one word: its end goes back to its line."""
    made = list(lines)
    for at in range(len(made) - 1):
        line = made[at].rstrip()
        head = _HEAD_OF_WORD.match(made[at + 1])
        if _CUT_WORD.search(line) and head and head[1][0].islower():
            made[at] = line[:-1] + head[1]
            made[at + 1] = made[at + 1][head.end() :]
    return made
