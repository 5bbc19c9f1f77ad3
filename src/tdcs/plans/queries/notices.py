"""What lies under the bell."""

from __future__ import annotations

from typing import Final

from django.db.models import Q, QuerySet

from tdcs.access.models import User
from tdcs.access.queries import own_organisation
from tdcs.plans.models import Notice, NoticeKind

# What a notice is about → the permission of the page to which it leads.
OPENED_BY: Final = {
    NoticeKind.OBLIGATION: "plans.view",
    NoticeKind.REPORT: "plans.view",
    NoticeKind.LETTER: "plans.view",
    NoticeKind.INBOX: "plans.work",
    NoticeKind.PROPOSALS: "plans.view",
    NoticeKind.LOAN_STEP: "loans.view",
}


def notices_of(user: User) -> QuerySet[Notice]:
    """Notices of the person's own unit and own ones, newest first; only of what the person's role opens."""
    unit = own_organisation(user)
    kinds = [kind for kind, permission in OPENED_BY.items() if user.may(permission)]
    if unit is None or not kinds:
        return Notice.objects.none()
    acting = user.acting
    mine = Q(person=None) | Q(person=acting.absent_id if acting else user.pk)
    return Notice.objects.filter(mine, organisation=unit, kind__in=kinds)


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
