"""`tdcs policy`: a draft of the law tried on the book of the last closed day, beside the law in force."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tdcs.cli import setup
from tdcs.cli.law import read_day
from tdcs.cli.plan import refusing

if TYPE_CHECKING:
    from tdcs.policy_lab.queries.comparing import Tried
    from tdcs.policy_lab.rules.summing import SumLine


@click.group("policy")
def policy() -> None:
    """A draft of the law tried on the book."""


@policy.command("compare")
@click.argument("overlay", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--on", "on_text", default="", help="The last closed day up to a day; today when not given."
)
@click.option(
    "--by",
    type=click.Choice(["programme", "commune", "status"]),
    default="programme",
    show_default=True,
)
@click.option("--json", "as_json", is_flag=True)
@refusing
def compare(overlay: Path, on_text: str, by: str, as_json: bool) -> None:
    """What OVERLAY, a small YAML file, would change: who gains, who loses. Nothing is written; money is dong."""
    from tdcs.policy_lab.errors import OverlayTooLarge
    from tdcs.policy_lab.rules.reading import MOST_BYTES, read

    if (size := overlay.stat().st_size) > MOST_BYTES:
        raise OverlayTooLarge(size=size, most=MOST_BYTES)
    draft = read(overlay.read_bytes())
    on = read_day(on_text)
    setup.django()
    from tdcs.policy_lab.queries.comparing import try_overlay

    found = try_overlay(draft, on)
    if as_json:
        click.echo(json.dumps(_as_json(found, by), ensure_ascii=False, indent=1))
        return
    _print(found, by)


def _as_json(found: Tried, by: str) -> dict[str, Any]:
    from tdcs.policy_lab.queries.comparisons import changed_values, names_of
    from tdcs.policy_lab.rules.summing import lines, total

    cells = found.compared.cells
    names = names_of(cells, by, found.day)
    return {
        "name": found.overlay.name,
        "basis": found.overlay.basis,
        "day": found.day.isoformat(),
        "at": found.at.isoformat(),
        "changes": [asdict(one) for one in changed_values(found)],
        "gaining_households": found.compared.gaining_households,
        "losing_households": found.compared.losing_households,
        "total": dict(total(cells, {}).of),
        "by": by,
        "lines": [
            {by: line.key, "name": names.get(line.key, line.key), **line.of}
            for line in lines(cells, by, {})
        ],
    }


def _print(found: Tried, by: str) -> None:
    from tdcs.policy_lab.queries.comparisons import changed_values, names_of
    from tdcs.policy_lab.rules.summing import lines, total

    cells = found.compared.cells
    click.echo(
        f"{found.overlay.name}: số liệu ngày {found.day:%d/%m/%Y}, luật ngày {found.at:%d/%m/%Y}"
    )
    for one in changed_values(found):
        click.echo(f"  {one.group}, {one.label}: {one.before} → {one.after} từ {one.starts_on}")
    gain, loss = found.compared.gaining_households, found.compared.losing_households
    click.echo(f"  {gain:,} hộ trả lãi ít hơn, {loss:,} hộ trả nhiều hơn")
    head = (
        "dư nợ",
        "lãi một năm",
        "quá hạn",
        "lãi hợp đồng mới",
        "mức được vay",
        "ngân sách bù",
        "hộ đủ đk",
    )
    click.echo(f"{'':28}" + "".join(f"{words:>20}" for words in head))
    names = names_of(cells, by, found.day)
    for line in lines(cells, by, {}):
        if line.moved:
            click.echo(_line(names.get(line.key, line.key), line))
    click.echo(_line("Cộng", total(cells, {})))


def _line(name: str, line: SumLine) -> str:
    figures = (
        line.of["outstanding"], line.interest, line.overdue, line.new_interest, line.bounds,
        line.of["cost"], line.doors,
    )  # fmt: skip
    return f"{name[:28]:28}" + "".join(f"{value:>20,}" for value in figures)
