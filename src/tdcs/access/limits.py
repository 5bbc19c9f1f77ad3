"""How often something may happen within a while, counted in the database by all workers together."""

from __future__ import annotations

from typing import Final

from django.core.cache import caches

_PREFIX: Final = "limit"


def within(*, what: str, who: str, most: int, seconds: int) -> bool:
    """Count one more; whether it still lies within the limit."""
    kept, key = caches["limits"], f"{_PREFIX}:{what}:{who}"
    if kept.add(key, 1, seconds):
        return True
    try:
        return int(kept.incr(key)) <= most
    except ValueError:
        # It ran out between the two.
        kept.set(key, 1, seconds)
        return True
