"""`tdcs verify`: every named invariant of every room."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import click

from tdcs.cli import setup

Check = Callable[[], Iterator[str]]


def every_check() -> dict[str, Check]:
    """The named invariants of all rooms."""
    from tdcs.audit import checks as audit
    from tdcs.capital import checks as capital
    from tdcs.closing import checks as closing
    from tdcs.credit_plan import checks as credit_plan
    from tdcs.entrustment import checks as entrustment
    from tdcs.group_results import checks as group_results
    from tdcs.households import checks as households
    from tdcs.imports import checks as imports
    from tdcs.indicators import checks as indicators
    from tdcs.ledger import checks as ledger
    from tdcs.loans import checks as loans
    from tdcs.organisations import checks as organisations
    from tdcs.oversight import checks as oversight
    from tdcs.plans import checks as plans
    from tdcs.problem_loans import checks as problem_loans
    from tdcs.transaction_points import checks as points
    from tdcs.word_templates import checks as word_templates

    rooms = (
        organisations,
        plans,
        households,
        entrustment,
        group_results,
        ledger,
        capital,
        loans,
        points,
        imports,
        closing,
        indicators,
        credit_plan,
        oversight,
        problem_loans,
        word_templates,
        audit,
    )
    return {name: check for room in rooms for name, check in room.CHECKS.items()}


@click.command("verify")
@click.option("--json", "as_json", is_flag=True)
@click.option(
    "--against",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A digest kept elsewhere (tdcs digest): chains made anew differ from it.",
)
def verify(as_json: bool, against: Path | None) -> None:
    """Run every check; exits 1 when one finds something."""
    setup.django()
    found: dict[str, list[str]] = {}
    checks = every_check()
    if against is not None:
        from tdcs.cli import heads

        checks["digest.kept_elsewhere"] = partial(heads.differences, heads.read(against))
    for name, check in checks.items():
        found[name] = list(check())
        if not as_json:
            click.echo(f"{'ok ' if not found[name] else 'BAD'} {name}")
            for words in found[name][:20]:
                click.echo(f"    {words}")
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
    if any(found.values()):
        sys.exit(1)
