"""Sessions in the database, asked for by a question that is put together once: every request asks it."""

from __future__ import annotations

from typing import Any, Final

from django.contrib.sessions.backends.db import SessionStore as InDatabase
from django.db import connections, router

_SQL: Final = (
    "SELECT session_key, session_data, expire_date FROM django_session"
    " WHERE session_key = %s AND expire_date > now()"
)


class SessionStore(InDatabase):
    """Django's own but for how a session is looked up."""

    def _get_session_from_db(self) -> Any:
        alias = router.db_for_read(self.model)
        with connections[alias].cursor() as cursor:
            cursor.execute(_SQL, [self.session_key])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return None
        return self.model.from_db(alias, ["session_key", "session_data", "expire_date"], row)
