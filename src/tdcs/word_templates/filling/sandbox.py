"""The environment in which templates run: values are plain rows and words, nothing can be called, every row of a loop counts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from jinja2 import StrictUndefined
from jinja2.exceptions import SecurityError
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from tdcs.documents import numbers

MOST_ROWS: Final = 20_000
LOOP: Final = frozenset({"index", "index0", "revindex", "first", "last", "length"})
TESTS: Final = ("defined", "none", "odd", "even")
# Signs that XML cannot hold, and those with which docxtpl ends runs and paragraphs.
_UNPRINTABLE: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]"
)


class RowsSpent(Exception):
    """The loops of one document have run over all the rows that they may."""


class ValueUnfit(Exception):
    """A filter was given what it cannot take; in words for the person."""


class Budget:
    """The rows that are left to the loops of a document."""

    def __init__(self, most: int = MOST_ROWS) -> None:
        self.left = most

    def spend(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise RowsSpent


class Rows(list[Any]):
    """A list whose rows count as they are run over."""

    def __init__(self, rows: list[Any], budget: Budget) -> None:
        super().__init__(rows)
        self.budget = budget

    def __iter__(self) -> Iterator[Any]:
        for row in super().__iter__():
            self.budget.spend()
            yield row


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja without functions, includes, and attributes of objects: a name is looked up in rows alone."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, dict):
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        if isinstance(obj, LoopContext) and attribute in LOOP:
            return getattr(obj, attribute)
        raise SecurityError(attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(argument, str):
            return self.getattr(obj, argument)
        raise SecurityError(str(argument))

    def call(__self, __context: Any, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805
        raise SecurityError("call")

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        return False

    def is_safe_callable(self, obj: Any) -> bool:
        return False


def shown(value: Any) -> str:
    """A value as Vietnamese papers write it: 1.234.567, 05/02/2026; nothing of none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, int):
        return numbers.whole(value)
    if isinstance(value, date):
        return numbers.date_short(value)
    return _UNPRINTABLE.sub("", str(value))


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueUnfit("giá trị không phải số")
    return value


def _day(value: Any) -> date:
    if not isinstance(value, date):
        raise ValueUnfit("giá trị không phải ngày")
    return value


def _of(take: Callable[[Any], Any], write: Callable[[Any], str]) -> Callable[..., str]:
    """A filter that leaves nothing as nothing."""
    return lambda value: "" if value is None else write(take(value))


def _summed(rows: Any, column: str) -> int:
    if not isinstance(rows, list):
        raise ValueUnfit("giá trị không phải danh sách")
    return sum(row.get(column) or 0 for row in list.__iter__(rows))


# Filter → the types that it takes, what it gives ("" the same), what it does. The words are Vietnamese, as the tags are.
FILTERS: Final[Mapping[str, tuple[tuple[str, ...], str, Callable[..., Any]]]] = {
    "bang_chu": (("money", "number"), "text", _of(_whole, numbers.dong_in_words)),
    "so_chu": (("money", "number"), "text", _of(_whole, numbers.in_words)),
    "trieu": (("money",), "text", _of(_whole, lambda n: numbers.decimal(Decimal(n) / 10**6, 1))),
    "ngay_chu": (("date",), "text", _of(_day, numbers.date_words)),
    "thang": (("date",), "text", _of(_day, lambda d: f"{d.month:02d}/{d.year}")),
    "nam": (("date",), "text", _of(_day, lambda d: str(d.year))),
    "hoa": ((), "text", lambda value: shown(value).upper()),
    "thuong": ((), "text", lambda value: shown(value).lower()),
    "mac_dinh": ((), "", lambda value, words: words if value in (None, "") else value),
    "dem": (("list",), "number", len),
    "tong": (("list",), "money", _summed),
}


def environment() -> Sandbox:
    """A new environment with the filters of this house alone."""
    env = Sandbox(autoescape=True, undefined=StrictUndefined, finalize=shown, loader=None)
    env.globals = {}
    env.filters = {name: work for name, (_takes, _gives, work) in FILTERS.items()}
    env.tests = {name: env.tests[name] for name in TESTS}
    return env


def counted(record: Mapping[str, Any], budget: Budget) -> dict[str, Any]:
    """A record whose lists count their rows."""
    return {
        name: Rows(list(value), budget) if isinstance(value, list) else value
        for name, value in record.items()
    }
