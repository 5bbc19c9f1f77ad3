"""`tdcs bench close`: a day of a large book, from yesterday's Parquet to today's, and what it is measured against."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import click

from tdcs.core.frames import Frame

DAY: Final = date(2026, 5, 25)
# Requirements of the close's issue, for 10,000,000 loans and 500,000 events on 2 cores.
BOUND_S, BOUND_GB = 10.0, 4.0
_SAMPLE: Final = 2_000
# Polars' allocator keeps pages for the next pack instead of giving them back and faulting them in again: a fifth of the time.
ALLOCATOR: Final = {"_RJEM_MALLOC_CONF": "dirty_decay_ms:-1,muzzy_decay_ms:-1"}


@click.command("close")
@click.option("--loans", default=1_000_000, show_default=True)
@click.option("--events", default=None, type=int, help="A twentieth of the loans unless given.")
@click.option("--rounds", default=3, show_default=True)
@click.option(
    "--rows/--no-rows",
    "one_by_one",
    default=True,
    help="Beside it, one loan at a time through the ORM.",
)
@click.option("--json", "as_json", is_flag=True)
def close(loans: int, events: int | None, rounds: int, one_by_one: bool, as_json: bool) -> None:
    """The close of a day by packs, its parts, its memory; a plain scan of the same files; the usual way beside it."""
    from tdcs.cli.bench import machine

    home = Path(tempfile.mkdtemp(prefix="tdcs-bench-", dir=_home()))
    try:
        found: dict[str, Any] = {"machine": machine(), "load": round(os.getloadavg()[0], 1)}
        _child("prepare", home, loans, events or loans // 20)
        # The close in a process of its own: its peak of memory is its own.
        found |= json.loads(_child("run", home, rounds))
        if one_by_one:
            found |= json.loads(_child("rows", home, _SAMPLE))
            found["ratio_usual_to_ours"] = round(
                found["usual_us_a_loan"] / (1e6 * found["close_s"] / found["loans"])
            )
    finally:
        shutil.rmtree(home)
    click.echo(json.dumps(found, indent=1) if as_json else _table(found))


def _home() -> Path:
    from tdcs.cli import setup

    setup.django()
    from django.conf import settings

    home = Path(settings.HOME)
    home.mkdir(parents=True, exist_ok=True)
    return home


def _child(verb: str, *given: Any) -> str:
    argv = [sys.executable, "-m", "tdcs.cli.bench_close", verb, *map(str, given)]
    env = os.environ | ALLOCATOR
    return subprocess.run(argv, check=True, stdout=subprocess.PIPE, text=True, env=env).stdout


def prepare(home: Path, loans: int, events: int) -> None:
    """Yesterday's snapshot and the day's events as files."""
    import polars as pl

    from tdcs.cli.bench_book import Invented
    from tdcs.closing.store import Lineage, Store
    from tdcs.core.columns import day_number

    book = Invented(loans, events, day_number(DAY))
    parts: dict[str, list[pl.DataFrame]] = {
        n: [] for n in ("events", "opened", "contracts", "past")
    }

    def rows() -> Iterator[tuple[int, pl.DataFrame]]:
        for pack in book:
            parts["events"].append(pack.today.events.to_native())
            parts["opened"].append(pack.today.opened.to_native())
            asked = pack.today.events.filter(pack.turned()).select("loan").unique()
            parts["contracts"].append(pack.contracts.join(asked, on="loan", how="semi").to_native())
            parts["past"].append(pack.histories.join(asked, on="loan", how="semi").to_native())
            for part in pack.rows.partition_by("office", maintain_order=True):
                yield int(part["office"][0]), part

    Store(home / "store").write(
        DAY - timedelta(days=1),
        rows(),
        month_start=DAY.replace(day=1),
        lineage=Lineage(previous="", law_hash="bench", book="bench"),
    )
    for name, frames in parts.items():
        pl.concat(frames).write_parquet(home / f"{name}.parquet", compression="lz4")


def run(home: Path, rounds: int) -> dict[str, Any]:
    """The close, several times; the fastest counts, all are told."""
    import narwhals as nw
    import polars as pl

    from tdcs.closing.packs import DayToClose, Spent, close_packs
    from tdcs.closing.rules.rows import PLACE
    from tdcs.closing.rules.step import Closed, Today
    from tdcs.closing.store import Store
    from tdcs.core.columns import day_number

    def frame(name: str) -> Frame:
        return nw.from_native(pl.read_parquet(home / f"{name}.parquet"), eager_only=True)

    def read_loans(asked: Frame) -> tuple[Frame, Frame]:
        contracts, past = frame("contracts"), frame("past")
        return contracts.join(asked, on="loan", how="semi"), past.join(asked, on="loan", how="semi")

    folded: list[int] = []

    def accept(closed: Closed) -> None:
        if closed.unknown or closed.lost or len(closed.refused):
            raise SystemExit(f"the invented book is wrong: {closed.refused.rows()[:3]}")
        folded.append(len(closed.rows))

    eve, times = DAY - timedelta(days=1), []
    for _ in range(rounds):
        # What a process knows is proved anew each time: a new store.
        store, spent, began, cpu = (
            Store(home / "store"),
            Spent(),
            time.perf_counter(),
            time.process_time(),
        )
        events, opened = frame("events"), frame("opened")
        today = Today(
            day_number(DAY), day_number(DAY.replace(day=1)), events, opened, opened.select("loan", *PLACE).head(0)
        )  # fmt: skip
        made = close_packs(
            store, DayToClose(DAY, eve, today, "bench"), read_loans, accept=accept, spent=spent
        )
        times.append((time.perf_counter() - began, time.process_time() - cpu, spent.seconds))
    best, cpu, parts = min(times, key=lambda t: t[0])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    folder = store.folder(DAY)
    floor = min(_scan(folder) for _ in range(2))
    sums_rows = pl.scan_parquet(folder / "sums-*.parquet").select(pl.len()).collect().item()
    return {
        "loans": made.rows,
        "events": len(events),
        "new_loans": len(opened),
        "folded_anew": folded[-1],
        "offices": sum(map(len, made.offices.values())),
        "sums_rows": sums_rows,
        "close_s": round(best, 2),
        "bound_s": BOUND_S,
        "all_s": [round(t[0], 2) for t in times],
        "cpu_s": round(cpu, 2),
        "worker_s": {name: round(s, 2) for name, s in parts.items()},
        "peak_GB": round(peak, 2),
        "bound_GB": BOUND_GB,
        "files_MB": round(sum(f.stat().st_size for f in folder.iterdir()) / 1e6),
        "scan_s": round(floor, 2),
        "ratio_to_scan": round(best / floor, 1),
    }


def _scan(folder: Path) -> float:
    """Seconds of a plain scan: the sum of every number of every row, nothing else."""
    import polars as pl

    began = time.perf_counter()
    numbers = pl.selectors.numeric() | pl.selectors.boolean()
    pl.scan_parquet(folder / "rows-*.parquet").select(numbers.sum()).collect(engine="streaming")
    return time.perf_counter() - began


def _table(found: dict[str, Any]) -> str:
    return "\n".join(f"{name:20} {value}" for name, value in found.items())


def main(verb: str, *given: str) -> None:
    """The parts, each in a process of its own."""
    if verb == "prepare":
        prepare(Path(given[0]), int(given[1]), int(given[2]))
    elif verb == "run":
        click.echo(json.dumps(run(Path(given[0]), int(given[1]))))
    else:
        from tdcs.cli import bench_rows

        click.echo(json.dumps(bench_rows.measure(Path(given[0]), int(given[1]), DAY)))


if __name__ == "__main__":
    main(*sys.argv[1:])
