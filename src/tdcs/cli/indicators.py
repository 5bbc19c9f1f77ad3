"""`tdcs indicators`: values of indicators by keys, with numerator and denominator."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from tdcs.cli import setup
from tdcs.cli.law import read_day
from tdcs.cli.plan import refusing

if TYPE_CHECKING:
    import polars as pl


@click.command("indicators")
@click.option("--on", "on_text", default="", help="Day; today when not given.")
@click.option("--by", default="", help="Keys, with commas: office,commune,programme,source,…")
@click.option("--codes", default="", help="Indicators, with commas; all that the keys divide.")
@click.option("--against", "against_text", default="", help="Another day to compare with.")
@click.option(
    "--units",
    type=click.Choice(["then", "today"]),
    default="then",
    show_default=True,
    help="Units of that day, or of today.",
)
@click.option("--json", "as_json", is_flag=True)
@refusing
def indicators(
    on_text: str, by: str, codes: str, against_text: str, units: Any, as_json: bool
) -> None:
    """Indicators on the last closed day up to a day. Shares are parts per million, money is dong."""
    on = read_day(on_text)
    against = read_day(against_text) if against_text else None
    setup.django()
    from tdcs.indicators import queries

    keys = _words(by)
    found = queries.values(
        on=on, by=keys, codes=_words(codes) or None, against=against, units=units
    )
    rows = list(_rows(found, list(dict.fromkeys(keys)), on))
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, default=date.isoformat, indent=1))
        return
    for row in rows:
        click.echo(_line(row, keys))


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _rows(found: pl.DataFrame, keys: list[str], on: date) -> Any:
    """Rows with the names of their keys' values and the unit of the figure."""
    from tdcs.indicators import queries

    names = {key: queries.names(key, found[key].unique().to_list(), on) for key in keys}
    known = queries.catalogue()
    for row in found.iter_rows(named=True):
        named = {f"{key}_name": names[key].get(row[key], "") for key in keys}
        yield {
            **{key: row[key] for key in keys},
            **named,
            "code": row["code"],
            "numerator": row["numerator"],
            "denominator": row["denominator"],
            "value": row["value"],
            "unit": known[row["code"]].unit,
            "before": row.get("before"),
            "change": row.get("change"),
        }


def _line(row: dict[str, Any], keys: list[str]) -> str:
    """One line of the table: names, code, value with its unit, parts, change."""
    places = "  ".join(f"{row[f'{key}_name']:24}" for key in keys)
    value = _figure(row["value"], row["unit"])
    parts = (
        "" if row["denominator"] is None else f"  = {row['numerator']:,} ÷ {row['denominator']:,}"
    )
    change = "" if row["change"] is None else f"  ({_figure(row['change'], row['unit'], '+')})"
    return f"{places}{'  ' if keys else ''}{row['code']:26} {value:>24}{change}{parts}"


def _figure(value: int | None, unit: str, sign: str = "") -> str:
    if value is None:
        return "–"
    if unit == "ppm":
        whole, rest = divmod(abs(value), 10_000)
        mark = "-" if value < 0 else sign
        return f"{mark}{whole}.{rest:04}%"
    return f"{value:{sign},}{' đ' if unit == 'dong' else ''}"
