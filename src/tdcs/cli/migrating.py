"""The tables as this program knows them: every migration that the database lacks is run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any
from unittest.mock import patch


def migrate_schema() -> None:
    """Run the migrations that are missing; an empty database gets all of them."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    empty = not MigrationRecorder(connection).applied_migrations()
    with each_model_alone() if empty else nullcontext():
        call_command("migrate", interactive=False, verbosity=0, skip_checks=True)


@contextmanager
def each_model_alone() -> Iterator[None]:
    """What a migration changes of a model makes Django render that model anew, not all that are related to it.

    What it writes into an empty database is the same (tests/project/test_migrated.py); steps in Python get every model anew,
    as ever. Rendering the related ones a hundred times over takes five sixths of the time of all.
    """
    from django.db.migrations.state import ProjectState

    def only_itself(
        state: Any, app_label: str, model_name: str, delay: bool = False
    ) -> set[tuple[str, str]]:
        state.is_delayed = True
        return {(app_label, model_name)}

    with patch.object(ProjectState, "_find_reload_model", only_itself):
        yield
