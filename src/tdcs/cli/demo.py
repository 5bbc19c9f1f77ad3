"""`tdcs demo`: the demonstration province, then the site."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import click
import yaml

_DATA: Final = Path(__file__).parents[1] / "demo/data/demo.yaml"
# Set while the province was named by the command.
_NAMED: Final[set[str]] = set()
DEMO_DAY = "2026-11-23"
# All communes, offices and organisations; about 137 groups and 7,000 households.
DEMO_SCALE = 0.03


@contextmanager
def _step(words: str) -> Iterator[None]:
    start = time.perf_counter()
    click.echo(f"  {words} …", err=True, nl=False)
    yield
    click.echo(f" {time.perf_counter() - start:.1f} s", err=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Options:
    """The options of the command."""

    day: datetime
    seed: int
    scale: float
    fresh: bool
    build_only: bool
    host: str
    port: int
    plan_file: Path | None
    province: str


@click.group("demo", invoke_without_command=True)
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), default=DEMO_DAY, show_default=True)
@click.option("--seed", default=232, show_default=True, help="Same seed, same province.")
@click.option(
    "--scale",
    type=click.FloatRange(0, 1),
    default=DEMO_SCALE,
    show_default=True,
    help="Share of the province's borrowers: 1 is all 213,140, 0 none.",
)
@click.option("--fresh", is_flag=True, help="Build anew even when the data is there.")
@click.option("--build-only", is_flag=True, help="Build and stop, without serving.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--plan", "plan_file", type=click.Path(exists=True, path_type=Path), default=None)
@click.option("--province", default="", help="Another province, with or without accents.")
@click.pass_context
def demo(ctx: click.Context, /, **chosen: Any) -> None:
    """Build a believable province on real units, then serve it with one-click accounts."""
    if ctx.invoked_subcommand:
        return
    options = Options(**chosen)
    day = options.day.date()
    slug = stand_in_a_province(options.province, day)
    prepare(day)
    from tdcs.demo import build

    if options.fresh or not build.is_built(on=day, seed=options.seed, scale=options.scale):
        build.build(
            on=day,
            seed=options.seed,
            scale=options.scale,
            plan_file=options.plan_file or (None if options.province else reference()),
            step=steps(),
            province_slug=slug,
        )
        with _step("chỉ tiêu / indicators"):
            _prepare_indicators()
    if options.build_only:
        return
    from tdcs.cli import serve

    port = serve.free_port(options.host, options.port)
    click.echo(f"\nTDCS – {day:%d/%m/%Y} – http://{options.host}:{port}/", err=True)
    click.echo("Tài khoản trình diễn: chọn trên trang đăng nhập. Dừng bằng Ctrl+C.\n", err=True)
    # A fresh process: workers forked from one that has used Polars would wait for its threads for ever.
    command = [
        sys.executable,
        "-m",
        "tdcs.cli.main",
        "serve",
        "--host",
        options.host,
        "--port",
        str(port),
    ]
    os.execv(command[0], command)


@demo.command("extracts")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--months", type=click.IntRange(1, 60), default=1, show_default=True)
@click.option("--seed", default=31, show_default=True, help="Same seed, same traps.")
@click.option("--clean", is_flag=True, help="Without the traps of real exports.")
@click.option("--every-kind", is_flag=True, help="The other lists and forms beside report 31.")
def extracts(folder: Path, months: int, seed: int, clean: bool, every_kind: bool) -> None:
    """Write the built demonstration into FOLDER as the bank's core would export it: report 31 of each office and month."""
    prepare(date.fromisoformat(DEMO_DAY))
    from tdcs.demo.extracts.province import Wanted, write

    wanted = Wanted(months=months, seed=seed, clean=clean, every=every_kind)
    count = sum(1 for _ in write(folder, wanted))
    click.echo(f"{count} tệp / files: {folder}")


def _prepare_indicators() -> None:
    """What the first screen reads: the last day and the ends of the months before it."""
    from tdcs.closing.queries import store
    from tdcs.indicators.services import prepare_days

    book = store()
    prepare_days(days=sorted({*book.month_ends()[-13:], *book.days()[-1:]}))


def prepare(day: date) -> None:
    """Stand on the demo's day, in demo mode, with the schema in place."""
    if not _NAMED:
        stand_in_a_province()
    os.environ["TDCS_DEMO"] = "1"
    os.environ["TDCS_TODAY"] = day.isoformat()
    from tdcs.cli import setup

    setup.django()
    with _step("cơ sở dữ liệu / database"):
        setup.migrate_schema()


def stand_in_a_province(words: str = "", day: date | None = None) -> str:
    """The demonstration's province, unless another is named: what is invented is made like it; returns its short name.

    A province without files of its own is written into the home when it is built, and stands from then on.
    """
    from tdcs.core import clock, law
    from tdcs.organisations import packaged

    if words:
        slug = packaged.find(words, day or clock.today()).slug
        os.environ.pop(law.PROVINCE_VARIABLE, None)
        _NAMED.add(slug)
        if law.path(f"provinces/{slug}/province.yaml").is_file():
            os.environ[law.PROVINCE_VARIABLE] = slug
        return slug
    data = yaml.safe_load(_DATA.read_text(encoding="utf-8"))
    os.environ.setdefault(law.PROVINCE_VARIABLE, data["province"])
    return law.province()


def steps() -> Callable[[str], AbstractContextManager[None]]:
    """Says each step of a build and how long it took."""
    return _step


def reference() -> Path | None:
    """The plan's real document, where a developer or CI has it beside the checkout."""
    beside = Path.cwd().parent / "shared" / "plans" / "ke-hoach-232-kh-ubnd-2023.txt"
    return beside if beside.exists() else None
