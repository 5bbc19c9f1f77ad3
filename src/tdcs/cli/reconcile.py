"""`tdcs reconcile`: the reports of one office and day beside each other."""

from __future__ import annotations

import json

import click

from tdcs.cli import setup
from tdcs.cli.law import read_day
from tdcs.cli.plan import refusing


@click.command("reconcile")
@click.option("--office", default="", help="The core's code; every office when not given.")
@click.option("--day", "day_text", default="", help="Day of the figures; the last when not given.")
@click.option("--open", "unexplained", is_flag=True, help="Only what no rule explains.")
@click.option("--json", "as_json", is_flag=True)
@refusing
def reconcile(office: str, day_text: str, unexplained: bool, as_json: bool) -> None:
    """Reports of an office and day beside each other: by how much they differ, where, and what explains it."""
    setup.django()
    from tdcs.imports.queries.reconciling import differences_between, office_days, printed_totals

    found = [one for one in office_days(None) if office in ("", one[0])]
    day = read_day(day_text) if day_text else max((one[1] for one in found), default=None)
    for code, on, _count in found:
        if on != day:
            continue
        rows = differences_between(None, code, on)
        if unexplained:
            rows = rows.filter(rows["rule"] == "")
        for row in rows.iter_rows(named=True):
            told = {"office": code, "day": on.isoformat(), **row}
            click.echo(
                json.dumps(told, ensure_ascii=False)
                if as_json
                else f"{code} {row['kind']:16} {row['trusted_kind']:16} {row['grain']:9} {row['measure']:13} "
                f"{row['said']:>16} {row['trusted']:>16} {row['dong']:>14} {row['rule'] or '?':14} {row['key']}"
            )
        for total in printed_totals(None, code, on):
            click.echo(f"{code} {total.kind:16} dòng {total.row} {total.field}: {total.value}")
