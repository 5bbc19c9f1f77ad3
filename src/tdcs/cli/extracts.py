"""`tdcs import`: extracts of the bank's core, recognised, read, shown and taken."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import click

from tdcs.cli import setup
from tdcs.cli.law import read_day
from tdcs.cli.plan import refusing

if TYPE_CHECKING:
    from tdcs.imports.models import ExtractImport


@click.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--commit", is_flag=True, help="Take what was read; without it nothing counts yet.")
@click.option("--leave-out", is_flag=True, help="Take the rest where some files cannot be taken.")
@click.option(
    "--monitor",
    is_flag=True,
    help="Follow the offices by their extracts: loans and events are made.",
)
@click.option("--on", "on_text", default="", help="Day; today when not given.")
@click.option("--json", "as_json", is_flag=True)
@refusing
def import_(
    paths: tuple[Path, ...],
    commit: bool,
    leave_out: bool,
    monitor: bool,
    on_text: str,
    as_json: bool,
) -> None:
    """Import extracts: files, folders or zips at PATHS. Offices that are monitored already stay so."""
    on = read_day(on_text)
    setup.django()
    from tdcs.imports import services

    made = services.receive(files=list(_given(paths)), by=None, on=on, key=f"cli-{uuid4()}")
    services.read(imported=made, by=None, on=on, progress=_progress)
    taken: dict[str, int] = {}
    if commit:
        taken = services.commit(
            imported=made,
            leave_out=leave_out,
            monitor=monitor,
            by=None,
            on=on,
            key=f"cli-{uuid4()}",
        )
    summary = _summary(made, taken)
    if as_json:
        click.echo(json.dumps(summary, ensure_ascii=False, default=str))
    else:
        _print(summary)


def _given(paths: tuple[Path, ...]) -> Iterator[tuple[str, bytes]]:
    """Every file of the paths, in their folders whatever its kind: what is no extract is named as such."""
    from tdcs.imports.reading.opening import MAX_BYTES

    for path in paths:
        inside = (
            sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path]
        )
        for one in inside:
            with one.open("rb") as stream:
                # One byte more than is taken shows that a file is too large.
                yield one.name, stream.read(MAX_BYTES + 1)


def _progress(percent: int, words: str) -> None:
    print(f"  {percent:3} %  {words}", file=sys.stderr)


def _summary(made: ExtractImport, taken: dict[str, int]) -> dict[str, Any]:
    from tdcs.imports.models import Unexplained
    from tdcs.imports.queries.imports import changes_of, missing_offices, notes_of, sums_of

    changes = changes_of(made)
    return {
        "import": made.pk,
        "files": [
            {
                "name": file.name,
                "kind": file.kind,
                "state": file.state,
                "day": file.day,
                "wrong_rows": file.fault_rows,
                "why": file.refusal.get("vi", ""),
                "notes": notes_of(file, "vi"),
            }
            for file in made.files.order_by("name")
        ],
        "sums": sums_of(changes),
        "missing": [
            {"day": day, "offices": names} for day, names in missing_offices(None, changes)
        ],
        "unexplained": Unexplained.objects.filter(extract__file__imported=made).count(),
        "committed": taken,
    }


def _print(summary: dict[str, Any]) -> None:
    for file in summary["files"]:
        day = f"{file['day']:%d/%m/%Y}" if file["day"] else "–"
        click.echo(
            f"{file['state']:9} {file['kind']:10} {day:10} {file['wrong_rows']:5}  {file['name']}  {file['why']}"
        )
        for words, name, count, warns in file["notes"]:
            sign = "!" if warns else "·"
            click.echo(f"    {sign} {words}{f' ({name})' if name else ''}: {count}")
    for one in summary["missing"]:
        names = ", ".join(one["offices"])
        click.echo(
            f"Báo cáo 31 ngày {one['day']:%d/%m/%Y} còn thiếu {len(one['offices'])} đơn vị: {names}."
        )
    sums = summary["sums"]
    click.echo(
        f"Lượt nhập {summary['import']}: {sums.get('loans', 0)} khoản vay, dư nợ {sums.get('balance', 0)} đồng"
    )
    if summary["committed"]:
        done = summary["committed"]
        click.echo(f"Đã ghi nhận {done['taken']} sao kê, thay {done['replaced']}.")
        if done.get("booked"):
            click.echo(
                f"Đã ghi sổ theo dõi {done['booked']} sao kê; {summary['unexplained']} điểm chưa giải thích được."
            )
    else:
        click.echo("Chưa ghi nhận (thêm --commit).")
