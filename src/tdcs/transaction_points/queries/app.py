"""What the app that works with no network asks before a session."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from tdcs.access.models import User
from tdcs.transaction_points.models import TransactionSession
from tdcs.transaction_points.queries.sessions import point_names
from tdcs.transaction_points.states import SessionState

_READY: Final = (SessionState.PREPARED, SessionState.OPEN)
# A pack is taken a few days before its session, or on the morning after it to hand in what is left.
_BEFORE, _AFTER = timedelta(days=1), timedelta(days=3)


def sessions_to_take(user: User, on: date) -> list[dict[str, object]]:
    """The sessions of these days on whose team the person is, the earliest first."""
    rows = TransactionSession.objects.filter(
        team__person=user, state__in=_READY, held_on__range=(on - _BEFORE, on + _AFTER)
    )
    found = list(rows.select_related("point").distinct().order_by("held_on", "pk"))
    names = point_names(found)
    return [
        {"id": one.pk, "name": names[one.pk], "day": one.held_on.isoformat(), "place": one.place}
        for one in found
    ]
