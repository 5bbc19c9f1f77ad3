"""Answers about single groups or loans, remembered by a worker while the rows of that group or loan have not changed.

A list of fifty groups is made anew after each sheet of one of them; what it says of the other forty-nine is still true. Tables
of which the database counts no parts (audit/watched.py) count as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar, cast

from django.db import connection

from tdcs.audit.watched import PARTS
from tdcs.core import law
from tdcs.core.lru import LruStore
from tdcs.http import kept, reading

T = TypeVar("T")

# Answers that a worker remembers; the least recently used go first. A row of a list with its versions is about 6 kB.
_MOST: Final = 4_000
# A list of more keys (a whole list that leaves as a file) is made without remembering: it would push out all others.
_MOST_KEYS: Final = 200
# NULL for an area that changed after the request's snapshot: an answer made now may mix data from before and after, so it is
# not kept.
_SQL: Final = """
    SELECT area, CASE WHEN pg_visible_in_snapshot(xid::xid8, %s::pg_snapshot) THEN version END
      FROM audit_dataversion WHERE area = ANY(string_to_array(%s, ','))
"""


@dataclass(frozen=True, slots=True)
class _Answer:
    value: Any
    tables: frozenset[str]
    # Area → its version as the reading began in which the answer was read.
    versions: Mapping[str, int]


_answers: Final[LruStore[_Answer]] = LruStore(_MOST)
forget: Final = _answers.clear
law.forgetting(forget)


def answers_by_key(
    of: str,
    keys: Collection[int],
    name: tuple[Hashable, ...],
    make: Callable[[list[int]], Mapping[int, T]],
) -> dict[int, T]:
    """Key → what ``make`` reads of it; ``make`` is asked only for those of which something has changed.

    ``of``: what the keys are of, "group" or "loan". ``name``: all that an answer follows from besides the rows; language, day
    and database are added. Whoever gets an answer never changes it. A request that knows no versions asks ``make`` for all.
    """
    begun = reading.current()
    if begun is None or connection.in_atomic_block or len(keys) > _MOST_KEYS:
        return dict(make(list(keys)))
    now: dict[str, int | None] = {**begun.versions, **_versions(begun.since, of, keys)}
    known = {key: _answers.get((name, of, key, begun.words)) for key in keys}
    found: dict[int, T] = {}
    for key, answer in known.items():
        if answer is not None and all(
            now.get(area, 0) == version for area, version in answer.versions.items()
        ):
            found[key] = cast(T, answer.value)
            kept.note(answer.tables)
    missing = [key for key in keys if key not in found]
    if missing:
        tables: set[str] = set()
        with kept.noting(tables):
            made = make(missing)
        read = frozenset(tables)
        for key in missing:
            found[key] = made[key]
            areas = kept.Making(frozenset(), tables, {of: (key,)}).areas()
            if areas is None:
                continue
            versions = {area: at for area in areas if (at := now.get(area, 0)) is not None}
            if len(versions) == len(areas):
                _answers.put((name, of, key, begun.words), _Answer(made[key], read, versions))
    return {key: found[key] for key in keys}


def _versions(since: str, of: str, keys: Collection[int]) -> dict[str, int | None]:
    """Area → version, of these parts in every table that knows them; what was never changed is absent.

    None for what has changed since a moment.
    """
    parts = ("*", *(f"{of}-{key}" for key in keys))
    areas = [f"{table}/{part}" for table, known in PARTS.items() if of in known for part in parts]
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [since, ",".join(areas)])
        return dict(cursor.fetchall())
