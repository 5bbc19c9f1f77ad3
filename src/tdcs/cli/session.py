"""`tdcs session`: what the offline page of a session is tested against."""

from __future__ import annotations

import hashlib
import json
import sys

import click

from tdcs import __version__


@click.group("session")
def session() -> None:
    """Sessions of transaction points."""


@session.command("vectors")
@click.option(
    "--count", default=10_000, show_default=True, help="How many loans, each on three days."
)
@click.option("--seed", default=15, show_default=True, help="Same seed, same loans.")
def vectors(count: int, seed: int) -> None:
    """Loans, days and what is owed on them, as JSON lines; the first line says by which program they were made."""
    from tdcs.transaction_points.rules.vectors import held_days
    from tdcs.transaction_points.rules.vectors import vectors as made

    if not 1 <= count <= 1_000_000:
        raise click.UsageError("--count: from 1 to 1,000,000")
    head = {"form": 1, "program": __version__, "loans": count, "seed": seed, "held": held_days()}
    click.echo(json.dumps(head, sort_keys=True))
    digest, lines = hashlib.sha256(), 0
    for one in made(count, seed):
        line = json.dumps(one, ensure_ascii=False, sort_keys=True)
        digest.update(line.encode())
        lines += 1
        click.echo(line)
    print(f"{lines} lines, sha256 {digest.hexdigest()}", file=sys.stderr)
