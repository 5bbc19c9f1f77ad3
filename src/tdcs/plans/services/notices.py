"""A line under the bell of a unit."""

from __future__ import annotations

from tdcs.access.models import User
from tdcs.core import clock
from tdcs.plans.models import Notice, NoticeKind


def notify(
    *,
    organisation: int,
    words: str,
    kind: NoticeKind,
    subject: int | None = None,
    person: int | None = None,
) -> Notice:
    """Tell everyone of a unit (or one ``person`` of it) about one row (``subject``) or a list; in the caller's transaction."""
    return Notice.objects.create(
        organisation_id=organisation,
        person_id=person,
        words=words[:300],
        kind=kind,
        subject_id=subject,
        at=clock.now(),
    )


def notify_of_step(person: int, organisation: int, words: str, application: int) -> None:
    """A loan application waits for a person's step; answers the loans room's port."""
    notify(
        organisation=organisation,
        words=words,
        kind=NoticeKind.LOAN_STEP,
        subject=application,
        person=person,
    )


def hand_over(old: User, new: User) -> int:
    """A person's own notices become the successor's."""
    return Notice.objects.filter(person=old).update(person=new)
