"""`tdcs close`: the close of a day; `tdcs replay`: all events from nothing, compared with what the closes made."""

from __future__ import annotations

import dataclasses
import json
import sys
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from tdcs.cli import setup
from tdcs.cli.law import read_day
from tdcs.cli.plan import refusing

if TYPE_CHECKING:
    from tdcs.closing.services import Answer, Replayed

# So many moved figures are printed; --json prints all that the run keeps.
_SHOWN = 40


@click.command("close")
@click.option("--day", "day_text", required=True, help="The day to close.")
@click.option("--through", is_flag=True, help="Close the days missing before it, too.")
@click.option("--lock", is_flag=True, help="Lock the ledger through the day itself, not its eve.")
@click.option("--json", "as_json", is_flag=True)
@refusing
def close(day_text: str, through: bool, lock: bool, as_json: bool) -> None:
    """Close a day of the book: yesterday's snapshot and the day's events make the day's."""
    day = read_day(day_text)
    setup.django()
    from tdcs.closing import services
    from tdcs.closing.queries import store

    wanted = [*services.missing_days(store(), day), day] if through else [day]
    for one in wanted:
        answer = services.close_day(day=one, by=None, step=_progress, lock=lock)
        _print_json(answer) if as_json else _print(answer)


@click.command("replay")
@click.option("--to", "to_text", required=True, help="The last day.")
@click.option("--every", type=click.Choice(["month-end", "day"]), default="month-end")
@click.option("--mend", is_flag=True, help="Write anew the days that differ or are damaged.")
@click.option("--json", "as_json", is_flag=True)
@refusing
def replay(to_text: str, every: str, mend: bool, as_json: bool) -> None:
    """Fold all events from nothing and compare with the closed days, to the dong. Exits 1 when one differs."""
    to = read_day(to_text)
    setup.django()
    from tdcs.closing import services

    found = []
    for one in services.replay(to=to, every=every, step=_progress):
        found.append(one)
        if not as_json:
            _print_replayed(one)
    wrong = [one.day for one in found if one.loans or one.damaged]
    if mend and wrong:
        services.rebuild(days=services.kept_from(wrong[0]), by=None, step=_progress)
    if as_json:
        click.echo(json.dumps([_as_dict(one) for one in found], ensure_ascii=False))
    if wrong and not mend:
        sys.exit(1)


def _progress(words: str) -> None:
    click.echo(words, err=True)


def _as_dict(found: Any) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(json.dumps(dataclasses.asdict(found), default=_plain))
    return made


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _print_json(answer: Answer) -> None:
    click.echo(json.dumps(_as_dict(answer), ensure_ascii=False))


def _print(answer: Answer) -> None:
    totals = answer.totals
    again = ", đã khóa trước đó, số liệu y nguyên" if answer.again else ""
    click.echo(f"{answer.day:%d/%m/%Y}: {answer.rows} khoản vay, {answer.events} diễn biến{again}")
    click.echo(
        f"  dư nợ {totals['balance']}, quá hạn {totals['overdue']}, khoanh {totals['frozen']},"
        f" lãi chưa thu {totals['due']}, trong đó lãi tồn {totals['arrears']}"
    )
    taken = ", ".join(f"{name} {seconds:.2f}" for name, seconds in answer.seconds.items())
    click.echo(f"  {len(answer.entries)} bút toán; {taken} giây; mã băm {answer.digest[:16]}")
    if answer.late:
        shown = ", ".join(f"{day:%d/%m/%Y}" for day in answer.days)
        click.echo(f"  {answer.late} diễn biến ghi muộn; khóa lại: {shown}")
    for row in answer.moved[:_SHOWN]:
        day, office, commune, figure, before, after = row
        click.echo(f"    {day} đơn vị {office} xã {commune} {figure}: {before} → {after}")
    if len(answer.moved) > _SHOWN:
        click.echo(f"    … và {len(answer.moved) - _SHOWN} số liệu nữa (--json)")
    for words in answer.notes:
        click.echo(f"  {words}")


def _print_replayed(found: Replayed) -> None:
    if found.damaged:
        click.echo(f"BAD {found.day:%d/%m/%Y}: {found.damaged}")
        return
    if not found.loans:
        click.echo(f"ok  {found.day:%d/%m/%Y}: {found.rows} khoản vay khớp từng đồng")
        return
    click.echo(f"BAD {found.day:%d/%m/%Y}: {found.loans} khoản vay khác")
    for loan, column, kept, folded in found.named:
        click.echo(f"    khoản vay {loan} {column}: đã khóa {kept}, tính lại {folded}")
