"""`tdcs sheet`: a standard sheet as a file; without a name, which there are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tdcs.cli import setup
from tdcs.cli.plan import refusing


@click.command("sheet")
@click.argument("name", required=False)
@click.option("--unit", default="", help="Code of an office, a commune or its committee.")
@click.option("--day", default="", help="A closed day, 2026-10-31; else the last one.")
@click.option("--before", default="", help="The day to compare with.")
@click.option("--programme", default="", help="Code of a programme.")
@click.option("--group", default="", help="Code of a group.")
@click.option("--out", type=click.Path(path_type=Path), help="A file, or a folder that is there.")
@refusing
def sheet(name: str | None, out: Path | None, **words: Any) -> None:
    """A standard sheet of a closed day as a workbook or a data set; identity numbers are masked."""
    setup.django()
    from tdcs.core import clock
    from tdcs.sheets.queries.requesting import Words, asked_of, sheet_of
    from tdcs.sheets.rules.definitions import sheets
    from tdcs.sheets.services import make

    if not name:
        for one in sheets().values():
            click.echo(f"{one.code:18} {one.title}")
        return
    made = make(asked=asked_of(sheet_of(name), Words(**words), None), by=None, on=clock.today())
    target = out or Path(made.name)
    if target.is_dir():
        target /= made.name
    target.write_bytes(made.content)
    click.echo(f"{target}: {len(made.content):,} byte".replace(",", "."))
