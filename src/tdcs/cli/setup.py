"""`tdcs migrate`: schema and units; also what other commands need before they touch the database."""

from __future__ import annotations

import os

import click


def django() -> None:
    """Make Django ready; the database starts by itself."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tdcs.project.settings")
    import django as framework

    framework.setup()


def run() -> int:
    """Schema and shipped units; returns the number of units."""
    django()
    from django.core.management import call_command

    from tdcs.organisations import seed

    call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
    count = seed.load()
    load_lending()
    return count


def load_lending() -> None:
    """The chart of accounts and the province's capital sources, as shipped."""
    from tdcs.capital import services as capital
    from tdcs.ledger import services as ledger

    ledger.load_chart()
    capital.load()


@click.command("migrate")
def migrate() -> None:
    """Bring the database up to date and load the units that ship."""
    click.echo(f"{run()} organisations", err=True)
