"""Who works for an absent person does so in the session in which it was chosen, and only on the days named."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

from tdcs.access.models import Substitution, User
from tdcs.access.queries import substitutions_of
from tdcs.core import clock

ACTING: Final = "acting_for"


class StandIn:
    """Gives the request's person the role of the absent one: chosen in this session, or because there is no own role."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if isinstance(user, User) and user.is_active:
            chosen = request.session.get(ACTING)
            if chosen is not None or user.holding() is None:
                acting = _living(user, chosen)
                if acting is None:
                    request.session.pop(ACTING, None)
                else:
                    user.work_for(acting)
        return self.get_response(request)


def _living(user: User, chosen: int | None) -> Substitution | None:
    rows = list(substitutions_of(user, clock.today()))
    if chosen is None:
        return rows[0] if rows else None
    return next((row for row in rows if row.pk == chosen), None)
