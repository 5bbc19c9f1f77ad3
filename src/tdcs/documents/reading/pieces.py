"""Letters with places become pieces of lines: what stands together without a wide gap or a rule between."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, NamedTuple

# A gap as wide as this many times the letters' size parts two columns.
_WIDE: Final = 1.1
_WORD: Final = 0.12
# No rule stands between letters that touch.
_TOUCHING: Final = 0.03


class Glyph(NamedTuple):
    """A letter; a page holds thousands, and a tuple is made fastest."""

    text: str
    x0: float
    x1: float
    y: float
    size: float


@dataclass(frozen=True, slots=True)
class Rule:
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(slots=True)
class Piece:
    """Letters of one line without a wide gap between them."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    # Its words with their places, for columns that stand close to each other.
    words: list[tuple[float, float, str]] = field(default_factory=list)


def lines_of(glyphs: list[Glyph], upright: list[Rule]) -> list[list[Piece]]:
    """Pieces by line, from the top; a rule or a wide gap parts the letters of a line."""
    rows: list[list[Glyph]] = []
    base = size = 0.0
    for glyph in sorted((g for g in glyphs if g.text.strip()), key=lambda g: -g.y):
        if not rows or base - glyph.y > 0.4 * max(size, glyph.size):
            rows.append([])
            base, size = glyph.y, glyph.size
        rows[-1].append(glyph)
    return [_pieces(row, upright) for row in rows]


def _pieces(row: list[Glyph], upright: list[Rule]) -> list[Piece]:
    made: list[Piece] = []
    for glyph in sorted(row, key=lambda g: g.x0):
        before = made[-1] if made else None
        gap = glyph.x0 - before.x1 if before else 0.0
        if (
            before is None
            or gap > _WIDE * glyph.size
            or (upright and gap > _TOUCHING * glyph.size and _parted(before, glyph, upright))
        ):
            word = (glyph.x0, glyph.x1, glyph.text)
            made.append(Piece(glyph.text, glyph.x0, glyph.x1, glyph.y, glyph.size, [word]))
        else:
            apart = gap > _WORD * glyph.size
            before.text += (" " if apart else "") + glyph.text
            if apart:
                before.words.append((glyph.x0, glyph.x1, glyph.text))
            else:
                x0, _, text = before.words[-1]
                before.words[-1] = (x0, glyph.x1, text + glyph.text)
            before.x1 = max(before.x1, glyph.x1)
    return made


def _parted(before: Piece, glyph: Glyph, upright: list[Rule]) -> bool:
    middle = glyph.y + 0.3 * glyph.size
    return any(
        before.x1 - 1 <= rule.x0 <= glyph.x0 + 1 and rule.y0 - 1 <= middle <= rule.y1 + 1
        for rule in upright
    )
