"""`tdcs bench warning`: early warning on a province with planted cases, beside the plain rule "three months silent"."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import click
import polars as pl

from tdcs.cli.bench_warning_book import DAY, Planted, Truth

# Requirement: seconds for the warnings of the whole province.
BOUND_S: Final = 3.0
_HOUSEHOLDS: Final = ("silent", "savings_withdrawn")
_GROUPS: Final = ("interest_falling", "absent", "paying_for_many", "maturities")
# A fact of the calendar, which nothing like silence could foretell: it stays out of the whole.
_FACTS: Final = frozenset({"maturities"})


@click.command("warning")
@click.option("--loans", default=260_000, show_default=True)
@click.option("--seed", default=232, show_default=True)
@click.option("--rounds", default=3, show_default=True)
@click.option("--json", "as_json", is_flag=True)
def warning(loans: int, seed: int, rounds: int, as_json: bool) -> None:
    """Seconds, recall and precision by kind; planted cases of our own (docs/rules/early-warning.md says what that shows)."""
    with tempfile.TemporaryDirectory(prefix="tdcs-bench-") as folder:
        found = run(Path(folder), loans, seed, rounds)
    if as_json:
        click.echo(json.dumps(found, indent=1))
        return
    click.echo(
        f"{found['loans']} loans: read {found['read_s']:.2f} s, rules {found['rules_s']:.2f} s, "
        f"together {found['seconds']:.2f} s (bound {BOUND_S} s); {found['warnings']} warnings"
    )
    click.echo(f"{'':18} {'ours':>27}   {'3 months silent':>15}   {'ours at its recall':>18}")
    click.echo(f"{'kind':18} {'cases':>6}{'named':>7}{'recall':>7}{'prec.':>7}   "
               f"{'recall':>8}{'prec.':>7}   {'prec.':>18}")  # fmt: skip
    for row in found["kinds"]:
        cut = row["at_plain_recall"]
        click.echo(
            f"{row['kind']:18} {row['cases']:6}{row['named']:7}{row['recall']:7.2f}{row['precision']:7.2f}   "
            f"{row['plain_recall']:8.2f}{row['plain_precision']:7.2f}   {'not reached' if cut is None else f'{cut:.2f}':>18}"
        )


def run(folder: Path, loans: int, seed: int, rounds: int) -> dict[str, Any]:
    """Make the province, time the warnings, measure them."""
    from tdcs.problem_loans.reading import read_book
    from tdcs.problem_loans.rules.warning import warnings_of

    planted = Planted(loans, seed)
    store, days, savings = planted.write(folder)
    times = []
    for _ in range(max(1, rounds)):
        start = time.perf_counter()
        book = read_book(store, DAY, days, savings)
        read = time.perf_counter()
        warnings = warnings_of(book, DAY)
        times.append((time.perf_counter() - start, read - start))
    seconds, reading = min(times)
    return {
        "loans": loans,
        "seed": seed,
        "seconds": round(seconds, 3),
        "read_s": round(reading, 3),
        "rules_s": round(seconds - reading, 3),
        "bound_s": BOUND_S,
        "warnings": len(warnings),
        "kinds": compared(warnings, plain(book), planted.truth),
    }


def plain(book: Any) -> dict[str, list[Any]]:
    """What staff's rule names: loans that owe, are not frozen, are no student's and had no payment in three months; groups with
    three of them or more, and programmes in communes, the largest share first."""
    from tdcs.problem_loans.rules.households import with_silence

    rows = with_silence(book).filter(pl.col("programme") != "HSSV")
    quiet = rows.filter(pl.col("silent") >= 3).sort("silent", "loan", descending=[True, False])
    owing = rows.group_by("group").agg(all=pl.len())
    groups = quiet.group_by("group").agg(n=pl.len()).filter(pl.col("n") >= 3)
    groups = groups.join(owing, on="group").sort(pl.col("n") / pl.col("all"), descending=True)
    cells = rows.group_by("commune", "programme").agg(all=pl.len())
    there = quiet.group_by("commune", "programme").agg(n=pl.len()).filter(pl.col("n") >= 3)
    there = there.join(cells, on=["commune", "programme"])
    there = there.sort(pl.col("n") / pl.col("all"), descending=True)
    return {
        "household": quiet["household"].to_list(),
        "group": groups["group"].to_list(),
        "rolling": there.select("commune", "programme").rows(),
    }


def compared(
    warnings: pl.DataFrame, plain_lists: dict[str, list[Any]], truth: Truth
) -> list[dict[str, Any]]:
    """A row for each kind and one for the whole: ours, the plain rule's, ours where its recall ends."""
    rows, ours_all, plain_all, cases_all, true_all = [], [], [], set(), set()
    for kind in (*_HOUSEHOLDS, *_GROUPS, "rolling"):
        of = warnings.filter((pl.col("kind") == kind) & (pl.col("place") != "commune"))
        if kind == "rolling":
            ours: list[Any] = (
                warnings.filter(pl.col("kind") == kind).select("commune", "programme").rows()
            )
            listed, true = plain_lists["rolling"], truth.cases["rolling"]
        elif kind in _HOUSEHOLDS:
            ours, listed, true = (
                of["household"].to_list(),
                plain_lists["household"],
                truth.households,
            )
        else:
            ours, listed, true = of["group"].to_list(), plain_lists["group"], truth.groups
        cases = truth.cases[kind]
        rows.append(_row(kind, ours, listed, cases, true))
        if kind in _FACTS:
            continue
        place = "household" if kind in _HOUSEHOLDS else "group" if kind in _GROUPS else kind
        ours_all += [(place, one) for one in ours]
        plain_all += [(place, one) for one in listed]
        cases_all |= {(place, one) for one in cases}
        true_all |= {(place, one) for one in true}
    # Of several kinds no strength is greater than another's: the whole is compared as lists, and cut in their own order.
    return [*rows, _row("whole", _mixed(ours_all), _mixed(plain_all), cases_all, true_all)]


def _mixed(named: list[Any]) -> list[Any]:
    return list(dict.fromkeys(named))


def _row(
    kind: str, ours: Sequence[Any], listed: Sequence[Any], cases: set[Any], true: set[Any]
) -> dict[str, Any]:
    from tdcs.problem_loans.rules.comparing import at_recall, measured

    mine, plain_one = measured(ours, cases, true), measured(listed, cases, true)
    cut = at_recall(list(dict.fromkeys(ours)), cases, true, plain_one.found)
    return {
        "kind": kind,
        "cases": mine.cases,
        "named": mine.named,
        "recall": round(mine.recall, 4),
        "precision": round(mine.precision, 4),
        "plain_named": plain_one.named,
        "plain_recall": round(plain_one.recall, 4),
        "plain_precision": round(plain_one.precision, 4),
        "at_plain_recall": None if cut is None else round(cut.precision, 4),
    }
