"""What lies under the bell."""

from __future__ import annotations

from django.db.models import QuerySet

from tdcs.access.models import User
from tdcs.access.queries import own_organisation
from tdcs.plans.models import Notice


def notices_of(user: User) -> QuerySet[Notice]:
    """Notices of the person's own unit, newest first."""
    unit = own_organisation(user)
    return Notice.objects.filter(organisation=unit) if unit else Notice.objects.none()


def unread_count(user: User) -> int:
    """How many the person has not seen, at most 99."""
    return notices_of(user).exclude(read_by=user)[:99].count()


def mark_read(user: User, keys: set[int]) -> None:
    """Remember that the person has seen these; no audit line, nothing of the plan changes."""
    through = Notice.read_by.through
    through.objects.bulk_create(
        [through(notice_id=key, user_id=user.pk) for key in keys], ignore_conflicts=True
    )


def unread_keys(user: User) -> set[int]:
    """The latest hundred that the person has not seen."""
    rows = notices_of(user).exclude(read_by=user)
    return set(rows.values_list("pk", flat=True)[:100])
