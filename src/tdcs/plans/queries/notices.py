"""What lies under the bell."""

from __future__ import annotations

from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from tdcs.access.models import User
from tdcs.access.queries import own_organisation
from tdcs.organisations.prepared import Given, Prepared
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
# Beyond it nobody counts.
_MOST_COUNTED: Final = 99


def notices_of(user: User) -> QuerySet[Notice]:
    """Notices of the person's own unit and own ones, newest first; only of what the person's role opens."""
    unit, kinds = own_organisation(user), _kinds_of(user)
    return _notices(_meant(user), unit.pk, kinds) if unit and kinds else Notice.objects.none()


def _kinds_of(user: User) -> list[str]:
    """Kinds of notices whose pages the person's role opens."""
    return [kind.value for kind, permission in OPENED_BY.items() if user.may(permission)]


def _meant(user: User) -> int:
    """Whose own notices the person sees: who stands in for somebody sees that one's."""
    return user.acting.absent_id if user.acting else user.pk


def _notices(meant: int | Given, unit: int | Given, kinds: list[str] | Given) -> QuerySet[Notice]:
    of_kinds = Q((f"kind__{'equals_any' if isinstance(kinds, Given) else 'in'}", kinds))
    return Notice.objects.filter(Q(person=None) | Q(person=meant), of_kinds, organisation=unit)


def _unread(rows: QuerySet[Notice], reader: int | Given) -> QuerySet[Notice]:
    read = Notice.read_by.through.objects.filter(notice=OuterRef("pk"), user=reader)
    return rows.filter(~Exists(read))


_UNREAD: Final = Prepared(
    lambda: (
        _unread(_notices(Given("meant"), Given("unit"), Given("kinds")), Given("reader"))
        .order_by()
        .values_list("pk", flat=True)[:_MOST_COUNTED]
    )
)


def unread_count(user: User) -> int:
    """How many the person has not seen, at most 99: a number on every page."""
    unit, kinds = own_organisation(user), _kinds_of(user)
    if unit is None or not kinds:
        return 0
    return len(_UNREAD(meant=_meant(user), unit=unit.pk, kinds=kinds, reader=user.pk))


def mark_read(user: User, keys: set[int]) -> None:
    """Remember that the person has seen these; no audit line, nothing of the plan changes."""
    through = Notice.read_by.through
    through.objects.bulk_create(
        [through(notice_id=key, user_id=user.pk) for key in keys], ignore_conflicts=True
    )


def unread_keys(user: User) -> set[int]:
    """The latest hundred that the person has not seen."""
    rows = _unread(notices_of(user), user.pk)
    return set(rows.values_list("pk", flat=True)[:100])
