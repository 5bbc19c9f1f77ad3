"""`tdcs forecast`: what the book becomes year by year, what must be lent, and the method tried on the past."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from tdcs.cli import setup
from tdcs.cli.forecast_options import ON, Percent, assumptions
from tdcs.cli.forecast_paths import bands, tornado
from tdcs.cli.law import read_day
from tdcs.cli.plan import refusing
from tdcs.documents import numbers

if TYPE_CHECKING:
    from tdcs.forecasting.queries.backtest import Tried
    from tdcs.forecasting.rules.scenario import Year

_TIERS = {"central": "trung ương", "local": "địa phương"}


@click.group("forecast", invoke_without_command=True)
@ON
@assumptions
@click.option(
    "--backtest",
    "tried",
    is_flag=True,
    help="The method tried on the past instead.",
)
@click.option("--markdown", is_flag=True, help="The tries as tables of a document (million dong).")
@click.option("--json", "as_json", is_flag=True)
@click.pass_context
@refusing
def forecast(
    ctx: click.Context, on_text: str, tried: bool, markdown: bool, as_json: bool, **assumed: Any
) -> None:
    """Run-off of the loans' own schedules, lending, and what the budgets must add. Money is dong, shares parts per million."""
    if ctx.invoked_subcommand:
        return
    on = read_day(on_text)
    setup.django()
    from tdcs.forecasting.queries.opening import base_of, opening
    from tdcs.forecasting.rules.assumptions import Assumptions
    from tdcs.forecasting.rules.scenario import project

    base = base_of(on)
    if tried:
        if markdown:
            _tables_of_tries(base)
        else:
            _tell_tries(base, as_json)
        return
    given = Assumptions(**assumed)
    found = project(opening(base, given), given)
    if as_json:
        years = [
            {**asdict(row), "added": row.added, "by_communes": row.by_communes}
            for row in found.years
        ]
        _dump({"base": base, "assumed": asdict(given), "years": years})
        return
    click.echo(f"Từ số liệu ngày {base:%d/%m/%Y}")
    for row in found.years:
        click.echo(_line(row))


@forecast.command("allot")
@ON
@click.option("--until", type=int, help="Through the end of a year.")
@click.option("--growth", type=Percent(), help="Growth of outstanding in a year.")
@click.option("--share", type=Percent(), help="Of the growth through each year, from the budgets.")
@click.option("--need-most", type=Percent(), help="A programme's growth in a commune at most.")
@click.option("--commune-least", type=Percent(), help="Of its even part, what a commune gets.")
@click.option("--times", type=Percent(), help="Of last year's, what a budget gives at most.")
@click.option(
    "--commune-share", type=Percent(), help="Of its outstanding, what a commune may give."
)
@click.option(
    "--central-most", type=Percent(), help="Of last year's, what the centre adds at most."
)
@click.option("--price", type=Percent(), help="What a dong costs its budget in a year.")
@click.option("--dearer", type=Percent(), help="What it costs more beyond last year's amount.")
@click.option("--json", "as_json", is_flag=True)
@refusing
def allot(on_text: str, as_json: bool, **assumed: Any) -> None:
    """Which allotments of the province's and the communes' budgets reach the targets at least cost, and what binds."""
    on = read_day(on_text)
    setup.django()
    from tdcs.forecasting.queries.allotments import allotments
    from tdcs.forecasting.queries.bindings import in_words
    from tdcs.forecasting.queries.opening import base_of
    from tdcs.forecasting.rules.allot import PROVINCE
    from tdcs.forecasting.rules.allot_assumptions import usual_search

    base = base_of(on)
    search = replace(usual_search(), **{k: v for k, v in assumed.items() if v is not None})
    found = allotments(base, search)
    names = {PROVINCE: "ngân sách tỉnh", **found.names}
    told = found.allotments
    words = in_words(told.binding, found.names)
    if as_json:
        given = [
            {
                "budget": names.get(key, str(key)),
                "given": dict(zip(found.task.years, row, strict=True)),
            }
            for key, row in told.given.items()
        ]
        content = {"base": base, "assumed": asdict(search), "given": given, "cost": told.cost}
        _dump({**content, "central": told.central, "binding": words})
        return
    click.echo(f"{'':32}" + "".join(f"{year:>20}" for year in found.task.years))
    rows = [("trung ương", told.central)]
    rows += [(names.get(key, str(key)), row) for key, row in told.given.items() if any(row)]
    for name, row in rows:
        click.echo(f"{name:32}" + "".join(f"{amount:>20,}" for amount in row))
    click.echo(f"chi phí của các ngân sách {told.cost:,}")
    for sentence in words:
        click.echo(sentence)


forecast.add_command(bands)
forecast.add_command(tornado)


def _tell_tries(base: date, as_json: bool) -> None:
    from tdcs.forecasting.queries.backtest import tries

    found = tries(base)
    if as_json:
        _dump(
            [
                {"base": one.base, "until": one.until, "rows": [_tried(row) for row in one.rows]}
                for one in found
            ]
        )
        return
    for one in found:
        click.echo(f"{one.base:%d/%m/%Y} → {one.until:%d/%m/%Y}")
        for row in one.rows:
            name = row.programme or "toàn tỉnh"
            errors = f"{numbers.ppm(row.error):>10} {numbers.ppm(row.error_alone):>10}"
            click.echo(f"  {name:12} {row.actual:>22,} {row.from_lending:>22,} {errors}")


def _tables_of_tries(base: date) -> None:
    from tdcs.forecasting.queries.backtest import tries

    for one in tries(base):
        click.echo(f"{one.base:%d/%m/%Y} → {one.until:%d/%m/%Y}\n")
        click.echo(
            "| programme | came | from what was lent | error | from the year before | error |"
        )
        click.echo("|---|---:|---:|---:|---:|---:|")
        for row in one.rows:
            cells = (
                row.programme or "Toàn tỉnh",
                numbers.whole(row.actual // 1_000_000),
                numbers.whole(row.from_lending // 1_000_000),
                numbers.ppm(row.error),
                numbers.whole(row.alone // 1_000_000),
                numbers.ppm(row.error_alone),
            )
            click.echo(f"| {' | '.join(cells)} |")
        click.echo()


def _tried(row: Tried) -> dict[str, Any]:
    return {**asdict(row), "error": row.error, "error_alone": row.error_alone}


def _line(row: Year) -> str:
    note = "  (không cho vay cũng vượt)" if row.beyond else ""
    return (
        f"{row.year} {_TIERS[row.tier]:11} đầu năm {row.opening:>20,}  cho vay {row.lent:>20,}"
        f"  thu nợ {row.repaid:>20,}  cuối năm {row.closing:>20,}  thêm {row.added:>18,}"
        f"  lãi {row.interest:>17,}  hoa hồng {row.commission:>15,}  phí {row.fee:>15,}{note}"
    )


def _dump(content: Any) -> None:
    click.echo(json.dumps(content, ensure_ascii=False, default=date.isoformat, indent=1))
