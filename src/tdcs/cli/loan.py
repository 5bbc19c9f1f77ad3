"""`tdcs loan …`: what a loan owes on a day, one or a hundred thousand."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click
import msgspec

# Loans computed side by side in one frame: memory stays bounded on endless input.
_BATCH = 50_000


@click.group("loan")
def loan() -> None:
    """What a loan owes on a day."""


@loan.command("project")
@click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)
)
@click.option("--lines", is_flag=True, help="JSON Lines in, one result a line out.")
@click.option(
    "--json", "as_json", is_flag=True, help="Accepted for symmetry; the output is JSON anyway."
)
def project(file: Path, lines: bool, as_json: bool) -> None:
    """Schedule and position of loans on a day, from terms and events. Needs no database.

    A file or - holds one JSON object, or with --lines one on each line. Exits 1 when the one loan is refused.
    """
    content = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    if lines:
        _many(content)
        return
    result = _project([content])[0]
    click.echo(msgspec.json.format(msgspec.json.encode(result)))
    if "error" in result:
        click.echo(f"{result['error']['message']} {result['error']['next_step']}".strip(), err=True)
        sys.exit(1)


def _many(content: bytes) -> None:
    """One result a line; a refused line says why and the others go on. Progress on stderr."""
    given = [line for line in content.splitlines() if line.strip()]
    out, encoder = sys.stdout.buffer, msgspec.json.Encoder()
    for start in range(0, len(given), _BATCH):
        for result in _project(given[start : start + _BATCH]):
            out.write(encoder.encode(result) + b"\n")
        if len(given) > _BATCH:
            click.echo(f"{min(start + _BATCH, len(given))}/{len(given)}", err=True)
    out.flush()


def _project(lines: list[bytes]) -> list[dict[str, Any]]:
    from tdcs.loans.rules.project import project_lines

    return project_lines(lines)
