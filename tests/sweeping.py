"""Clears the tests' database of what tests rolled back: autovacuum is kept away from it (migrated.py)."""

from __future__ import annotations

from typing import Any, Final

from django.db import connection

# Tests with a database between two sweeps; each leaves some hundred dead rows, a sweep takes about a second.
_BETWEEN: Final = 200


class Sweeping:
    """Counts the tests of this process that had the database."""

    def __init__(self) -> None:
        self._tests, self._blocker = 0, None

    def count(self, blocker: Any) -> None:
        """One more test."""
        self._tests, self._blocker = self._tests + 1, blocker

    def sweep(self) -> None:
        """Between files, when no transaction is open: after so many tests the dead rows go."""
        if self._tests < _BETWEEN or self._blocker is None:
            return
        with self._blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("VACUUM (SKIP_LOCKED)")
        self._tests = 0


SWEEPING = Sweeping()
