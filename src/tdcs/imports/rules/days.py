"""Days of a sheet, decided for the whole of it: which part is the day, and which real days an American Excel turned round.

A sheet passes through one Excel. An American one makes a real day of each text whose first part can be a month and leaves the
others as text: of 05/10/2026 and 13/10/2026 it makes 10 May and the words "13/10/2026". Where nothing decides, a note says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import polars as pl

from tdcs.imports.rules.cells import Cell, Wrong

_EPOCH: Final = date(1899, 12, 30)
_SERIALS: Final = range(1, 80_000)
_PARTS: Final = r"^\s*(\d{1,2})[/\-.](\d{1,2})[/\-.](\d{4})"
_MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class _Stands:
    """A column as it stands. ``words``: what is text; ``a``, ``b``, ``y``: its three parts; ``real``: what is a day already, None
    where nothing is; ``order``: "dmy", "mdy", or "" where no part is above twelve."""

    words: pl.Series
    a: pl.Series
    b: pl.Series
    y: pl.Series
    real: pl.Series | None
    order: str

    def in_order(self, month_first: bool) -> tuple[pl.Series, pl.Series]:
        """(days, months) of the words; ``month_first``: how they stand elsewhere in the sheet."""
        reversed_ = self.order == "mdy" or (self.order == "" and month_first)
        return (self.b, self.a) if reversed_ else (self.a, self.b)

    def is_typed(self) -> bool:
        """Whether a real day stands here that cannot have been turned round."""
        return self.real is not None and bool((self.real.dt.day() > _MONTHS).any())

    def doubtful(self) -> int:
        """How many real days would be another day if turned round."""
        if self.real is None:
            return 0
        day, month = self.real.dt.day(), self.real.dt.month()
        return int(((day <= _MONTHS) & (day != month)).sum())

    def either(self) -> int:
        """How many of the words would be another day with the month first."""
        known = self.order == ""
        return int((self.a != self.b).sum()) if known else 0


Read = tuple[pl.Series, Wrong]


def days_of(
    columns: Mapping[str, Sequence[Cell]], day: str, named: Collection[date] = ()
) -> tuple[dict[str, Read], list[tuple[str, str, int]]]:
    """(each column of days with nulls for what is empty or wrong, notes on the sheet). ``day``: the column of the extract's own
    day; ``named``: days that the title and the file's name say (core-extracts §1: they decide where no part is above twelve)."""
    stand = {name: _stands(name, cells) for name, cells in columns.items()}
    votes = Counter(one.order for one in stand.values())
    month_first = votes["mdy"] > votes["dmy"]
    notes: list[tuple[str, str, int]] = []
    if votes["mdy"] == votes["dmy"] and (count := sum(one.either() for one in stand.values())):
        said = _said(stand.get(day), named)
        month_first = said == "turned"
        if month_first:
            notes.append(("month_first", day, count))
        elif not said:
            notes.append(("days_either", "", count))
    signs = _signs(stand, (day, month_first), named)
    found: dict[str, Read] = {}
    for name, one in stand.items():
        wrong = Wrong()
        read = _from_words(name, one, month_first, wrong)
        real = one.real
        if real is not None:
            if signs[name] == "turned":
                wrong.notes.append(("days_swapped", len(real.drop_nulls())))
                real = _turned(real)
            elif signs[name] == "doubtful":
                wrong.notes.append(("days_doubtful", one.doubtful()))
            both = pl.DataFrame([read.alias("r"), real.alias("o")])
            read = both.select(pl.coalesce("r", "o"))["r"]
        found[name] = read.alias(name), wrong
    return found, notes


def _stands(name: str, cells: Sequence[Cell]) -> _Stands:
    real: pl.Series | None = None
    if set(map(type, cells)) - {str}:
        real = pl.Series(name, [_real(cell) for cell in cells], dtype=pl.Date)
        cells = [cell if type(cell) is str else "" for cell in cells]
    words = pl.Series(name, cells, dtype=pl.String).str.strip_chars()
    # "0" and dashes stand for no day.
    words = words.set(words.is_in(["", "0", "-", "–", "/  /"]), None)
    parts = words.str.extract_groups(_PARTS).struct.unnest()
    a, b, y = (parts.to_series(at).cast(pl.Int32) for at in range(3))
    order = "dmy" if (a > _MONTHS).any() else "mdy" if (b > _MONTHS).any() else ""
    if a.null_count() == len(a):
        # A column without such words has no say.
        order = "none"
    there = real if real is not None and real.null_count() < len(real) else None
    return _Stands(words, a, b, y, there, order)


def _said(stands: _Stands | None, named: Collection[date]) -> str:
    """What the title and the name say of the extract's own day: "straight" as it stands, "turned", or "" nothing."""
    if stands is None or not named:
        return ""
    straight = stands.real if stands.real is not None else _made(stands.a, stands.b, stands.y)
    values = straight.drop_nulls()
    if values.is_empty():
        return ""
    value = values.mode().sort()[0]
    assert isinstance(value, date)
    if value in named or value.day > _MONTHS:
        return "straight" if value in named else ""
    return "turned" if date(value.year, value.day, value.month) in named else ""


def _signs(
    stand: Mapping[str, _Stands], told: tuple[str, bool], named: Collection[date]
) -> dict[str, str]:
    """Of each column with real days: "turned" round, "doubtful", or "" as it stands. Words beside them tell of the column;
    one of real days alone follows the others of its sheet, the extract's day what the title and the name say."""
    day, month_first = told
    signs = {name: _own_sign(one, month_first) for name, one in stand.items()}
    typed = any(one.is_typed() for one in stand.values())
    own = stand.get(day)
    said = _said(own, named) if own is not None and own.real is not None else ""
    alone = "turned" if said == "turned" or "turned" in signs.values() else ""
    if "doubtful" in signs.values() or (alone and typed):
        # Some of the days were typed as days: what stands alone may be either.
        alone = "doubtful"
    for name, one in stand.items():
        if signs[name] == "alone":
            straight = name == day and said == "straight"
            signs[name] = "" if straight or not one.doubtful() or one.is_typed() else alone
    return signs


def _own_sign(stands: _Stands, month_first: bool) -> str:
    if stands.real is None:
        return ""
    days, _ = stands.in_order(month_first)
    days = days.drop_nulls()
    if days.is_empty():
        return "alone"
    if not stands.is_typed() and (days > _MONTHS).all():
        return "turned"
    return "doubtful" if stands.doubtful() else ""


def _turned(real: pl.Series) -> pl.Series:
    return _made(real.dt.month(), real.dt.day(), real.dt.year())


def _made(days: pl.Series, months: pl.Series, years: pl.Series) -> pl.Series:
    """Days of their parts; null where a part leaves the calendar."""
    frame = pl.DataFrame([days.alias("d"), months.alias("m"), years.alias("y")])
    if bool((frame["m"].is_null() | frame["m"].is_between(1, 12)).all()) and bool(
        (frame["d"].is_null() | frame["d"].is_between(1, 28)).all()
    ):
        return frame.select(pl.date("y", "m", "d"))["date"]
    # One by one: a column with a 31/02 cannot be made at once.
    words = pl.format("{}/{}/{}", "d", "m", "y")
    return frame.select(words.str.to_date("%d/%m/%Y", strict=False).alias("date"))["date"]


def _from_words(name: str, stands: _Stands, month_first: bool, wrong: Wrong) -> pl.Series:
    read = _made(*stands.in_order(month_first), stands.y)
    missed = (stands.words.is_not_null() & read.is_null()).fill_null(False)
    if missed.any():
        iso = stands.words.str.to_date("%Y-%m-%d", strict=False)
        read = pl.DataFrame([read.alias("r"), iso.alias("i")]).select(pl.coalesce("r", "i"))["r"]
        for place in (stands.words.is_not_null() & read.is_null()).arg_true():
            wrong.add(place, "not_a_day", stands.words[place])
    return read.alias(name)


def _real(cell: Cell) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float) and not isinstance(cell, bool) and int(cell) in _SERIALS:
        return _EPOCH + timedelta(days=int(cell))
    return None
