"""The private address of a person's calendar: made, renewed, revoked."""

from __future__ import annotations

import secrets
from datetime import date

from django.db import transaction

from tdcs.access.models import User
from tdcs.core import clock, trail
from tdcs.plans.models import CalendarFeed
from tdcs.plans.queries.feeds import digest_of


def make_feed(*, by: User, on: date) -> str:
    """Give the person an address and return its token, the only time; one given before is revoked."""
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=by.pk)
        _revoke(by)
        feed = CalendarFeed.objects.create(
            person=by, token_sha256=digest_of(token), made_at=clock.now()
        )
        trail.record(action="plans.make_feed", subject=feed, by=by, on=on)
    return token


def revoke_feed(*, by: User, on: date) -> bool:
    """Take the address away; whether there was one."""
    with transaction.atomic():
        gone = _revoke(by)
        if gone:
            trail.record(action="plans.revoke_feed", subject=by, by=by, on=on)
    return gone


def _revoke(person: User) -> bool:
    rows = CalendarFeed.objects.filter(person=person, revoked_at=None)
    return rows.update(revoked_at=clock.now()) > 0
