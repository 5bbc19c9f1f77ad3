"""`tdcs plan …`: read a plan's document, import it, follow successions, send reminders."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from tdcs.core import clock
from tdcs.core.errors import Refusal


def refusing(command: Callable[..., Any]) -> Callable[..., Any]:
    """A refusal is one clear line and a non-zero exit; with --json it is JSON."""

    @wraps(command)
    def answered(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except Refusal as refusal:
            if kwargs.get("as_json"):
                click.echo(json.dumps({"error": refusal.as_json()}, ensure_ascii=False))
            click.echo(f"{refusal.sentence('vi')} {refusal.next_step('vi')}".strip(), err=True)
            click.echo(refusal.sentence("en"), err=True)
            sys.exit(1)

    return answered


@click.group("plan")
def plan() -> None:
    """Read, import and follow the plan."""


@plan.command("parse")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="The whole reading as JSON.")
@click.option("--ocr", is_flag=True, help="Recognise a scan with Tesseract, where it is installed.")
@refusing
def parse(file: Path, as_json: bool, ocr: bool) -> None:
    """What a document says: number, day, issuer, tasks, units, times, figures. Needs no database."""
    from tdcs.plans.reading import read_plan

    if ocr:
        from tdcs.documents.reading.guarded import recognised_guarded

        reading = read_plan(file, recognised_guarded)
    else:
        reading = read_plan(file)
    if as_json:
        import msgspec

        written = msgspec.json.encode(reading.as_json())
        click.echo(msgspec.json.format(written, indent=1).decode())
        return
    click.echo(f"{reading.number} · {reading.issued_on} · {reading.issuer}\n{reading.title}\n")
    for task in reading.tasks:
        units = ", ".join(u.words for u in (*task.lead, *task.perform))
        click.echo(
            f"{task.path:10} {task.text.splitlines()[0][:70]}\n{'':10} {units[:100]} · {task.timing.text}"
        )
    for duty in reading.duties:
        click.echo(f"{duty.path:10} [{duty.kind}] {duty.text[:70]}")
    for words in reading.warnings:
        click.echo(f"! {words}", err=True)


@plan.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True)
@refusing
def import_file(file: Path, as_json: bool) -> None:
    """Keep a document as a draft for review."""
    from tdcs.cli import setup

    setup.run()
    from tdcs.plans.services.importing import import_document

    version = import_document(
        content=file.read_bytes(), filename=file.name, by=None, on=clock.today()
    )
    shown = {"version": version.pk, "tasks": version.tasks.count()}
    click.echo(json.dumps(shown) if as_json else f"{version}: {shown['tasks']} nhiệm vụ")


@plan.command("learn")
@click.option("--issuer", default="", help="Code of one issuer, such as ubnd@p75.")
def learn(issuer: str) -> None:
    """What people corrected in readings: unit names, deadlines, column headings and label words, as YAML."""
    from tdcs.cli import setup

    setup.django()
    import yaml

    from tdcs.plans.queries.lessons import corrections

    rows = list(corrections(issuer))
    click.echo(yaml.safe_dump(rows, allow_unicode=True, sort_keys=False).rstrip())


@plan.command("follow")
@refusing
def follow() -> None:
    """Move what ceased units still owe to their successors (run daily)."""
    from tdcs.plans.services.deriving import follow_successions

    today = clock.today()
    moved = sum(follow_successions(plan=one, on=today, by=None) for one in _running_plans())
    click.echo(f"{moved} moved")


@plan.command("remind")
@refusing
def remind() -> None:
    """Send today's reminders (run daily); a second run sends nothing."""
    from tdcs.plans.services.reminders import remind_due

    today = clock.today()
    for one in _running_plans():
        told = remind_due(plan=one, by=None, on=today)
        click.echo(
            f"{one.number}: {len(told.units)} units told, {len(told.nobody)} without anybody to tell"
        )


def _running_plans() -> Any:
    """Every plan in force or with an open year."""
    from tdcs.cli import setup

    setup.django()
    from tdcs.plans.queries.in_force import plans_offered

    found = plans_offered(clock.today())
    if not found:
        raise click.ClickException("chưa có kế hoạch nào được công bố / no plan is published")
    return found
