"""`tdcs bench sheets`: a standard sheet of a province's loans as a workbook, beside pandas with openpyxl on a part of it."""

from __future__ import annotations

import io
import json
import resource
import time
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    import polars as pl

# What is asked: seconds of a sheet of 260,000 loans and 20 columns.
MAKE_S: Final = 30.0
_PROVINCE, _COLUMNS, _PART = 260_000, 20, 10_000


@click.command("sheets")
@click.option("--loans", default=_PROVINCE, show_default=True)
@click.option("--part", default=_PART, show_default=True, help="Rows that pandas writes; 0: none.")
@click.option("--json", "as_json", is_flag=True)
def sheets_bench(loans: int, part: int, as_json: bool) -> None:
    """The statement by contract of the demonstration's book, repeated to so many loans: joined, laid out, written."""
    rows, spec = _loans(loans)
    from tdcs.documents.workbook import Around, Tab, workbook
    from tdcs.sheets.rules.laying import laid

    begun, spent = time.perf_counter(), time.process_time()
    frame = laid(rows, spec)
    laid_s = time.perf_counter() - begun
    around = Around("Sao kê", "Chi nhánh", "Số liệu", "TDCS", datetime(2026, 11, 23, tzinfo=UTC))
    content = workbook(around, [Tab(spec.title, spec.columns, frame)])
    found: dict[str, Any] = {
        "loans": len(frame),
        "columns": len(spec.columns),
        "laid_s": round(laid_s, 2),
        "wall_s": round(time.perf_counter() - begun, 2),
        "cpu_s": round(time.process_time() - spent, 2),
        "mib": round(len(content) / 2**20, 1),
        "memory_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "asked_s": MAKE_S,
    }
    if part:
        found |= _with_pandas(frame, part, found["cpu_s"])
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
    else:
        for name, value in found.items():
            click.echo(f"  {name:20} {value}")


def _loans(loans: int) -> tuple[pl.DataFrame, Any]:
    """(rows of the source, the tab): the demonstration's loans repeated, each copy with contracts of its own."""
    import polars as pl

    from tdcs.cli import demo

    demo.prepare(date.fromisoformat(demo.DEMO_DAY))
    from tdcs.sheets.queries.book import Book
    from tdcs.sheets.queries.requesting import Words, asked_of, sheet_of

    sheet = sheet_of("khe-uoc")
    begun = time.perf_counter()
    one = Book(asked_of(sheet, Words(), None)).loans
    click.echo(f"  {'read_s':20} {time.perf_counter() - begun:.2f} ({len(one)} loans)", err=True)
    copies = [
        one.with_columns(contract=pl.lit(f"{1000 + n}") + pl.col("contract").str.slice(4))
        for n in range(-(-loans // len(one)))
    ]
    return pl.concat(copies).head(loans), sheet.tabs[0]


def _with_pandas(frame: pl.DataFrame, part: int, ours: float) -> dict[str, Any]:
    """Seconds of pandas with openpyxl on the first rows, and how many times as long it takes for as many."""
    import pandas

    rows = frame.head(part)
    given = pandas.DataFrame(rows.to_dict(as_series=False))
    begun = time.process_time()
    given.to_excel(io.BytesIO(), engine="openpyxl", index=False)
    spent = time.process_time() - begun
    return {
        "pandas_rows": len(rows),
        "pandas_cpu_s": round(spent, 2),
        "ratio": round(spent / len(rows) * len(frame) / ours, 1),
    }
