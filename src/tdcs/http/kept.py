"""Pages that are kept: a handler says that it only shows data, and the frame serves it again until that data changes.

What a handler reads of the database is noted by the tables its queries name; what it shows besides must follow from its
address, the person, the language and the day. The frame (web/kept_pages.py) keeps and serves; here handlers say what they are.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, TypeVar
from uuid import uuid4

from django.db import connection
from django.http import HttpRequest

from tdcs.audit.watched import PARTS, every_table, watched

V = TypeVar("V", bound=Callable[..., Any])

# Read with every request and part of no page.
_OUTSIDE: Final = frozenset({"django_session", "audit_dataversion", "web_keptpage"})
_NAME: Final = re.compile(r"[a-z][a-z0-9]*_[a-z0-9_]+")
_SECRET: Final = secrets.token_hex(12)


def _mark(what: str) -> str:
    """Words that nobody outside this process can type: they stand in a kept page for what differs each time it is served."""
    return f"kept{_SECRET}{what}"


CSRF: Final = _mark("csrf")
KEY: Final = _mark("key")
SIDEBAR: Final = _mark("sidebar")
UNREAD: Final = _mark("unread")
MARKS: Final = (CSRF, KEY, SIDEBAR, UNREAD)


@dataclass(slots=True)
class Making:
    """A page being made that will be kept: what it reads, and of which group or loan alone."""

    settled: frozenset[str]
    tables: set[str] = field(default_factory=set)
    # What the page is of → its key; the narrowest first.
    parts: dict[str, int] = field(default_factory=dict)

    def areas(self) -> tuple[str, ...] | None:
        """The areas that the page follows (audit/watched.py); None when it read what has no version."""
        if self.tables - watched() - _OUTSIDE:
            return None
        areas: set[str] = set()
        for table in self.tables - _OUTSIDE - self.settled:
            known = PARTS.get(table, {})
            part = next((f"{of}-{key}" for of, key in self.parts.items() if of in known), None)
            areas |= {table} if part is None else {f"{table}/{part}", f"{table}/*"}
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
        making.parts = {of: key for of, key in parts.items() if key is not None}


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

    with connection.execute_wrapper(execute):
        yield


@lru_cache(maxsize=4096)
def tables_in(sql: str) -> frozenset[str]:
    """The tables of ours that a statement names."""
    return every_table().intersection(_NAME.findall(sql))
