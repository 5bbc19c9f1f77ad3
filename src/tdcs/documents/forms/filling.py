"""Holes of a template filled from a context. A value is never read as a template again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal

from tdcs.documents import numbers
from tdcs.documents.official import wording

Context = Mapping[str, Any]

# "một nghìn không trăm lẻ năm", as the south says it.
TEN: Final = "lẻ"
DOTS: Final = "." * 16
LONG_DOTS: Final = "." * 44
_DAY_DOTS: Final = "ngày ..... tháng ..... năm 20....."
_HOLE: Final = re.compile(r"\{([a-z_][a-z0-9_.]*)((?:\|[a-z]+(?::[a-z_]+)?)*)\}")


@dataclass(frozen=True, slots=True)
class Hole:
    """A path into the context and what is done with its value, in order."""

    path: str
    filters: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Piece:
    """Words, dots to the line's end, or a box."""

    text: str
    sort: Literal["text", "fill", "box", "ticked"] = "text"


def holes(template: str) -> Iterator[Hole]:
    """The holes of a template, in order."""
    for match in _HOLE.finditer(template):
        yield _hole(match)


def _hole(match: re.Match[str]) -> Hole:
    filters = [one.partition(":") for one in match[2].split("|") if one]
    return Hole(match[1], tuple((name, argument) for name, _, argument in filters))


def value_at(context: Context, path: str) -> Any:
    """The value under "a.b.c"; None where any step is missing."""
    found: Any = context
    for step in path.split("."):
        if not isinstance(found, Mapping):
            return None
        found = found.get(step)
    return found


def filled(template: str, context: Context) -> list[Piece]:
    """Words with the holes filled; the last hole leaves dots to the end of the line when nothing is in it."""
    pieces: list[Piece] = []
    at = 0
    for match in _HOLE.finditer(template):
        pieces.append(Piece(template[at : match.start()]))
        at = match.end()
        hole = _hole(match)
        words = shown(hole, context)
        if words is not None:
            pieces.append(Piece(wording.one_line(words)))
        elif any(letter.isalnum() or letter == "{" for letter in template[at:]):
            pieces.append(Piece(_dots(hole)))
        elif hole.filters[-1:] == (("long", ""),):
            pieces.append(Piece(_DAY_DOTS))
        else:
            pieces.append(Piece("", "fill"))
    pieces.append(Piece(template[at:]))
    return [one for one in pieces if one.text or one.sort != "text"]


def plain(template: str, context: Context) -> str:
    """Words alone; what is missing stays blank, to be written in."""
    return "".join(piece.text for piece in filled(template, context) if piece.sort == "text")


def shown(hole: Hole, context: Context) -> str | None:
    """The value as the form writes it; None when there is none."""
    value = value_at(context, hole.path)
    for name, argument in hole.filters:
        if value is None or value == "":
            return None
        value = _FILTERS[name](value, argument)
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, int | Decimal):
        return numbers.whole(value)
    if isinstance(value, date):
        return numbers.date_short(value)
    return str(value).strip() or None


def summed(rows: Sequence[Context], key: str) -> int:
    """The total of a column of figures; what is missing counts nothing."""
    return sum(int(value_at(row, key) or 0) for row in rows)


def percent_of_ppm(ppm: int) -> str:
    """66000 → "6,6%": parts per million as a per cent without needless noughts."""
    exact = (Decimal(ppm) / 10_000).normalize()
    digits = exact.as_tuple().exponent
    return numbers.percent(exact, max(0, -digits) if isinstance(digits, int) else 0)


def _monthly(ppm: int, _: str) -> str:
    """The yearly rate by twelve, to three places: 66000 → "0,55%"."""
    exact = (Decimal(ppm) / 12).quantize(Decimal(10))
    return percent_of_ppm(int(exact))


def _dots(hole: Hole) -> str:
    last = hole.filters[-1][0] if hole.filters else ""
    if last == "long":
        return _DAY_DOTS
    return LONG_DOTS if last == "words" else DOTS


_FILTERS: Final[dict[str, Any]] = {
    "words": lambda value, _: numbers.dong_in_words(int(value), ten=TEN),
    "count": lambda value, _: numbers.padded(len(value)),
    "sum": summed,
    "rate": lambda value, _: percent_of_ppm(int(value)),
    "monthly": _monthly,
    "long": lambda value, _: numbers.date_words(value),
    "month": lambda value, _: f"{value.month:02d}/{value.year}",
    "year": lambda value, _: str(value.year),
    "caps": lambda value, _: wording.capitals(str(value)),
}
FILTERS: Final = frozenset(_FILTERS)
