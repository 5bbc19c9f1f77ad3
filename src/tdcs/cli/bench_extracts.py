"""`tdcs bench extracts` and `tdcs bench audit`: reading a file of report 31 in full width, and the audit by law of a province."""

from __future__ import annotations

import io
import itertools
import json
import resource
import time
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    import polars as pl

    from tdcs.imports.models import ExtractImport

# What is asked: seconds of the province's files on two processors, of recognising one, of the audit.
READ_S, RECOGNISE_S, AUDIT_S = 90.0, 0.3, 5.0
_PROVINCE: Final = 300_000
_FILES: Final = 22
_EACH: Final = 200


@click.command("extracts")
@click.option("--rows", default=_PROVINCE // _FILES, show_default=True, help="Rows of the file.")
@click.option("--pandas", "beside", is_flag=True, help="Read it with pandas and openpyxl too.")
@click.option(
    "--every-office", is_flag=True, help="A file of so many rows for each office, imported whole."
)
@click.option("--json", "as_json", is_flag=True)
def extracts(rows: int, beside: bool, every_office: bool, as_json: bool) -> None:
    """One file of report 31 in full width, recognised and read as an import does; or the province's, by the clock."""
    frame, day = _repeated(rows)
    if every_office:
        _show(_of_every_office(frame.head(rows), day), as_json)
        return
    from tdcs.demo.extracts.writing import PLAIN, write_sheet
    from tdcs.imports.reading.opening import recognise
    from tdcs.imports.reading.workbook import ReadingRequest, read_guarded
    from tdcs.imports.rules.layouts import layout_of

    frame = frame.head(rows)
    content = write_sheet(layout_of("report_31"), frame, day, PLAIN)
    begun = time.process_time()
    recognise(content)
    found: dict[str, Any] = {"rows": rows, "mib": round(len(content) / 2**20, 1)}
    found["recognise_cpu_s"] = round(time.process_time() - begun, 3)
    found["recognise_asked_s"] = RECOGNISE_S
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    read_guarded(content, ReadingRequest("x.xlsx"))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    found["read_wall_s"] = round(time.perf_counter() - begun, 1)
    found["read_cpu_s"] = round(spent, 2)
    found["memory_mib"] = after.ru_maxrss // 1024
    found["province_cpu_s"] = round(spent * _PROVINCE / rows, 1)
    found["province_s_on_two"] = round(spent * _PROVINCE / rows / 2, 1)
    found |= _stored(content)
    whole = sum(found[name] for name in ("receive_cpu_s", "keep_cpu_s", "commit_cpu_s")) + spent
    found["whole_province_cpu_s"] = round(whole * _PROVINCE / rows, 1)
    if beside:
        found["pandas_cpu_s"] = _pandas(content)
        found["ratio"] = round(found["pandas_cpu_s"] / spent, 1)
    _show(found, as_json)


def _of_every_office(frame: pl.DataFrame, day: date) -> dict[str, Any]:
    """The files of all offices, received, read and committed by the clock; all of it is taken back."""
    import polars as pl
    from django.db import transaction

    from tdcs.demo.extracts.figures import month_of
    from tdcs.demo.extracts.report_31 import report_31
    from tdcs.demo.extracts.writing import PLAIN, write_sheet
    from tdcs.imports import services
    from tdcs.imports.rules.layouts import layout_of

    codes = report_31(month_of(day))["office"].drop_nulls().unique().sort()
    files = []
    for number, code in enumerate(codes):
        contract = pl.lit(f"{number:02}") + pl.col("contract").str.slice(2)
        rows = frame.with_columns(office=pl.lit(code), contract=contract)
        files.append((f"{code}.xlsx", write_sheet(layout_of("report_31"), rows, day, PLAIN)))
    on, key = date.fromisoformat("2026-11-23"), f"bench-{time.time_ns()}"
    with transaction.atomic():
        times = [time.perf_counter()]
        made = services.receive(files=files, by=None, on=on, key=key)
        times.append(time.perf_counter())
        services.read(imported=made, by=None, on=on)
        times.append(time.perf_counter())
        taken = services.commit(imported=made, by=None, on=on, leave_out=True, key=f"{key}-c")
        times.append(time.perf_counter())
        kept = _kept(made)
        transaction.set_rollback(True)
    _forget(kept)
    received, read, committed = (b - a for a, b in itertools.pairwise(times))
    own, children = (
        resource.getrusage(who).ru_maxrss // 1024
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return {
        "files": len(files),
        "rows": len(frame) * len(files),
        "taken": taken["taken"],
        "mib": sum(len(content) for _, content in files) // 2**20,
        "received_s": round(received, 1),
        "read_s": round(read, 1),
        "committed_s": round(committed, 1),
        "wall_s": round(times[-1] - times[0], 1),
        "asked_s": READ_S,
        # Two readers at a time beside the process that keeps what they found.
        "memory_mib": own + 2 * children,
    }


def _kept(made: ExtractImport) -> list[tuple[str, str]]:
    """(digest, ending) of what an import keeps."""
    from tdcs.imports import store
    from tdcs.imports.models import Extract

    kept = [(one.sha256, one.ending) for one in made.files.all()]
    kept += [(one.rows_digest, store.ROWS) for one in Extract.objects.filter(file__imported=made)]
    return kept + [(one.faults_digest, store.ROWS) for one in made.files.all() if one.faults_digest]


def _forget(kept: list[tuple[str, str]]) -> None:
    from tdcs.imports import store

    for digest, ending in kept:
        store.path(digest, ending).unlink(missing_ok=True)


def _stored(content: bytes) -> dict[str, float]:
    """Processor seconds of receiving, keeping what was read, and committing one file; all of it is taken back."""
    from django.db import transaction

    from tdcs.imports import services

    on = date.fromisoformat("2026-11-23")
    found = {}
    with transaction.atomic():
        begun = time.process_time()
        files = [("004606_bench_31-10-2026.xlsx", content)]
        made = services.receive(files=files, by=None, on=on, key=f"bench-{time.time_ns()}")
        found["receive_cpu_s"] = round(time.process_time() - begun, 3)
        begun = time.process_time()
        # The reader is a process of its own, measured above: what is left is keeping its answer.
        services.read(imported=made, by=None, on=on)
        found["keep_cpu_s"] = round(time.process_time() - begun, 3)
        begun = time.process_time()
        taken = services.commit(imported=made, by=None, on=on, leave_out=True, key=f"bench-{time.time_ns()}")  # fmt: skip
        found["commit_cpu_s"] = round(time.process_time() - begun, 3)
        found["committed"] = taken["taken"]
        kept = _kept(made)
        transaction.set_rollback(True)
    _forget(kept)
    return found


def _pandas(content: bytes) -> float:
    import pandas

    begun = time.process_time()
    pandas.read_excel(io.BytesIO(content), engine="openpyxl", header=4, dtype=object)
    return round(time.process_time() - begun, 1)


@click.command("audit")
@click.option("--loans", default=_PROVINCE, show_default=True)
@click.option("--each", default=_EACH, show_default=True, help="Errors planted of each kind.")
@click.option("--seed", default=31, show_default=True)
@click.option("--json", "as_json", is_flag=True)
def audit_bench(loans: int, each: int, seed: int, as_json: bool) -> None:
    """The audit by law on a province's extract with planted errors: what is found, missed, and wrongly called wrong."""
    frame, day = _repeated(loans)
    # Longer by a copy: every loan is in both months.
    before, _ = _repeated(loans * 5 // 4, back=1)
    from tdcs.demo.extracts.planting import plant
    from tdcs.imports.rules.auditing import audit
    from tdcs.imports.rules.unjudged import unjudged

    planted = plant(frame, day, seed, each)
    begun, cpu = time.perf_counter(), time.process_time()
    rows = audit(planted.frame, day, before)
    seconds, spent = time.perf_counter() - begun, time.process_time() - cpu
    untold = unjudged(planted.frame, day)
    pairs = set(rows.select("contract", "check").rows())
    kinds = {check for _, check in planted.errors}
    _show(
        {
            "loans": len(frame),
            "planted": len(planted.errors),
            "kinds": len(kinds),
            "found": len(planted.errors & pairs),
            "missed": len(planted.errors - pairs),
            "false": len(pairs - planted.errors),
            "loans_not_judged": untold["contract"].n_unique(),
            "wall_s": round(seconds, 2),
            "cpu_s": round(spent, 2),
            "asked_s": AUDIT_S,
        },
        as_json,
    )


def _repeated(rows: int, back: int = 0) -> tuple[pl.DataFrame, date]:
    """(report 31 of the demonstration's last month, or one before, repeated to so many loans, its day)."""
    import polars as pl

    from tdcs.cli import demo

    demo.prepare(date.fromisoformat(demo.DEMO_DAY))
    from tdcs.closing.queries import store
    from tdcs.demo.extracts.figures import month_of
    from tdcs.demo.extracts.report_31 import report_31

    day = store().month_ends()[-1 - back]
    one = report_31(month_of(day)).filter(pl.col("contract").is_not_null())
    one = one.unique("contract", keep="first", maintain_order=True)
    # A copy's contracts differ in their first digits, the same in each month.
    copies = [
        one.with_columns(
            office=pl.lit("004606"),
            contract=pl.lit(f"{1000 + n}") + pl.col("contract").str.slice(4),
        )
        for n in range(-(-rows // len(one)))
    ]
    return pl.concat(copies), day


def _show(found: dict[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
    else:
        for name, value in found.items():
            click.echo(f"  {name:20} {value}")
