"""`tdcs bench indicators`: one indicator by two keys over 48 ends of months of a generated province."""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import click
import polars as pl

from tdcs.cli import setup

BOUND_MS: Final = 200
MONTHS, GROUPS, PROGRAMMES, SOURCES = 48, 4_554, 8, 3
PAIRS: Final = (
    ("office", "programme"),
    ("commune", "programme"),
    ("commune", "source"),
    ("union", "local"),
    ("mass", "programme"),
    ("group", "programme"),
    ("group", "source"),
)
CODES: Final = (
    "outstanding",
    "growth_ytd",
    "local_share_growth",
    "bad_debt_rate",
    "interest_collection_rate",
    "disbursed_year",
    "borrowers",
)


@click.command("indicators")
@click.option("--json", "as_json", is_flag=True)
@click.option("--rounds", default=3, show_default=True)
def indicators(as_json: bool, rounds: int) -> None:
    """4,554 groups × 8 programmes × 3 sources, a loan each, over the 2025 change of units; needs the units (tdcs migrate)."""
    setup.django()
    with tempfile.TemporaryDirectory(prefix="tdcs-bench-") as folder:
        start = time.perf_counter()
        book = make(Path(folder))
        made = time.perf_counter() - start
        found = _times(book, rounds)
    if as_json:
        told = {"made_s": round(made, 1), "bound_ms": BOUND_MS, "times": found}
        click.echo(json.dumps(told, indent=1))
        return
    click.echo(f"{MONTHS} ends of months made in {made:.1f} s; bound {BOUND_MS} ms")
    for row in found:
        mark = "" if row["p50_ms"] <= BOUND_MS else f"  > {BOUND_MS}"
        click.echo(
            f"{' × '.join(row['by']):22} {row['code']:26} first {row['first_ms']:8.1f}  then {row['p50_ms']:8.1f} ms{mark}"
        )


def _times(book: Any, rounds: int) -> list[dict[str, Any]]:
    from tdcs.indicators.queries.query_spec import query_spec
    from tdcs.indicators.queries.units import Units
    from tdcs.indicators.queries.values import evaluated

    points = book.days()
    found = []
    for by in PAIRS:
        for code in CODES:
            times = []
            for _ in range(rounds + 1):
                start = time.perf_counter()
                evaluated(book, query_spec([code], by, {}), points, None, Units())
                times.append(1000 * (time.perf_counter() - start))
            median = statistics.median(times[1:])
            found.append(
                {"by": by, "code": code, "first_ms": round(times[0], 1), "p50_ms": round(median, 1)}
            )
            click.echo(f"{by} {code} {median:.0f} ms", err=True)
    return found


def make(folder: Path) -> Any:
    """A store of 48 ends of months; the units are the real ones of the day."""
    from tdcs.closing.store import Store, summed
    from tdcs.core.columns import day_number

    store, rows = Store(folder), _loans()
    for day in _ends():
        month = day_number(day.replace(day=1))
        placed = rows.join(_places(day), on="group", how="left")
        grown = 1 + (day.year - 2022) * 12 + day.month
        rise = pl.col("group") % 7 * 100_000 * grown
        placed = placed.with_columns(
            lent=pl.col("principal") + rise, lent_0=pl.col("principal") + rise - 100_000
        ).sort("office", "loan")
        with store.writing(day, "", "", "bench") as out:
            offices = placed["office"].unique().sort().to_list()
            out.add("rows-000.parquet", placed, offices=offices)
            sums = summed(placed, month)
            out.add("sums-000.parquet", sums)
    return store


def _ends() -> list[date]:
    days, day = [], date(2022, 12, 1)
    for _ in range(MONTHS):
        day = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
        days.append(day - timedelta(days=1))
    return days


def _loans() -> pl.DataFrame:
    """A row for each group, programme and source; two loans of a group in five belong to one household."""
    from tdcs.closing.rules.rows import ROW

    number = pl.int_range(pl.len())
    cell = pl.DataFrame({"group": range(1, GROUPS + 1)}).join(
        pl.DataFrame({"_p": range(PROGRAMMES)}), how="cross"
    )
    cell = cell.join(pl.DataFrame({"source": range(1, SOURCES + 1)}), how="cross")
    given: dict[str, pl.Expr] = {
        "loan": number + 1,
        "household": pl.col("group") * 100 + (number % 24) % 20,
        "programme": pl.format("CT{}", pl.col("_p")),
        "local": pl.col("source") > 1,
        "plain": pl.lit(True),
        "by_instalment": pl.lit(False),
        "principal": 20_000_000 + number % 97 * 1_000_000,
        "paid": number % 13 * 500_000,
        "overdue": pl.when(number % 800 == 0).then(1_000_000).otherwise(0),
        "accrued_0": 100_000 + number % 11,
        "accrued": 220_000 + number % 11,
        "collected": 100_000 + number % 11 - pl.when(number % 90 == 0).then(5_000).otherwise(0),
    }
    there = {"group", "source", "mass", "office", "commune", "lent", "lent_0"}
    nothing = {
        name: pl.lit(0, dtype=pl.Int64) for name in ROW if name not in given and name not in there
    }
    return cell.with_columns(**given).with_columns(**nothing).drop("_p")


def _places(day: date) -> pl.DataFrame:
    """group, office, commune, mass: the same groups in the units of a day."""
    from tdcs.organisations.models import Area, Organisation, living_on

    communes = Area.objects.filter(living_on(day), level="commune").order_by("code")
    offices = Organisation.objects.filter(living_on(day), kind="transaction_office")
    mass = Organisation.objects.filter(
        living_on(day), kind="mass_organisation", level="commune"
    ).order_by("code")
    numbers = [list(rows.values_list("pk", flat=True)) for rows in (offices, communes, mass)]
    rows = [
        (group, *(held[group * len(held) // (GROUPS + 1)] for held in numbers))
        for group in range(1, GROUPS + 1)
    ]
    return pl.DataFrame(rows, schema=["group", "office", "commune", "mass"], orient="row")
