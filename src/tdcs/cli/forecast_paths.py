"""`tdcs forecast bands`, `tdcs forecast tornado`: how sure a scenario is, and what each assumption moves."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from typing import Any

import click

from tdcs.cli import setup
from tdcs.cli.forecast_options import ON, assumptions
from tdcs.cli.law import read_day
from tdcs.cli.plan import refusing
from tdcs.documents import numbers

_MEASURES = ("lent", "local_added", "central_added", "closing", "overdue", "interest")


@click.command("bands")
@ON
@assumptions
@click.option("--paths", type=click.IntRange(2, 100_000), default=1_000, show_default=True)
@click.option("--seed", type=int, default=2030, show_default=True)
@click.option("--json", "as_json", is_flag=True)
@refusing
def bands(on_text: str, paths: int, seed: int, as_json: bool, **assumed: Any) -> None:
    """A scenario on a thousand paths: mean, and what 5, 50 and 95 of a hundred stay below, in dong."""
    on = read_day(on_text)
    setup.django()
    from tdcs.forecasting.queries.opening import base_of
    from tdcs.forecasting.queries.uncertainty import bands_of
    from tdcs.forecasting.rules.assumptions import Assumptions

    base = base_of(on)
    found = bands_of(Assumptions(**assumed), base, paths=paths, seed=seed)
    if as_json:
        content = {
            "base": base,
            "paths": paths,
            "seed": seed,
            "bands": [asdict(one) for one in found],
        }
        click.echo(json.dumps(content, ensure_ascii=False, default=date.isoformat, indent=1))
        return
    click.echo(f"{'':16}{'mean':>22}{'5%':>22}{'50%':>22}{'95%':>22}")
    for one in found:
        cells = "".join(f"{value:>22,}" for value in (one.mean, one.low, one.middle, one.high))
        click.echo(f"{one.year} {one.measure:11}{cells}")


@click.command("tornado")
@ON
@assumptions
@click.option("--measure", type=click.Choice(_MEASURES), default="lent", show_default=True)
@click.option("--json", "as_json", is_flag=True)
@refusing
def tornado(on_text: str, measure: str, as_json: bool, **assumed: Any) -> None:
    """What each assumption moves, the widest first: once lower, once higher, everything else as it is."""
    on = read_day(on_text)
    setup.django()
    from tdcs.forecasting.queries.opening import base_of
    from tdcs.forecasting.queries.uncertainty import tornado_of
    from tdcs.forecasting.rules.assumptions import Assumptions

    base = base_of(on)
    found = tornado_of(Assumptions(**assumed), base, measure)
    if as_json:
        click.echo(json.dumps({"base": base, **asdict(found)}, default=date.isoformat, indent=1))
        return
    click.echo(f"{found.measure} {found.value:,}")
    for bar in found.bars:
        figures = f"{numbers.ppm(bar.low):>10} {bar.at_low:>22,}   {numbers.ppm(bar.high):>10} {bar.at_high:>22,}"
        click.echo(f"{bar.name:10} {figures}")
