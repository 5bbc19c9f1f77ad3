"""A person's own drafts, not older than the installation keeps them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings

from tdcs.access.models import User
from tdcs.core import clock
from tdcs.core.remembered import remembered
from tdcs.drafts.models import Draft
from tdcs.organisations.prepared import Given, Prepared


def oldest_kept() -> datetime:
    """Drafts from before this moment are no longer shown."""
    return clock.now() - timedelta(days=int(settings.TDCS_DRAFT_DAYS))


def drafts_of(user: User) -> dict[str, Draft]:
    """A person's own drafts by form; never anybody else's."""
    oldest = oldest_kept()
    return {row.form: row for row in _drafts_of(user.pk) if row.kept_at >= oldest}


_DRAFTS: Final = Prepared(lambda: Draft.objects.filter(by=Given("person")))


@remembered
def _drafts_of(person: int) -> tuple[Draft, ...]:
    return tuple(_DRAFTS(person=person))
