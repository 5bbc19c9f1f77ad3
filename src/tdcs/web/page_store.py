"""Where kept pages lie: in the worker's memory, and behind it in the database, where the other workers find them."""

from __future__ import annotations

import json
import random
import zlib
from collections import OrderedDict
from dataclasses import dataclass
from datetime import timedelta
from threading import Lock
from typing import Final

from django.db import connection

from tdcs.core import clock
from tdcs.http.reading import Shared
from tdcs.web.models import KeptPage

# Bytes of pages that a worker keeps in memory at the most.
ROOM: Final = 64 * 2**20
# Pages that the workers share are made anew after so long, whether or not anything changed; one put in so many clears up.
SHARED_FOR: Final = timedelta(hours=1)
_CLEARS: Final = 50
# Stands between text and marks of a shared page; no text of ours holds it.
_SEAM: Final = b"\x00"
# Written only while no area has changed since the moment at which the page's reading began.
_SHARE: Final = """
    INSERT INTO web_keptpage AS k (key, areas, version, headers, body, made_at)
    SELECT %s, %s, v.version, %s::jsonb, %s, %s
      FROM (SELECT coalesce(sum(version), 0)::bigint AS version,
                   coalesce(bool_and(pg_visible_in_snapshot(xid::xid8, %s::pg_snapshot)), true) AS same
              FROM audit_dataversion WHERE area = ANY(string_to_array(%s, ','))) v
     WHERE v.same
        ON CONFLICT (key) DO UPDATE SET areas = excluded.areas, version = excluded.version,
           headers = excluded.headers, body = excluded.body, made_at = excluded.made_at
    RETURNING k.version
"""


@dataclass(frozen=True, slots=True)
class Page:
    """A page, what it was made of, and the version of that.

    ``parts``: text and marks in turn; a mark is the number of what stands there.
    """

    areas: tuple[str, ...]
    version: int
    parts: tuple[bytes, ...]
    headers: tuple[tuple[str, str], ...]

    @property
    def size(self) -> int:
        return sum(map(len, self.parts))


class Store:
    """The pages of this worker; those asked for least lately go first."""

    def __init__(self, room: int = ROOM) -> None:
        self._pages: OrderedDict[str, Page] = OrderedDict()
        self._lock, self._room, self._size = Lock(), room, 0

    def get(self, key: str) -> Page | None:
        """The page of this worker, if it has one."""
        with self._lock:
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
            return page

    def put(self, key: str, page: Page) -> None:
        """Keep a page here."""
        with self._lock:
            self._drop(key)
            self._pages[key] = page
            self._size += page.size
            while self._size > self._room:
                self._drop(next(iter(self._pages)))

    def clear(self) -> None:
        """Forget the pages of this worker."""
        with self._lock:
            self._pages.clear()
            self._size = 0

    def _drop(self, key: str) -> None:
        page = self._pages.pop(key, None)
        if page is not None:
            self._size -= page.size


def unpacked(found: Shared) -> Page:
    """The page that another worker has made."""
    parts = tuple(zlib.decompress(found.body).split(_SEAM))
    return Page(found.areas, found.version, parts, found.headers)


def share(key: str, page: Page, since: str) -> int | None:
    """Put a page where other workers find it, unless what it was made of has changed since a moment; returns its version."""
    body = zlib.compress(_SEAM.join(page.parts), 1)
    areas, now = list(page.areas), clock.now()
    with connection.cursor() as cursor:
        cursor.execute(
            _SHARE, [key, areas, json.dumps(page.headers), body, now, since, ",".join(set(areas))]
        )
        found = cursor.fetchone()
    if random.randrange(_CLEARS) == 0:  # noqa: S311  which put clears up is no secret
        KeptPage.objects.filter(made_at__lt=now - SHARED_FOR).delete()
    return None if found is None else int(found[0])


store: Final = Store()
