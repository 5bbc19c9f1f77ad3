"""`tdcs sql`: a question in SQL over the closed days."""

from __future__ import annotations

import csv
import json
import sys
from typing import TYPE_CHECKING, Any

import click

from tdcs.cli import setup
from tdcs.cli.plan import refusing

if TYPE_CHECKING:
    from tdcs.closing.snapshot_sql import SqlResult


@click.command("sql")
@click.argument("select")
@click.option("--json", "as_json", is_flag=True)
@click.option("--csv", "as_csv", is_flag=True)
@refusing
def sql(select: str, as_json: bool, as_csv: bool) -> None:
    """One SELECT over snapshot (day, loan, …), sums (day, keys, sums) and days. Reads the snapshots only."""
    setup.django()
    from tdcs.closing.queries import store
    from tdcs.closing.snapshot_sql import run_sql

    found = run_sql(store(), select)
    if as_json:
        rows = [dict(zip(found.columns, row, strict=True)) for row in found.rows]
        click.echo(json.dumps(rows, ensure_ascii=False, default=str))
    elif as_csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerows([found.columns, *found.rows])
    else:
        click.echo(_table(found))


def _table(found: SqlResult) -> str:
    """Columns side by side, numbers to the right."""
    words = [found.columns, *([_word(value) for value in row] for row in found.rows)]
    widths = [max(map(len, column)) for column in zip(*words, strict=True)]
    number = [
        all(value is None or isinstance(value, int) for value in column)
        for column in zip(*found.rows, strict=True)
    ] or [False] * len(widths)
    return "\n".join(
        "  ".join(
            word.rjust(width) if right else word.ljust(width)
            for word, width, right in zip(line, widths, number, strict=True)
        ).rstrip()
        for line in words
    )


def _word(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}".replace(",", ".")
    return "" if value is None else str(value)
