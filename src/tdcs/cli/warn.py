"""`tdcs warn`: early warnings by the last closed day; the machine's scheduler runs it after the close."""

from __future__ import annotations

import json
from datetime import date

import click

from tdcs.cli import setup
from tdcs.cli.law import read_day
from tdcs.cli.plan import refusing


@click.command("warn")
@click.option("--day", "day_text", default="", help="By the last closed day not after this one.")
@click.option("--json", "as_json", is_flag=True)
@refusing
def warn(day_text: str, as_json: bool) -> None:
    """Warn of households, groups and communes: new warnings begin, those that hold go on, others end."""
    asked: date | None = read_day(day_text) if day_text else None
    setup.django()
    from tdcs.core import clock
    from tdcs.problem_loans.services.warning import raise_warnings

    done = raise_warnings(by=None, on=asked or clock.today())
    if as_json:
        told = {
            "day": done.day.isoformat(),
            "new": done.new,
            "still": done.still,
            "over": done.over,
        }
        click.echo(json.dumps(told))
        return
    click.echo(f"{done.day}: {done.new} new, {done.still} still, {done.over} over")
