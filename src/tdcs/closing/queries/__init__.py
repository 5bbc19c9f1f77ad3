"""What the closed days say: the store of this installation, and which day a screen may show."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from django.conf import settings

from tdcs.closing.models import BookIdentity
from tdcs.closing.store import Store


def store() -> Store:
    """The snapshots of this installation; days of another database are refused."""
    key = BookIdentity.objects.values_list("key", flat=True).first()
    return _store(Path(settings.HOME) / "snapshots", key)


@cache
def _store(root: Path, book: str | None) -> Store:
    # Kept, because a store remembers which files it has proved.
    return Store(root, book)


def shown_day(on: date) -> date | None:
    """The last closed day that is not after ``on``."""
    days = [day for day in store().days() if day <= on]
    return days[-1] if days else None
