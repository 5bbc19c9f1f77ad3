"""`tdcs digest`: the heads of the day in one signed page, to be printed or mailed."""

from __future__ import annotations

import json

import click

from tdcs.cli import setup


@click.command("digest")
def digest() -> None:
    """Print where every chain stands, signed; keep it where this machine cannot reach."""
    setup.django()
    from tdcs.cli import heads

    click.echo(json.dumps(heads.signed(), ensure_ascii=False, indent=1, sort_keys=True))
