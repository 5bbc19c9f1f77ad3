"""Pages that are kept: a handler says that it only shows data, and the frame serves it again until that data changes.

What a handler reads of the database is noted by the tables its queries name; what it shows besides must follow from its
address, the person, the language and the day. The frame (web/kept_pages.py) keeps and serves; here handlers say what they are.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, TypeVar
from uuid import uuid4

from django.db import connection
from django.http import HttpRequest

from tdcs.audit.watched import CHOSEN_BY, PARTS, READ_BY, every_table, watched

V = TypeVar("V", bound=Callable[..., Any])

# Read with every request and part of no page.
OUTSIDE: Final = frozenset({"django_session", "audit_dataversion", "web_keptpage"})
# Rows that belong to a chosen row and are read through it alone.
_OF_ROWS: Final = frozenset(
    {
        "loans_instalment",
        "loans_loanevent",
        "entrustment_boardmember",
        "entrustment_groupmember",
        "entrustment_grouprating",
        "entrustment_savingsaccount",
    }
)
_NAME: Final = re.compile(r"[a-z][a-z0-9]*_[a-z0-9_]+")
# The sets to which the tables read now are added.
_noted: ContextVar[tuple[set[str], ...]] = ContextVar("noted", default=())
_SECRET: Final = secrets.token_hex(12)


def _mark(what: str) -> str:
    """Words that nobody outside this process can type: they stand in a kept page for what differs each time it is served."""
    return f"kept{_SECRET}{what}"


CSRF: Final = _mark("csrf")
KEY: Final = _mark("key")
SIDEBAR: Final = _mark("sidebar")
UNREAD: Final = _mark("unread")
NOW: Final = _mark("now")
MARKS: Final = (CSRF, KEY, SIDEBAR, UNREAD, NOW)


@dataclass(slots=True)
class Making:
    """A page being made that will be kept: what it reads, and of which group or loan alone."""

    settled: frozenset[str]
    tables: set[str] = field(default_factory=set)
    # What the page is of → its key; the narrowest first.
    parts: dict[str, Collection[int]] = field(default_factory=dict)
    # The rows were chosen by what CHOSEN_BY names: the page follows that choice too.
    chosen: bool = False

    def areas(self) -> tuple[str, ...] | None:
        """The areas that the page follows (audit/watched.py); None when it read what has no version."""
        if self.tables - watched() - OUTSIDE:
            return None
        areas: set[str] = set()
        for table in self.tables - OUTSIDE - self.settled:
            known = PARTS.get(table, {})
            of = next((of for of in self.parts if of in known), None)
            if of is None or (self.chosen and table not in CHOSEN_BY and table not in _OF_ROWS):
                areas.add(table)
                continue
            areas |= {f"{table}/*", *(f"{table}/{of}-{key}" for key in self.parts[of])}
            if self.chosen and table in CHOSEN_BY:
                areas.add(f"{table}/set")
        return tuple(sorted(areas))


def kept_page(*, settled: tuple[str, ...] = ()) -> Callable[[V], V]:
    """A GET of this handler may be answered by what it answered before, while nothing that it read has changed.

    ``settled``: tables whose rows never change once another row that the page reads points at them.
    """

    def mark(view: V) -> V:
        view.kept = frozenset(settled)  # type: ignore[attr-defined]
        return view

    return mark


def only(request: HttpRequest, **parts: int | None) -> None:
    """Of the tables that know these parts (audit/watched.py PARTS) the page reads no other rows: ``loan=239, group=17``.

    The first that a table knows counts. A part that is None leaves the page as it is: it follows whole tables.
    """
    making = making_of(request)
    if making is not None:
        making.parts = {of: (key,) for of, key in parts.items() if key is not None}


def only_chosen(request: HttpRequest, **parts: Collection[int]) -> None:
    """The page is a list: of the tables that know these parts it shows the rows named, chosen by nothing but CHOSEN_BY."""
    making = making_of(request)
    if making is not None:
        making.parts, making.chosen = dict(parts), True


def form_key(request: HttpRequest) -> str:
    """The key under which a form is booked once; a page that is served again carries a new one each time."""
    return str(uuid4()) if making_of(request) is None else KEY


def making_of(request: HttpRequest) -> Making | None:
    """The page being made that will be kept, if this is one."""
    return getattr(request, "making", None)


@contextmanager
def noting(tables: set[str]) -> Iterator[None]:
    """Adds the tables that are read inside."""

    def execute(run: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        tables.update(tables_in(str(sql)))
        return run(sql, params, many, context)

    before = _noted.set((*_noted.get(), tables))
    try:
        with connection.execute_wrapper(execute):
            yield
    finally:
        _noted.reset(before)


def note(tables: frozenset[str]) -> None:
    """As if these tables had been read: what was remembered of them is shown."""
    for noted in _noted.get():
        noted |= tables


@lru_cache(maxsize=4096)
def tables_in(sql: str) -> frozenset[str]:
    """The tables of ours that a statement names."""
    names = _NAME.findall(sql)
    behind = (READ_BY[name] for name in names if name in READ_BY)
    return every_table().intersection(names).union(*behind)
