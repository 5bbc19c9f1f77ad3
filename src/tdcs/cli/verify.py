"""`tdcs verify`: every named invariant of every room."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator

import click

from tdcs.cli import setup

Check = Callable[[], Iterator[str]]


def every_check() -> dict[str, Check]:
    """The named invariants of all rooms."""
    from tdcs.audit import checks as audit
    from tdcs.closing import checks as closing
    from tdcs.entrustment import checks as entrustment
    from tdcs.households import checks as households
    from tdcs.indicators import checks as indicators
    from tdcs.ledger import checks as ledger
    from tdcs.loans import checks as loans
    from tdcs.organisations import checks as organisations
    from tdcs.plans import checks as plans

    rooms = (
        organisations,
        plans,
        households,
        entrustment,
        ledger,
        loans,
        closing,
        indicators,
        audit,
    )
    return {name: check for room in rooms for name, check in room.CHECKS.items()}


@click.command("verify")
@click.option("--json", "as_json", is_flag=True)
def verify(as_json: bool) -> None:
    """Run every check; exits 1 when one finds something."""
    setup.django()
    found: dict[str, list[str]] = {}
    for name, check in every_check().items():
        found[name] = list(check())
        if not as_json:
            click.echo(f"{'ok ' if not found[name] else 'BAD'} {name}")
            for words in found[name][:20]:
                click.echo(f"    {words}")
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
    if any(found.values()):
        sys.exit(1)
