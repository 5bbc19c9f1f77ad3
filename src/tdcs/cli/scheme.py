"""`tdcs scheme`: schemes as documents: list them, found one from a scenario, compose a version, what changed since the last."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tdcs.cli import setup
from tdcs.cli.forecast_options import Percent
from tdcs.cli.law import read_day
from tdcs.cli.plan import refusing

if TYPE_CHECKING:
    from tdcs.scheme.models import Scheme


@click.group("scheme")
def scheme() -> None:
    """Schemes for policy credit as documents whose figures are the system's own."""


@scheme.command("list")
@click.option("--json", "as_json", is_flag=True)
@refusing
def list_(as_json: bool) -> None:
    """Every scheme with its newest version."""
    setup.django()
    from tdcs.scheme.queries.schemes import schemes

    rows: list[dict[str, Any]] = []
    for one in schemes():
        last = next(iter(one.versions.all()), None)
        rows.append(
            {
                "scheme": one.pk,
                "name": one.name,
                "years": [one.first_year, one.last_year],
                "scenario": one.scenario,
                "version": last.sequence if last else None,
                "state": last.state if last else None,
                "figures_on": last.figures_on if last else None,
            }
        )
    if as_json:
        _dump(rows)
        return
    for row in rows:
        state = f"bản {row['version']} {row['state']}" if row["version"] else "chưa có bản"
        click.echo(
            f"{row['scheme']:4}  {row['years'][0]}–{row['years'][1]}  {state:16}  {row['name']}"
        )


@scheme.command("build")
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--scheme", "key", type=int, help="A scheme that is there; a new version of it.")
@click.option("--name", default="", help="Else a new scheme of this name.")
@click.option("--scenario", default="plan", show_default=True, help="Its code, or number.")
@click.option("--first", type=int, help="First year; that of the day when not given.")
@click.option("--last", type=int, help="Last year; the fifth when not given.")
@click.option(
    "--communes", type=Percent(), help="Communes' share of added local money, in percent."
)
@click.option("--on", "on_text", default="", help="Day; today when not given.")
@click.option("--json", "as_json", is_flag=True)
@refusing
def build(target: Path, key: int | None, on_text: str, as_json: bool, **chosen: Any) -> None:
    """Compose a version and write it to TARGET (.docx or .pdf)."""
    on = read_day(on_text)
    if target.suffix not in (".docx", ".pdf"):
        raise click.UsageError(f"{target}: tệp .docx hoặc .pdf / a .docx or .pdf file")
    setup.django()
    from tdcs.documents.official import to_docx, to_pdf
    from tdcs.scheme.composing.document import document
    from tdcs.scheme.services import compose

    made = compose(scheme=_scheme(key, chosen, on), by=None, on=on)
    render = to_docx if target.suffix == ".docx" else to_pdf
    target.write_bytes(render(document(made)))
    told = {
        "scheme": made.scheme_id,
        "version": made.sequence,
        "figures_on": made.figures_on,
        "digest": made.digest,
        "file": str(target),
    }
    if as_json:
        _dump(told)
    else:
        click.echo(
            f"Đề án {made.scheme_id}, bản số {made.sequence}, số liệu ngày {made.figures_on:%d/%m/%Y}: {target}"
        )


@scheme.command("figures")
@click.argument("key", type=int, metavar="SCHEME")
@click.option("--on", "on_text", default="", help="Day; today when not given.")
@refusing
def figures(key: int, on_text: str) -> None:
    """Every figure of a scheme as JSON, as it stands on a day: money in dong, shares in parts per million."""
    on = read_day(on_text)
    setup.django()
    from tdcs.scheme.queries.figures import take_figures, wanted_of

    _dump(take_figures(wanted_of(_scheme(key, {}, on)), on))


@scheme.command("changes")
@click.argument("key", type=int, metavar="SCHEME")
@click.option("--on", "on_text", default="", help="Day; today when not given.")
@click.option("--json", "as_json", is_flag=True)
@refusing
def changed(key: int, on_text: str, as_json: bool) -> None:
    """Which figures are others than in the scheme's newest version."""
    on = read_day(on_text)
    setup.django()
    from tdcs.scheme.queries.figures import take_figures, wanted_of
    from tdcs.scheme.queries.schemes import latest
    from tdcs.scheme.rules.changes import changes

    one = _scheme(key, {}, on)
    last = latest(one)
    if last is None:
        raise click.UsageError(f"Đề án {key} chưa có bản nào / scheme {key} has no version yet")
    found = changes(last.content["figures"], take_figures(wanted_of(one), on))
    if as_json:
        _dump(
            [
                {"path": c.path, "words": c.words, "unit": c.unit, "old": c.old, "new": c.new}
                for c in found
            ]
        )
        return
    for row in found:
        click.echo(
            f"{row.words:60} {row.old if row.old is not None else '–'} → {row.new if row.new is not None else '–'}"
        )


def _scheme(key: int | None, chosen: dict[str, Any], on: date) -> Scheme:
    """The scheme that is named, or a new one."""
    from tdcs.scheme.queries.schemes import offered_plans, schemes, usual_bases
    from tdcs.scheme.services import SchemeDraft, found_scheme

    if key is not None:
        found = schemes().filter(pk=key).first()
        if found is None:
            raise click.UsageError(f"Không có đề án {key} / there is no scheme {key}")
        return found
    plans = offered_plans(on)
    if not plans:
        raise click.UsageError("Chưa có kế hoạch nào trong thực hiện / no plan is in force")
    first = chosen["first"] or on.year
    draft = SchemeDraft(
        name=chosen["name"],
        first_year=first,
        last_year=chosen["last"] or first + 4,
        plan=plans[0],
        scenario=chosen["scenario"],
        bases=usual_bases(),
        commune_share=chosen["communes"],
    )
    return found_scheme(draft=draft, by=None, on=on)


def _dump(content: Any) -> None:
    click.echo(json.dumps(content, ensure_ascii=False, default=date.isoformat, indent=1))
