"""Expressions over columns of a few rows (core/few_rows.py): what Narwhals is asked for by rules, as loops over lists.

An absent value is None and is treated as Polars treats it: arithmetic with it gives none, `and` and `or` know what they can,
sums pass it over.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate
from typing import Any, Protocol, TypeAlias, cast

Values: TypeAlias = list[Any]
Groups: TypeAlias = list[list[int]]
# What stands where an expression is asked for: the expression, or a value of every row.
Given: TypeAlias = Any


class Rows(Protocol):
    """What an expression is computed of."""

    @property
    def columns_(self) -> dict[str, Values]: ...

    @property
    def height(self) -> int: ...

    def groups(self, keys: tuple[str, ...], order: tuple[str, ...] = ()) -> Groups:
        """The places of the rows of each group, in order."""

    def within(self) -> Groups:
        """The groups over which a sum goes that names none."""


class Expr:
    """What is to be computed of a frame's rows; ``of`` does it."""

    __slots__ = ("called", "of")

    def __init__(self, of: Callable[[Rows], Values], called: str) -> None:
        self.of, self.called = of, called

    def _with(self, do: Callable[[Any, Any], Any], other: Given, turned: bool = False) -> Expr:
        one, two = self.of, expression(other).of
        if turned:
            one, two = two, one
        return Expr(lambda frame: paired(do, one(frame), two(frame)), self.called)

    def _each(self, do: Callable[[Any], Any]) -> Expr:
        of = self.of
        return Expr(lambda frame: [do(value) for value in of(frame)], self.called)

    def __add__(self, other: Given) -> Expr:
        return self._with(operator.add, other)

    def __radd__(self, other: Given) -> Expr:
        return self._with(operator.add, other, turned=True)

    def __sub__(self, other: Given) -> Expr:
        return self._with(operator.sub, other)

    def __mul__(self, other: Given) -> Expr:
        return self._with(operator.mul, other)

    def __rmul__(self, other: Given) -> Expr:
        return self._with(operator.mul, other, turned=True)

    def __floordiv__(self, other: Given) -> Expr:
        return self._with(_quotient, other)

    def __mod__(self, other: Given) -> Expr:
        return self._with(_remainder, other)

    def __neg__(self) -> Expr:
        return self._each(lambda value: None if value is None else -value)

    def __eq__(self, other: Given) -> Expr:  # type: ignore[override]
        return self._with(operator.eq, other)

    def __ne__(self, other: Given) -> Expr:  # type: ignore[override]
        return self._with(operator.ne, other)

    def __lt__(self, other: Given) -> Expr:
        return self._with(operator.lt, other)

    def __le__(self, other: Given) -> Expr:
        return self._with(operator.le, other)

    def __gt__(self, other: Given) -> Expr:
        return self._with(operator.gt, other)

    def __ge__(self, other: Given) -> Expr:
        return self._with(operator.ge, other)

    __hash__ = None  # type: ignore[assignment]

    def __and__(self, other: Given) -> Expr:
        one, two = self.of, expression(other).of
        return Expr(lambda f: list(map(_and, one(f), two(f))), self.called)

    def __or__(self, other: Given) -> Expr:
        one, two = self.of, expression(other).of
        return Expr(lambda f: list(map(_or, one(f), two(f))), self.called)

    def __ror__(self, other: Given) -> Expr:
        return self.__or__(other)

    def __invert__(self) -> Expr:
        return self._each(lambda value: None if value is None else not value)

    def alias(self, name: str) -> Expr:
        """The same under another name."""
        return Expr(self.of, name)

    def cast(self, _int64: object) -> Expr:
        """As a whole number, the one type that rules cast to."""
        return self._each(lambda value: None if value is None else int(value))

    def is_in(self, values: Iterable[Any]) -> Expr:
        """Whether it is one of them."""
        wanted = frozenset(values)
        return self._each(lambda value: None if value is None else value in wanted)

    def is_null(self) -> Expr:
        """Whether it is absent."""
        return self._each(lambda value: value is None)

    def fill_null(self, value: Given = None, *, strategy: str = "") -> Expr:
        """A value where there is none; by ``strategy`` the nearest one before or behind."""
        if strategy:
            return _Along(self, _forward if strategy == "forward" else _backward)
        one, two = self.of, expression(value).of
        filled = _filled
        return Expr(lambda f: list(map(filled, one(f), two(f))), self.called)

    def cum_sum(self) -> Expr:
        """The sum up to each row."""
        return _Along(self, _running_sum)

    def shift(self, by: int) -> Expr:
        """The value so many rows before, behind when it is negative."""
        return _Along(self, lambda values: _shifted(values, by))

    def sum(self) -> Expr:
        """The sum; 0 of nothing."""
        return _summed(self, lambda values: sum(v for v in values if v is not None))

    def min(self) -> Expr:
        """The least, None of nothing."""
        return _summed(self, lambda values: min((v for v in values if v is not None), default=None))

    def max(self) -> Expr:
        """The greatest, None of nothing."""
        return _summed(self, lambda values: max((v for v in values if v is not None), default=None))


class _Along(Expr):
    """What follows from the rows together: of a group (``over``), of a group of ``group_by``, or of all."""

    __slots__ = ("_base", "_do")

    def __init__(self, base: Expr, do: Callable[[Values], Values]) -> None:
        super().__init__(self._here, base.called)
        self._base, self._do = base, do

    def _here(self, frame: Rows) -> Values:
        return self._by(frame, frame.within())

    def _by(self, frame: Rows, groups: Groups) -> Values:
        given, found = self._base.of(frame), [None] * frame.height
        for group in groups:
            for at, value in zip(group, self._do([given[at] for at in group]), strict=True):
                found[at] = value
        return found

    def over(self, *keys: str, order_by: str | Sequence[str] | None = None) -> Expr:
        """Within the rows that share keys, in an order."""
        order = names_of(order_by)
        return Expr(lambda frame: self._by(frame, frame.groups(keys, order)), self.called)


class Several:
    """Expressions of several columns, each under its own name; ``name`` gives each another."""

    def __init__(self, each: Sequence[Expr]) -> None:
        self.each = each

    def __getattr__(self, method: str) -> Callable[..., Several]:
        return lambda *args, **kw: Several([getattr(one, method)(*args, **kw) for one in self.each])

    @property
    def name(self) -> Several:
        """For ``prefix`` and ``suffix``."""
        return self

    def prefix(self, words: str) -> Several:
        """Each name with words before it."""
        return Several([one.alias(words + one.called) for one in self.each])

    def suffix(self, words: str) -> Several:
        """Each name with words behind it."""
        return Several([one.alias(one.called + words) for one in self.each])


class _Then(Expr):
    """A value under a condition; without ``otherwise`` there is none elsewhere."""

    __slots__ = ("_cases",)

    def __init__(self, cases: tuple[tuple[Expr, Expr], ...]) -> None:
        super().__init__(lambda frame: self.otherwise(None).of(frame), cases[0][1].called)
        self._cases = cases

    def when(self, condition: Expr) -> when:
        """Another case, asked when those before do not hold."""
        return when(condition, self._cases)

    def otherwise(self, value: Given) -> Expr:
        """What stands where no condition holds."""
        last, cases = expression(value).of, self._cases

        def of(frame: Rows) -> Values:
            found = last(frame)
            for condition, then in reversed(cases):
                chosen = zip(condition.of(frame), then.of(frame), found, strict=True)
                found = [mine if holds else theirs for holds, mine, theirs in chosen]
            return found

        return Expr(of, self.called)


class when:  # noqa: N801  as Narwhals calls it
    """The beginning of ``when(…).then(…).otherwise(…)``."""

    def __init__(self, condition: Expr, before: tuple[tuple[Expr, Expr], ...] = ()) -> None:
        self._condition, self._before = condition, before

    def then(self, value: Given) -> _Then:
        """What stands where it holds."""
        return _Then((*self._before, (self._condition, expression(value))))


def col(*names: str) -> Expr:
    """A column; several as one expression of each."""
    if len(names) > 1:
        return cast(Expr, Several([_column(name) for name in names]))
    return _column(names[0])


def lit(value: Any, dtype: object = None) -> Expr:
    """The same value in every row."""
    return Expr(lambda frame: [value] * frame.height, "literal")


def max_horizontal(*given: Given) -> Expr:
    """The greatest of each row, absent values aside."""
    return _across(given, max)


def min_horizontal(*given: Given) -> Expr:
    """The least of each row, absent values aside."""
    return _across(given, min)


def coalesce(*given: Given) -> Expr:
    """The first of each row that is there."""
    return _across(given, lambda there: there[0])


def names_of(given: str | Sequence[str] | None) -> tuple[str, ...]:
    return () if given is None else (given,) if isinstance(given, str) else tuple(given)


def expression(given: Given) -> Expr:
    """What was given as an expression: a plain value is the same in every row."""
    return given if isinstance(given, Expr) else lit(given)


def _column(name: str) -> Expr:
    return Expr(lambda frame: frame.columns_[name], name)


def _summed(base: Expr, do: Callable[[Values], Any]) -> Expr:
    return _Along(base, lambda values: [do(values)] * len(values))


def _across(given: Sequence[Given], choose: Callable[[Values], Any]) -> Expr:
    parts = [col(one) if isinstance(one, str) else expression(one) for one in given]

    def of(frame: Rows) -> Values:
        rows = zip(*(part.of(frame) for part in parts), strict=True)
        there = ([value for value in row if value is not None] for row in rows)
        return [choose(values) if values else None for values in there]

    return Expr(of, parts[0].called)


def paired(do: Callable[[Any, Any], Any], one: Values, two: Values) -> Values:
    if None in one or None in two:
        pairs = zip(one, two, strict=True)
        return [None if a is None or b is None else do(a, b) for a, b in pairs]
    return list(map(do, one, two))


def _quotient(a: int, b: int) -> int | None:
    return a // b if b else None


def _remainder(a: int, b: int) -> int | None:
    return a % b if b else None


def _and(a: bool | None, b: bool | None) -> bool | None:
    if a and b:
        return True
    return False if a is False or b is False else None


def _or(a: bool | None, b: bool | None) -> bool | None:
    if a or b:
        return True
    return None if a is None or b is None else False


def _filled(value: Any, instead: Any) -> Any:
    return instead if value is None else value


def _running_sum(values: Values) -> Values:
    if None not in values:
        return list(accumulate(values))
    sums = accumulate(value or 0 for value in values)
    return [None if value is None else one for value, one in zip(values, sums, strict=True)]


def _shifted(values: Values, by: int) -> Values:
    many = min(abs(by), len(values))
    empty = [None] * many
    return empty + values[: len(values) - many] if by > 0 else values[many:] + empty


def _forward(values: Values) -> Values:
    return list(accumulate(values, lambda before, value: before if value is None else value))


def _backward(values: Values) -> Values:
    return _forward(values[::-1])[::-1]
