"""What a request knows of the data as it began: by it answers are remembered (core/remembered.py) and pages kept."""

from __future__ import annotations

import json
from collections.abc import Collection, Hashable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import get_language

from tdcs.audit.watched import watched
from tdcs.core import clock, remembered
from tdcs.http import kept

# The moment, the versions of whole tables, and with them, when it is asked for, a page that another worker has made.
_SQL = """
    SELECT pg_current_snapshot()::text,
           (SELECT coalesce(json_object_agg(area, version), '{}')::text
              FROM audit_dataversion WHERE area = ANY(string_to_array(%s, ','))),
           k.areas, k.version, k.headers::text, k.body
      FROM (SELECT) AS one LEFT JOIN web_keptpage k ON k.key = %s
"""


@dataclass(frozen=True, slots=True)
class Shared:
    """A page of the store that workers share, as it lies there."""

    areas: tuple[str, ...]
    version: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class Reading:
    """``since``: the moment at which it began. ``versions``: of each area asked for, as of that moment; 0 for none."""

    since: str
    versions: Mapping[str, int]
    known: frozenset[str]
    shared: Shared | None = None
    words: Hashable = None

    def noting(self, tables: set[str]) -> AbstractContextManager[None]:
        return kept.noting(tables)

    def note(self, tables: frozenset[str]) -> None:
        kept.note(tables)

    def versions_of(self, tables: frozenset[str]) -> tuple[int, ...] | None:
        follows = tables - kept.OUTSIDE
        if not follows <= self.known:
            return None
        return tuple(self.versions.get(table, 0) for table in sorted(follows))

    def version(self, areas: Collection[str]) -> int | None:
        """The version of areas together, as ``audit.versions.versions_of`` counts it; None when it does not know one."""
        if not self.known.issuperset(areas):
            return None
        return sum(self.versions.get(area, 0) for area in set(areas))


def begin(*areas: str, page: str = "") -> Reading:
    """The versions of all tables, and of some more areas, now; and the page of that key that another worker has made."""
    known = watched().union(areas)
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [",".join(known), page])
        since, versions, of, version, headers, body = cursor.fetchone()
    words = (get_language(), clock.today(), connection.settings_dict["NAME"])
    there = None
    if of is not None:
        told = tuple((name, value) for name, value in json.loads(headers))
        there = Shared(tuple(of), version, told, bytes(body))
    return Reading(since, json.loads(versions), known, there, words)


def current() -> Reading | None:
    """The reading of the running request."""
    found = remembered.current()
    return found if isinstance(found, Reading) else None
