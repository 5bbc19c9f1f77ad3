"""`tdcs migrate`: schema and units; also what other commands need before they touch the database."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import click


def django() -> None:
    """Make Django ready; the database starts by itself."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tdcs.project.settings")
    import django as framework

    framework.setup()


def run() -> int:
    """Schema, and the units of the province once one is set up; returns the number of units."""
    migrate_schema()
    from tdcs.core import clock
    from tdcs.organisations import seed
    from tdcs.organisations.services.provinces import keep_choice

    keep_choice(clock.today())
    count = seed.load()
    load_lending()
    return count


def migrate_schema() -> None:
    """Run the migrations that the database lacks; an empty one gets all of them."""
    django()
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

    # Not of Django's public interface.
    states: Any = ProjectState
    plain = states._find_reload_model
    states._find_reload_model = only_itself
    try:
        yield
    finally:
        states._find_reload_model = plain


def load_lending() -> None:
    """The chart of accounts and the province's capital sources, as shipped."""
    from tdcs.capital import services as capital
    from tdcs.ledger import services as ledger

    ledger.load_chart()
    capital.load()


@click.command("migrate")
def migrate() -> None:
    """Bring the database up to date and load the units of the province that is set up."""
    click.echo(f"{run()} organisations", err=True)
    from tdcs.core import law
    from tdcs.core.errors import NoProvince

    if not law.chosen_province():
        none = NoProvince()
        click.echo(f"{none.sentence('vi')} {none.next_step('vi')}\n{none.sentence('en')}", err=True)
