"""`tdcs province …`: the provinces of the country, and setting one up in this installation."""

from __future__ import annotations

import json
import time
from dataclasses import asdict

import click

from tdcs.cli import setup
from tdcs.cli.law import read_day
from tdcs.cli.plan import refusing
from tdcs.core import clock


@click.group("province")
def province() -> None:
    """The provinces of the country; set one up in this installation."""


@province.command("list")
@click.option("--on", "on_text", default="", help="Day; today when not given.")
@click.option("--json", "as_json", is_flag=True)
@refusing
def list_provinces(on_text: str, as_json: bool) -> None:
    """Every province of a day: its short name, its name, the provinces joined into it. Needs no database."""
    from tdcs.core import law
    from tdcs.organisations import packaged

    chosen = law.chosen_province()
    found = packaged.provinces(read_day(on_text))
    if as_json:
        rows = [asdict(one) | {"set_up": one.slug == chosen} for one in found]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for one in found:
        joined = " + ".join(one.predecessors) or (f"→ {one.merged_into}" if one.merged_into else "")
        mark = "*" if one.slug == chosen else " "
        click.echo(f"{mark} {one.slug:18} {one.full_name():28} {joined}".rstrip())


@province.command("new")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True)
@refusing
def new(name: str, as_json: bool) -> None:
    """Set a province up: its overlay in the installation's home, its areas and units in the database.

    NAME is with or without accents; a name of before 1/7/2025 is told what it is part of.
    """
    from tdcs.organisations import packaged

    today = clock.today()
    found = packaged.find(name, today)
    setup.migrate_schema()
    from tdcs.organisations.services.provinces import set_up_province

    start = time.perf_counter()
    made = set_up_province(slug=found.slug, by=None, on=today)
    setup.load_lending()
    if as_json:
        click.echo(json.dumps(asdict(made), ensure_ascii=False, indent=1))
        return
    click.echo(
        f"{made.name}: {made.areas} địa bàn ({made.communes} cấp xã hiện nay), "
        f"{made.organisations} đơn vị, {made.offices} phòng giao dịch"
    )
    if made.assumed_offices:
        click.echo(
            f"{made.assumed_offices} phòng giao dịch là giả định (mỗi huyện cũ một phòng): "
            "sửa theo danh sách của chi nhánh"
        )
    click.echo(f"{time.perf_counter() - start:.1f} s", err=True)
