"""A line under the bell of a unit."""

from __future__ import annotations

from tdcs.core import clock
from tdcs.plans.models import Notice


def notify(*, organisation: int, words: str, url: str) -> Notice:
    """Tell everyone of a unit; runs in the caller's transaction."""
    return Notice.objects.create(
        organisation_id=organisation, words=words[:300], url=url, at=clock.now()
    )
