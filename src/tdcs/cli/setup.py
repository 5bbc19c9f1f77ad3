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
    """The tables as this program knows them."""
    django()
    from tdcs.cli import migrating

    migrating.migrate_schema()


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
