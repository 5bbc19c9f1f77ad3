"""`tdcs bench coverage`: the coverage duties of a whole province by four kinds of bodies, and a sample of 5,000."""

from __future__ import annotations

import time
from datetime import date
from typing import Any, Final

import click

# Requirements: seconds for the duties of the province, and for a sample.
DUTIES_S: Final = 2.0
SAMPLE_S: Final = 1.0
_LOANS: Final = 260_000
_GROUPS: Final = 4_554
_SAMPLE: Final = 5_000
_ON: Final = date(2026, 11, 23)


@click.command("coverage")
@click.option("--loans", default=_LOANS, show_default=True)
@click.option(
    "--book", is_flag=True, help="Also this installation's own book, read from its tables."
)
def coverage(loans: int, book: bool) -> None:
    """Four duties by four kinds of bodies over invented loans, half of them visited, and a sample; best of three."""
    rows, visits = invented(loans)
    duties = min(_duties(rows, visits) for _ in range(3))
    drawn = min(_sample(rows) for _ in range(3))
    found: dict[str, Any] = {
        "loans": loans,
        "duties_s": round(duties, 2),
        "duties_bound_s": DUTIES_S,
        "sample": _SAMPLE,
        "sample_s": round(drawn, 2),
        "sample_bound_s": SAMPLE_S,
    }
    if book:
        found |= _own()
    for name, value in found.items():
        click.echo(f"{name:20} {value}")


def invented(loans: int) -> tuple[Any, Any]:
    """Loans of groups over communes and organisations, and the visits to every second one."""
    import numpy as np
    import polars as pl

    from tdcs.core.columns import day_number

    luck, on = np.random.default_rng(1), day_number(_ON)
    group = luck.integers(1, _GROUPS + 1, loans)
    rows = pl.DataFrame(
        {
            "loan": np.arange(1, loans + 1),
            "group": group,
            "mass": group % 380 + 1,
            "office": group % 21 + 1,
            "commune": group % 95 + 1,
            "disbursed": on - luck.integers(0, 2_000, loans),
            "balance": luck.integers(0, 100, loans) * 10**6,
            "moved": on - luck.integers(0, 200, loans),
            "burdened": luck.random(loans) < 0.02,
            "bad": luck.random(loans) < 0.01,
        }
    )
    visits = rows.gather_every(2).select("loan", first=pl.lit(on - 20), last=pl.lit(on - 20))
    return rows, visits.cast(pl.Int64)


def _duties(rows: Any, visits: Any) -> float:
    import polars as pl

    from tdcs.core.columns import day_number
    from tdcs.oversight.rules import coverage as rule
    from tdcs.oversight.rules import settings

    groups = rows.select("group", "mass", "office", "commune").unique("group")
    met = groups.gather_every(2).select(
        "group", first=pl.lit(day_number(_ON)), last=pl.lit(day_number(_ON))
    )
    begun = time.perf_counter()
    done = rule.Done(visits, met.cast(pl.Int64))
    silent = rule.with_silence(rows, _ON, day_number(_ON))
    bodies = settings.bodies()
    rule.coverage(
        rule.Book(silent, groups, [1, 2, 3]),
        {body["code"]: done for body in bodies},
        rule.duties_on(_ON),
        bodies,
        rule.span_of(_ON.year, _ON),
    )
    return time.perf_counter() - begun


def _sample(rows: Any) -> float:
    from tdcs.core.columns import day_number
    from tdcs.oversight.rules import settings
    from tdcs.oversight.rules.coverage import with_silence
    from tdcs.oversight.rules.sampling import draw, with_risk

    silent = with_silence(rows, _ON, day_number(_ON))
    begun = time.perf_counter()
    draw(with_risk(silent, settings.large_from()), settings.risks(), _SAMPLE, 7)
    return time.perf_counter() - begun


def _own() -> dict[str, Any]:
    """The whole way from this installation's tables to the figures."""
    from tdcs.cli import setup
    from tdcs.core import clock

    setup.django()
    from tdcs.access.models import User
    from tdcs.access.queries import sees_all
    from tdcs.oversight.queries.coverage import year_coverage

    everything = next(one for one in User.objects.order_by("pk") if sees_all(one))
    begun = time.perf_counter()
    year_coverage(everything, clock.today())
    return {"own_s": round(time.perf_counter() - begun, 2)}
