"""`tdcs province …`: the provinces of the country, and setting one up in this installation."""

from __future__ import annotations

import json
import time
from collections import Counter
from dataclasses import asdict
from pathlib import Path

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
    from tdcs.access.services import seat_founders

    seat_founders(on=today)
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


@province.command("template")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@refusing
def template(file: Path) -> None:
    """Write the workbook of transaction offices and points, with those that are known, to be filled in."""
    setup.run()
    from tdcs.web import office_workbook

    file.write_bytes(office_workbook.template(clock.today()))
    click.echo(str(file))


@province.command("offices")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--check", is_flag=True, help="Say what would change and save nothing.")
@click.option("--json", "as_json", is_flag=True)
@refusing
def offices(file: Path, check: bool, as_json: bool) -> None:
    """Read transaction offices and points from a workbook: every fault at once, or everything saved by its day."""
    setup.run()
    from tdcs.organisations.errors import WorkbookFaults
    from tdcs.organisations.services.offices import plan_offices, save_offices
    from tdcs.web import office_workbook

    book, today = office_workbook.read(file.read_bytes()), clock.today()
    try:
        found = (
            plan_offices(book=book, on=today)
            if check
            else save_offices(book=book, by=None, on=today)
        )
    except WorkbookFaults as faults:
        for one in () if as_json else faults.faults:
            click.echo(f"{one.where()}: {one.sentence()}\n  {one.where('en')}: {one.en}", err=True)
        raise
    states = {
        name: Counter(row.effect for row in rows)
        for name, rows in (("offices", found.offices), ("points", found.points))
    }
    if as_json:
        told = {**states, "released": len(found.released), "replaced": len(found.replaced)}
        click.echo(json.dumps(told | {"saved": not check}, ensure_ascii=False, indent=1))
        return
    for words, name in (("phòng giao dịch", "offices"), ("điểm giao dịch", "points")):
        of = states[name]
        click.echo(f"{words}: {of['new']} mới, {of['changed']} sửa, {of['as_it_is']} giữ nguyên")
    if found.replaced:
        click.echo(f"{len(found.replaced)} phòng giả định được thay")
    if found.released:
        click.echo(f"{len(found.released)} xã do chi nhánh phục vụ")
    if check:
        click.echo("chưa lưu gì (--check)")
