"""`tdcs person add`: the first account of a new installation."""

from __future__ import annotations

import sys

import click

from tdcs.cli import setup
from tdcs.core import clock
from tdcs.core.errors import Refusal


@click.group("person")
def person() -> None:
    """Accounts."""


@person.command("add")
@click.option("--username", required=True)
@click.option("--name", "full_name", default="")
@click.option("--email", default="")
@click.option("--role", required=True)
@click.option(
    "--organisation",
    default="",
    help="The unit's code, such as nhcsxh-chi-nhanh@p75; none for the administrator who sets the province up.",
)
@click.password_option()
def add(
    username: str, full_name: str, email: str, role: str, organisation: str, password: str
) -> None:
    """An account with a role from today."""
    setup.run()
    from tdcs.access.services import NewAccount, create_person
    from tdcs.organisations.models import Organisation

    try:
        made = create_person(
            account=NewAccount(
                username=username, full_name=full_name or username, email=email, password=password
            ),
            role=role,
            organisation=Organisation.objects.filter(code=organisation).first(),
            by=None,
            on=clock.today(),
        )
    except Refusal as refusal:
        click.echo(f"{refusal.sentence('vi')}\n{refusal.sentence('en')}", err=True)
        sys.exit(1)
    click.echo(made.username)


@person.command("settle")
def settle() -> None:
    """Work of hand-overs whose day has come moves; drafts that are too old go (run daily)."""
    setup.run()
    from tdcs.access.handover import settle as settle_hand_overs
    from tdcs.drafts.services import prune

    moved = settle_hand_overs(on=clock.today(), by=None)
    click.echo(f"{moved} hand-overs settled, {prune()} drafts pruned")
