"""How long words are in a Times-like face, near enough to balance lines and to size rules."""

from __future__ import annotations

import unicodedata
from typing import Final

_MM_PER_POINT: Final = 25.4 / 72
_BOLD: Final = 1.05
# Widths in ems; letters not named are of middling width.
_WIDTHS: Final = {
    **dict.fromkeys("iljtfrI.,:;'!|()[]/- ", 0.30),
    **dict.fromkeys("mwMW%", 0.82),
    **dict.fromkeys("ABCDEGHKNOPQRTUVXYZĐ", 0.70),
    **dict.fromkeys("FJLS", 0.56),
    **dict.fromkeys("acesz", 0.43),
    **dict.fromkeys("0123456789bdghknopquvxyđ", 0.50),
}


def width(words: str, points: float, *, bold: bool = False) -> float:
    """Millimetres of one line."""
    ems = sum(_WIDTHS.get(_bare(sign), 0.5) for sign in words)
    return ems * points * _MM_PER_POINT * (_BOLD if bold else 1.0)


def balanced(words: str, points: float, limit: float, *, bold: bool = False) -> float:
    """The narrowest line, in millimetres, that needs no more lines than ``limit`` does.

    So "ỦY BAN NHÂN DÂN TỈNH SUỐI MƠ" becomes two even lines and no lone word ends a title.
    """
    pieces = [width(piece, points, bold=bold) for piece in words.split()]
    space = width(" ", points, bold=bold)
    wanted = _lines(pieces, space, limit)
    narrow = max([*pieces, limit / 3])
    while narrow < limit and _lines(pieces, space, narrow) > wanted:
        narrow += 1.0
    return min(limit, narrow * 1.03 + 1.0)


def _lines(pieces: list[float], space: float, limit: float) -> int:
    count, used = 1, 0.0
    for piece in pieces:
        if used and used + space + piece > limit:
            count, used = count + 1, piece
        else:
            used += piece + (space if used else 0.0)
    return count


def _bare(sign: str) -> str:
    return unicodedata.normalize("NFD", sign)[0] if sign > "\x7f" else sign
