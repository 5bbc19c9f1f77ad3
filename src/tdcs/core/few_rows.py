"""Columns of a few rows as plain lists: the same rules, the same expressions, without an engine that must be spoken to.

Polars takes a fixed time for each step, and Narwhals more to say it: of one loan's forty rows that is nine tenths of all
time. Here a step is a loop. What rules ask of Narwhals is here under the same names and means the same (an absent value is
None; `and`, `or`, sums and the rest treat it as Polars does); what none of them asks is not there. `core/engine.py` chooses.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from itertools import compress
from typing import Any, Final, TypeAlias

from tdcs.core.few_columns import (
    Expr,
    Given,
    Groups,
    Several,
    Values,
    coalesce,
    col,
    expression,
    lit,
    max_horizontal,
    min_horizontal,
    names_of,
    paired,
    when,
)

__all__ = [
    "DataFrame",
    "Expr",
    "Frame",
    "coalesce",
    "col",
    "concat",
    "from_native",
    "get_native_namespace",
    "lit",
    "max_horizontal",
    "min_horizontal",
    "when",
]

_Keys: TypeAlias = tuple[tuple[str, ...], tuple[str, ...]]


class Frame:
    """Named columns of equal length; none is ever changed."""

    __slots__ = ("_groups", "_within", "columns_", "height")

    def __init__(self, columns: dict[str, Values], height: int) -> None:
        self.columns_, self.height = columns, height
        self._groups: dict[_Keys, Groups] = {}
        # The keys of ``group_by`` while its sums are made.
        self._within: tuple[str, ...] = ()

    @staticmethod
    def from_dict(data: Mapping[str, Sequence[Any]], *_schema: object, **_engine: object) -> Frame:
        """As Narwhals makes a frame of columns; values keep the types that they have."""
        columns = {name: list(column) for name, column in data.items()}
        return Frame(columns, len(next(iter(columns.values()), [])))

    def __len__(self) -> int:
        return self.height

    def __getitem__(self, name: str) -> Series:
        return Series(self.columns_[name])

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
        return list(self.columns_)

    def rows(self, *, named: bool = False) -> list[Any]:
        """Tuples, or dictionaries by name."""
        tuples = zip(*self.columns_.values(), strict=True)
        if not named:
            return list(tuples)
        return [dict(zip(self.columns_, row, strict=True)) for row in tuples]

    def to_native(self) -> Frame:
        """Itself: there is no other engine behind it."""
        return self

    def groups(self, keys: tuple[str, ...], order: tuple[str, ...] = ()) -> Groups:
        """The places of the rows of each group, in order."""
        found = self._groups.get((keys, order))
        if found is None:
            places: dict[Hashable, list[int]] = {}
            for at, key in enumerate(_keys(self, keys)):
                places.setdefault(key, []).append(at)
            found = list(places.values())
            if order:
                by = _sorting(self, order)
                found = [sorted(group, key=by.__getitem__) for group in found]
            self._groups[keys, order] = found
        return found

    def within(self) -> Groups:
        """The groups over which a sum goes that names none: those of ``group_by``, or all rows as one."""
        return self.groups(self._within) if self._within else [list(range(self.height))]

    def with_columns(self, *given: Given, **named: Given) -> Frame:
        """The frame with columns added or replaced, each made of the frame as it was."""
        made = _made(self, given, named)
        found = Frame({**self.columns_, **made}, self.height)
        for keys, groups in self._groups.items():
            if made.keys().isdisjoint((*keys[0], *keys[1])):
                found._groups[keys] = groups
        return found

    def select(self, *given: Given, **named: Given) -> Frame:
        """These columns alone."""
        return Frame(_made(self, given, named), self.height)

    def drop(self, *names: str, strict: bool = True) -> Frame:
        """The other columns."""
        if strict and (missing := set(names) - self.columns_.keys()):
            raise KeyError(", ".join(sorted(missing)))
        kept = {name: column for name, column in self.columns_.items() if name not in names}
        return Frame(kept, self.height)

    def rename(self, names: Mapping[str, str]) -> Frame:
        """The columns under other names."""
        return Frame({names.get(name, name): c for name, c in self.columns_.items()}, self.height)

    def filter(self, wanted: Expr) -> Frame:
        """The rows of which it is true."""
        mask = wanted.of(self)
        columns = {name: list(compress(c, mask)) for name, c in self.columns_.items()}
        return Frame(columns, sum(map(bool, mask)))

    def take(self, places: Sequence[int]) -> Frame:
        """The rows at these places."""
        columns = {name: [c[at] for at in places] for name, c in self.columns_.items()}
        return Frame(columns, len(places))

    def sort(self, *names: str) -> Frame:
        """By columns, absent values first."""
        return self.take(sorted(range(self.height), key=_sorting(self, names).__getitem__))

    def with_row_index(self, name: str) -> Frame:
        """Numbered from 0 in a first column."""
        return Frame({name: list(range(self.height)), **self.columns_}, self.height)

    def unique(
        self, *names: str, keep: str = "any", order_by: str | Sequence[str] | None = None
    ) -> Frame:
        """The first or last row of each of the keys."""
        groups = self.groups(names or tuple(self.columns_), names_of(order_by))
        return self.take([group[-1 if keep == "last" else 0] for group in groups])

    def group_by(self, *keys: str) -> _Grouped:
        """To be summed by keys."""
        return _Grouped(self, keys)

    def join(self, other: Frame, *, on: str | Sequence[str], how: str) -> Frame:
        """Inner, left, semi and anti joins; rows in the order of this frame. What both call the same gets ``_right``."""
        keys = names_of(on)
        theirs: dict[Hashable, list[int]] = {}
        for at, key in enumerate(_keys(other, keys)):
            theirs.setdefault(key, []).append(at)
        mine = _keys(self, keys)
        if how in ("semi", "anti"):
            wanted = how == "semi"
            return self.take([at for at, key in enumerate(mine) if (key in theirs) is wanted])
        left: list[int] = []
        right: list[int | None] = []
        nothing: list[int | None] = [None] if how == "left" else []
        for at, key in enumerate(mine):
            found = theirs.get(key, nothing) if key is not None else nothing
            left += [at] * len(found)
            right += found
        columns = self.take(left).columns_
        for name, column in other.columns_.items():
            if name not in keys:
                named = f"{name}_right" if name in columns else name
                columns[named] = [None if at is None else column[at] for at in right]
        return Frame(columns, len(left))


class _Grouped:
    def __init__(self, frame: Frame, keys: tuple[str, ...]) -> None:
        self._frame, self._keys = frame, keys

    def agg(self, *given: Given, **named: Given) -> Frame:
        """A row for each group: its keys and what is summed."""
        whole = Frame(self._frame.columns_, self._frame.height)
        whole._within = self._keys
        made = {**{key: whole.columns_[key] for key in self._keys}, **_made(whole, given, named)}
        return Frame(made, whole.height).take([group[0] for group in whole.groups(self._keys)])


class Series:
    """One column, as rules ask about it: is there any, which is the greatest."""

    __slots__ = ("_values",)

    def __init__(self, values: Values) -> None:
        self._values = values

    def to_list(self) -> Values:
        """The values."""
        return list(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __getitem__(self, at: int) -> Any:
        return self._values[at]

    def _there(self) -> Values:
        return [value for value in self._values if value is not None]

    def any(self) -> bool:
        """Whether one is true."""
        return any(self._there())

    def all(self) -> bool:
        """Whether all are true."""
        return all(self._there())

    def min(self) -> Any:
        """The least, None of none."""
        return min(self._there(), default=None)

    def max(self) -> Any:
        """The greatest, None of none."""
        return max(self._there(), default=None)

    def unique(self) -> Series:
        """Each value once."""
        return Series(list(dict.fromkeys(self._values)))

    def drop_nulls(self) -> Series:
        """The values that are there."""
        return Series(self._there())

    def is_null(self) -> Series:
        """Of each whether it is absent."""
        return Series([value is None for value in self._values])

    def _with(self, do: Callable[[Any, Any], Any], other: Any) -> Series:
        theirs = other._values if isinstance(other, Series) else [other] * len(self._values)
        return Series(paired(do, self._values, theirs))

    def __eq__(self, other: object) -> Series:  # type: ignore[override]
        return self._with(operator.eq, other)

    def __ne__(self, other: object) -> Series:  # type: ignore[override]
        return self._with(operator.ne, other)

    def __gt__(self, other: Any) -> Series:
        return self._with(operator.gt, other)

    def __and__(self, other: Any) -> Series:
        return self._with(operator.and_, other)

    def __invert__(self) -> Series:
        return Series([None if value is None else not value for value in self._values])

    __hash__ = None  # type: ignore[assignment]


def concat(frames: Iterable[Frame], *, how: str = "vertical") -> Frame:
    """One below the other, ``diagonal`` with what each lacks absent; ``horizontal``: side by side."""
    parts = list(frames)
    if how == "horizontal":
        return Frame({n: c for part in parts for n, c in part.columns_.items()}, parts[0].height)
    names = list(dict.fromkeys(name for part in parts for name in part.columns_))
    if how == "vertical" and any(part.columns != names for part in parts):
        raise ValueError(f"frames of different columns: {[part.columns for part in parts]}")
    found: dict[str, Values] = {name: [] for name in names}
    for part in parts:
        for name, column in found.items():
            column += part.columns_.get(name) or [None] * part.height
    return Frame(found, sum(part.height for part in parts))


def get_native_namespace(_frame: object) -> None:
    """No engine stands behind these frames."""


def from_native(frame: Frame, **_how: object) -> Frame:
    """Itself."""
    return frame


DataFrame: Final = Frame


def _made(frame: Frame, given: Sequence[Given], named: Mapping[str, Given]) -> dict[str, Values]:
    """Columns by name, of names and expressions."""
    found: dict[str, Values] = {}
    for one in given:
        if isinstance(one, str):
            found[one] = frame.columns_[one]
            continue
        for part in one.each if isinstance(one, Several) else (one,):
            found[part.called] = part.of(frame)
    for name, one in named.items():
        found[name] = frame.columns_[one] if isinstance(one, str) else expression(one).of(frame)
    return found


def _keys(frame: Frame, names: Sequence[str]) -> Sequence[Hashable]:
    if len(names) == 1:
        return frame.columns_[names[0]]
    return list(zip(*(frame.columns_[name] for name in names), strict=True))


def _sorting(frame: Frame, names: Sequence[str]) -> Sequence[Any]:
    """By what rows are put in order; an absent value stands before all others."""
    columns = [frame.columns_[name] for name in names]
    if any(None in column for column in columns):
        columns = [[(value is not None, value or 0) for value in column] for column in columns]
    return columns[0] if len(columns) == 1 else list(zip(*columns, strict=True))
