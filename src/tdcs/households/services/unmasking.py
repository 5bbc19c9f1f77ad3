"""Personal data shown once, to who needs it, with a line in the trail."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from tdcs.access.models import User
from tdcs.core import trail
from tdcs.households.models import Household, Person


def unmask(*, household: Household, person: Person, what: str, by: User, on: date) -> str:
    """The identity number or the telephone of a member; the trail says who saw whose, never the value."""
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
