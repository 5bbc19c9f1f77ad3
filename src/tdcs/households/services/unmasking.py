"""Personal data shown once, to who needs it, with a line in the trail."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from tdcs.access.models import User
from tdcs.audit.models import AuditLine
from tdcs.core import clock, trail
from tdcs.households.errors import TooMuchSeen
from tdcs.households.models import Household, Person


def unmask(*, household: Household, person: Person, what: str, by: User, on: date) -> str:
    """The identity number or the telephone of a member; the trail says who saw whose, never the value. Raises TooMuchSeen."""
    require_below_limit(by, on)
    with transaction.atomic():
        held = Person.objects.filter(memberships__household=household).distinct().get(pk=person.pk)
        value = held.phone if what == "phone" else held.identity_number
        trail.record(
            action="households.unmask",
            subject=household,
            by=by,
            on=on,
            data={"person": held.pk, "what": "phone" if what == "phone" else "identity_number"},
        )
    return value or ""


def seen_within_the_hour(by: User) -> int:
    """How many values the person saw in full in the last hour: on pages, printed forms, in sheets, in filled Word templates."""
    since = clock.now() - timedelta(hours=1)
    lines = AuditLine.objects.filter(actor=by, recorded_at__gt=since)
    single = lines.filter(
        Q(action="households.unmask") | Q(action="loans.print_form", data__identity_numbers=True)
    ).count()
    # A sheet or a filled template may hold a whole list; its line says how many stood on it.
    listed = lines.filter(action="sheets.unmask").values_list("data__count", flat=True)
    filled = lines.filter(action="word_templates.fill", data__identity_numbers=True)
    numbers = filled.values_list("data__numbers", flat=True)
    return single + sum(int(count) for count in (*listed, *numbers))


def require_below_limit(by: User, on: date, *, more: int = 1) -> None:
    """Raises TooMuchSeen when ``more`` values would pass the hour's limit; the trail notes it, for who audits."""
    limit = int(settings.TDCS_UNMASK_LIMIT)
    if seen_within_the_hour(by) + more <= limit:
        return
    with transaction.atomic():
        trail.record(
            action="households.unmask_limit", subject=by, by=by, on=on, data={"limit": limit}
        )
    raise TooMuchSeen(limit=limit)
