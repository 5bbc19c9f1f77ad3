"""What the papers of a meeting say: the indicators of the board's area on the last closed day, beside the year's beginning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from typing import Final, TypedDict

import polars as pl

from tdcs.boards.queries.members import area_of_board
from tdcs.closing.queries import shown_day
from tdcs.core.text import by_name
from tdcs.indicators import queries
from tdcs.indicators.queries.query_spec import Where
from tdcs.organisations.models import Level, Organisation

_FIGURES: Final = (
    "outstanding", "outstanding_local", "growth_ytd_amount", "overdue", "frozen", "disbursed_year",
    "collected_year", "loans", "borrowers", "groups", "groups_good", "groups_weak", "savings",
)  # fmt: skip
_DIVIDED: Final = ("outstanding", "disbursed_year", "collected_year", "overdue", "frozen")

# What was asked for all communes of a day, while many papers are made.
_SHARED: ContextVar[
    dict[tuple[date, tuple[str, ...], tuple[str, ...], tuple[str, ...]], pl.DataFrame] | None
] = ContextVar("figures", default=None)


class Figure(TypedDict):
    """One figure: what it is, in which unit, now and at the year's beginning; None is not known."""

    name: str
    unit: str
    value: int | None
    before: int | None


class Part(TypedDict):
    """One programme or organisation, by the codes of the figures."""

    name: str
    values: dict[str, int | None]


class Papers(TypedDict):
    """Kept with the meeting; ``day`` is "" when no day is closed."""

    day: str
    figures: list[Figure]
    programmes: list[Part]
    organisations: list[Part]


def where_of(board: Organisation, on: date) -> Where:
    """The part of the book of a board: all of the province's, the commune's own."""
    if board.level == Level.PROVINCE:
        return {}
    return {"commune": frozenset({area_of_board(board, on) or 0})}


def papers_of(where: Where, on: date) -> Papers:
    """The figures as they stand on the last closed day up to a day."""
    day = shown_day(on)
    if day is None:
        return {"day": "", "figures": [], "programmes": [], "organisations": []}
    start = shown_day(date(day.year - 1, 12, 31))
    now, before = _values(day, where), _values(start, where) if start else {}
    catalogue = queries.catalogue()
    return {
        "day": day.isoformat(),
        "figures": [
            {
                "name": catalogue[code].name,
                "unit": catalogue[code].unit,
                "value": now.get(code),
                "before": before.get(code),
            }
            for code in _askable(_FIGURES, where)
        ],
        "programmes": _parts("programme", day, where),
        "organisations": _parts("union", day, where),
    }


@contextmanager
def asked_once() -> Iterator[None]:
    """While many papers are made: a day's figures are asked for all communes at once, and each paper takes its own.

    Nothing that the figures come from may change meanwhile.
    """
    token = _SHARED.set({})
    try:
        yield
    finally:
        _SHARED.reset(token)


def _asked(day: date, codes: Sequence[str], by: tuple[str, ...], where: Where) -> pl.DataFrame:
    """The values of some indicators, asked for this part of the book, or taken from what was asked for every commune."""
    shared = _SHARED.get()
    if shared is None or (where and (set(where) != {"commune"} or len(where["commune"]) != 1)):
        return queries.values(on=day, by=by, codes=codes, where=where)
    wanted = (day, tuple(codes), by, tuple(where))
    if wanted not in shared:
        shared[wanted] = queries.values(on=day, by=[*by, *where], codes=codes)
    found = shared[wanted]
    return found.filter(pl.col("commune").is_in(list(where["commune"]))) if where else found


def _values(day: date, where: Where) -> dict[str, int | None]:
    rows = _asked(day, _askable(_FIGURES, where), (), where)
    return dict(rows.select("code", "value").iter_rows())


def _askable(codes: tuple[str, ...], where: Where, key: str = "") -> list[str]:
    wanted = {*where, *((key,) if key else ())}
    return [code for code in codes if wanted <= set(queries.catalogue()[code].keys)]


def _parts(key: str, day: date, where: Where) -> list[Part]:
    rows = _asked(day, _askable(_DIVIDED, where, key), (key,), where)
    found: dict[str | int, dict[str, int | None]] = {}
    for unit, code, value in rows.select(key, "code", "value").iter_rows():
        if unit is not None:
            found.setdefault(unit, {})[code] = value
    names = queries.names(key, found, day)
    made: list[Part] = [
        {"name": names.get(unit, ""), "values": values}
        for unit, values in found.items()
        if any(values.values())
    ]
    return sorted(made, key=lambda part: by_name(part["name"]))
