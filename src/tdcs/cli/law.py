"""`tdcs law …`: a programme's parameters on a day with their sources; what is unverified or wrong. Needs no database,
but for what takes a decree up (decrees.py)."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import date
from typing import Any

import click

from tdcs.cli import decrees, law_coverage
from tdcs.cli.errors import NotADay
from tdcs.cli.plan import refusing
from tdcs.core import clock


@click.group("law")
def law() -> None:
    """The law as dated data: list, show, check; apply what changes running loans."""


law.add_command(decrees.apply)
law.add_command(decrees.decrees)
law.add_command(law_coverage.coverage)


@law.command("list")
@click.option("--on", "on_text", default="", help="Day; today when not given.")
@click.option("--json", "as_json", is_flag=True)
@refusing
def list_programmes(on_text: str, as_json: bool) -> None:
    """Every programme, with its rate on a day; those that do not lend on that day say so."""
    from tdcs.programmes.rules.showing import summary

    rows = summary(read_day(on_text))
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        rate = _percent(row["rate_ppm"]) if row["in_force"] else "không cho vay"
        click.echo(f"{row['programme']:10} {rate:>14}  {row['name']}")


@law.command("show")
@click.argument("code")
@click.option("--on", "on_text", default="", help="Day; today when not given.")
@click.option("--group", "target_group", default="", help="Target group, such as special.")
@click.option("--province", default="", help="Folder of law/provinces, such as ha-noi.")
@click.option("--tier", type=click.Choice(["central", "local"]), default="central")
@click.option("--json", "as_json", is_flag=True)
@refusing
def show(
    code: str, on_text: str, target_group: str, province: str, tier: str, as_json: bool
) -> None:
    """A programme's parameters on a day, each with its certainty and its source.

    With --tier local: what the province sets for money of its own budget is laid over the central figures.
    """
    from tdcs.core import law
    from tdcs.programmes.rules.showing import shown

    chosen = province or (law.province() if tier == "local" else "")
    told = shown(code.upper(), read_day(on_text), target_group, province=chosen, tier=tier)
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    click.echo(f"{told['programme']} · {told['name']} · ngày {told['on']}")
    spacing = told["instalment_months"]
    click.echo(f"  Kỳ trả gốc: {f'{spacing} tháng' if spacing else 'theo thời hạn vay'}")
    missed = told["overdue_regime"] == "instalment"
    click.echo(f"  Quá hạn: {'từng kỳ không trả đúng hạn' if missed else 'sau hạn trả cuối cùng'}")
    for key, name in told["target_groups"].items():
        click.echo(f"  Nhóm {key}: {name}")
    for figure in (*told["figures"], *told["shared"]):
        whom = f" ({figure['target_group']})" if figure["target_group"] else ""
        span = f"từ {figure['from']}" + (f" đến trước {figure['to']}" if figure["to"] else "")
        title = figure["document_title"] if figure["document_number"] else ""
        basis = ", ".join(filter(None, (figure["basis"], title)))
        click.echo(
            f"  {figure['label']}{whom}: {figure['words']} ({span})  ← {basis} [{figure['certainty_words']}: {figure['source']}]"
        )


@law.command("check")
@click.option("--json", "as_json", is_flag=True)
def check(as_json: bool) -> None:
    """What is unverified, without basis, dangling, uncited, overlapping or missing in time; exits 1 on errors."""
    from tdcs.programmes.rules import lawbook

    book = lawbook.read_book()
    found, held = lawbook.findings(book), lawbook.shares(book)
    errors = [one for one in found if one.error]
    if as_json:
        rows = [
            {"kind": one.kind, "where": one.where, "words": one.words, "error": one.error}
            for one in found
        ]
        click.echo(
            json.dumps(
                {
                    "errors": len(errors),
                    "shares": held,
                    "not_encoded": book["not_encoded"],
                    "findings": rows,
                },
                ensure_ascii=False,
            )
        )
    else:
        for one in found:
            click.echo(f"{'✗' if one.error else '·'} {one.kind:12} {one.where}: {one.words}")
        for name, reason in book["not_encoded"].items():
            click.echo(f"· not_encoded  {name}: {reason}")
        _print_shares(held)
        click.echo(f"{len(errors)} lỗi")
    if errors:
        sys.exit(1)


def _print_shares(held: Mapping[str, int]) -> None:
    """How many values stand under each word of certainty, and their share."""
    from tdcs.programmes.rules.showing import CERTAINTY_WORDS

    total = sum(held.values())
    for word, count in held.items():
        click.echo(f"  {CERTAINTY_WORDS[word]}: {count} ({count * 100 // max(total, 1)}%)")


def read_day(text: str) -> date:
    """A day as typed. Raises NotADay."""
    if not text:
        return clock.today()
    try:
        if "/" in text:
            day, month, year = text.split("/")
            return date(int(year), int(month), int(day))
        return date.fromisoformat(text)
    except ValueError:
        raise NotADay(given=text) from None


def _percent(ppm: Any) -> str:
    from tdcs.programmes.rules.showing import percent

    return percent(int(ppm))
