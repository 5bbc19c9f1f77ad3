"""Who a request's person is: asked by every request, so in one question with the role and its unit."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from tdcs.access.models import User, person_with_role
from tdcs.core import clock


class AccountBackend(AuthenticationBackend):  # type: ignore[misc]
    """Passwords are checked as allauth does; only the person of a session is looked up in our way."""

    def get_user(self, user_id: Any) -> User | None:
        """The person with today's role; None for nobody and for an account that has ended."""
        try:
            person = person_with_role(int(user_id), clock.today())
        except (TypeError, ValueError):
            return None
        return person if person is not None and self.user_can_authenticate(person) else None
