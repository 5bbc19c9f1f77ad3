"""A line under the bell of a unit."""

from __future__ import annotations

from tdcs.core import clock
from tdcs.plans.models import Notice, NoticeKind


def notify(
    *, organisation: int, words: str, kind: NoticeKind, subject: int | None = None
) -> Notice:
    """Tell everyone of a unit about one row (``subject``) or a list; runs in the caller's transaction."""
    return Notice.objects.create(
        organisation_id=organisation,
        words=words[:300],
        kind=kind,
        subject_id=subject,
        at=clock.now(),
    )
