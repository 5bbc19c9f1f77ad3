"""Questions of Django's ORM that are put together once and asked many times with other values.

Putting a question together costs Django several times what asking it costs; a page that asks twelve spends a fifth of its
time so. What a question means stays written in the ORM; only the text that comes of it is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from functools import cached_property
from types import SimpleNamespace
from typing import Any, Final, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression, Field, ForeignObject, Lookup, QuerySet

R = TypeVar("R")
_BIGINT: Final = 2**63


class Given(Expression):
    """A value that each asking gives by its name: ``filter(loan_id=Given("loan"))``."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, tuple[Any, ...]]:
        """A placeholder; ``Prepared`` puts the value of each asking there."""
        return "%s", (self,)


# ForeignKey has a registry of lookups of its own.
@ForeignObject.register_lookup
@Field.register_lookup
class EqualsAny(Lookup):
    """One of a list that each asking gives: ``filter(loan_id__equals_any=Given("loans"))``.

    As many values as there are take one place, so that the text of the question stays the same; ``in`` writes one for each.
    """

    lookup_name = "equals_any"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """``column = ANY(list)``."""
        left, params = self.process_lhs(compiler, connection)
        right, given = compiler.compile(self.rhs)
        return f"{left} = ANY({right})", (*params, *given)


class Prepared(Generic[R]):
    """A question with ``Given`` values; called with them it returns the rows of its queryset as a list.

    No prefetches (TypeError). Values are numbers, text, days, or lists of numbers or text for ``equals_any``; None, which SQL
    compares with nothing, is a TypeError. ``in`` cannot take a ``Given``.
    """

    def __init__(self, make: Callable[[], QuerySet[Any, R]]) -> None:
        self._make = make

    @cached_property
    def _known(self) -> tuple[Any, Any, str, tuple[Any, ...]]:
        """The queryset, the compiler that put it together, its text and the values and places in it."""
        rows: Any = self._make()
        if rows._prefetch_related_lookups:
            raise TypeError("a prepared question cannot prefetch")
        compiler: Any = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        # It lives as long as the process; a connection belongs to one thread.
        compiler.connection = None
        return rows, compiler, sql, tuple(params)

    def __call__(self, **values: Any) -> list[R]:
        """Rows with these values in the places of their names; KeyError when one is missing.

        No rows for a number beyond bigint: no column holds it, and PostgreSQL would read the whole table to see that.
        """
        rows, known, sql, places = self._known
        bound = tuple(values[one.name] if isinstance(one, Given) else one for one in places)
        if None in bound:
            raise TypeError("None is no value of a prepared question")
        if any(isinstance(one, int) and not -_BIGINT <= one < _BIGINT for one in bound):
            return []
        compiler = copy(known)
        compiler.connection = connections[DEFAULT_DB_ALIAS]
        compiler.as_sql = lambda *_, **__: (sql, bound)
        query = copy(rows.query)
        query.get_compiler = lambda *_, **__: compiler
        asked = SimpleNamespace(
            db=DEFAULT_DB_ALIAS,
            model=rows.model,
            query=query,
            _fields=rows._fields,
            _known_related_objects=rows._known_related_objects,
        )
        return list(rows._iterable_class(asked))
