"""`tdcs law apply` and `tdcs law decrees`: decrees that change running loans, and how the book takes one up."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

import click

from tdcs.cli import setup
from tdcs.cli.errors import NobodyNamed
from tdcs.cli.plan import refusing
from tdcs.core import clock

if TYPE_CHECKING:
    from tdcs.access.models import User
    from tdcs.closing.queries.decrees import Effects
    from tdcs.programmes.models import DecreeApplication

# So many communes are printed; --json prints all.
_SHOWN = 20


@click.command("decrees")
@click.option("--json", "as_json", is_flag=True)
@refusing
def decrees(as_json: bool) -> None:
    """Every text that changes running loans: its first day, and how it stands in this book."""
    setup.django()
    from tdcs.closing.queries.decree_book import decrees_of_the_book

    rows = decrees_of_the_book()
    if as_json:
        click.echo(json.dumps([row.as_json() for row in rows], ensure_ascii=False, indent=1))
        return
    for row in rows:
        since = f" ngày {row.taken_up_on:%d/%m/%Y}" if row.taken_up_on else ""
        click.echo(f"{row.document:20} từ {row.first:%d/%m/%Y}  {row.words}{since}  {row.title}")


@click.command("apply")
@click.argument("document")
@click.option("--ask", "verb", flag_value="ask", help="Ask that the book take it up.")
@click.option("--confirm", "verb", flag_value="confirm", help="Confirm what somebody else asked.")
@click.option("--refuse", "verb", flag_value="refuse", help="Refuse what somebody else asked.")
@click.option(
    "--resume", "verb", flag_value="resume", help="Finish what was confirmed and cut short."
)
@click.option("--as", "username", default="", help="The user name of whoever does it.")
@click.option("--words", default="", help="A remark of whoever decides.")
@click.option("--json", "as_json", is_flag=True)
@refusing
def apply(document: str, verb: str | None, username: str, words: str, as_json: bool) -> None:
    """Take a decree up: shows what it does; --ask and --confirm, by two persons, make it so."""
    setup.django()
    from tdcs.closing.queries.decrees import foresee
    from tdcs.closing.services.decrees import ask_decree

    on = clock.today()
    if verb is None:
        row = _application(document)
        if row is not None and row.state in (row.State.CONFIRMED, row.State.DONE):
            _print_result(row, as_json)
            return
        effects = foresee(document, on)
        _print_json(effects.as_json()) if as_json else _print_effects(effects, row)
    elif verb == "ask":
        made = ask_decree(document=document, by=_person(username), on=on, key=_key())
        _print_json(made.effects) if as_json else click.echo(
            f"{document}: đã đề nghị; người khác xác nhận bằng tdcs law apply {document} --confirm --as TÀI-KHOẢN"
        )
    else:
        _decided(document, verb, username, words, as_json)


def _decided(document: str, verb: str, username: str, words: str, as_json: bool) -> None:
    from tdcs.closing.errors_decrees import DecreeNotAsked
    from tdcs.closing.services.decrees import carry_out, decide_decree

    on, row = clock.today(), _application(document)
    by = _person(username) if verb != "resume" or username else None
    if verb != "resume":
        if row is None:
            raise DecreeNotAsked(document=document)
        assert by is not None, "a decision has its person"
        confirm = verb == "confirm"
        decide_decree(application=row, confirm=confirm, by=by, on=on, key=_key(), words=words)
        if not confirm:
            click.echo(f"{document}: không xác nhận")
            return
    answer = carry_out(document=document, by=by, on=on, step=_progress)
    if answer.again:
        click.echo("Đã áp dụng từ trước; không thay đổi gì.", err=True)
    done = _application(document)
    assert done is not None, "carried out"
    _print_result(done, as_json)


def _application(document: str) -> DecreeApplication | None:
    from tdcs.programmes.models import DecreeApplication

    rows = DecreeApplication.objects.filter(document=document)
    return rows.exclude(state=DecreeApplication.State.REFUSED).first()


def _person(username: str) -> User:
    from tdcs.access.models import User

    found: User | None = User.objects.filter(username=username, is_active=True).first()
    if found is None:
        raise NobodyNamed(given=username)
    return found


def _key() -> str:
    return f"cli:{uuid.uuid4()}"


def _progress(words: str) -> None:
    click.echo(words, err=True)


def _print_json(rows: Any) -> None:
    click.echo(json.dumps(rows, ensure_ascii=False, indent=1))


def _print_effects(found: Effects, row: DecreeApplication | None) -> None:
    state = " · đang chờ xác nhận" if row is not None else ""
    click.echo(
        f"{found.document} · có hiệu lực với khoản vay đang chạy từ {found.first:%d/%m/%Y}{state}"
    )
    click.echo(
        f"  {found.loans} khoản vay, dư nợ {found.outstanding} đồng ngày {found.on:%d/%m/%Y}"
    )
    click.echo(f"  lãi 30 ngày trên dư nợ ấy: {found.before} → {found.after} đồng")
    for code, loans, outstanding, before, after in found.programmes:
        click.echo(f"    {code:10} {loans} khoản, dư nợ {outstanding}: lãi {before} → {after}")
    from tdcs.households.queries.scope import area_names

    names = area_names({row[0] for row in found.communes}, found.on)
    for area, loans, outstanding, before, after in found.communes[:_SHOWN]:
        name = names.get(area, f"xã {area}")
        click.echo(f"    {name}: {loans} khoản, dư nợ {outstanding}: lãi {before} → {after}")
    if len(found.communes) > _SHOWN:
        click.echo(f"    … và {len(found.communes) - _SHOWN} xã nữa (--json)")
    if found.closed_first and found.closed_last:
        click.echo(
            f"  khóa lại {found.closed_days} ngày đã khóa, từ {found.closed_first:%d/%m/%Y}"
            f" đến {found.closed_last:%d/%m/%Y}"
        )
    click.echo(
        f"  lãi đã thu vượt số sẽ phải thu: {found.excess} đồng của {found.excess_loans} khoản vay"
    )


def _print_result(row: DecreeApplication, as_json: bool) -> None:
    result = row.result
    if as_json:
        _print_json({"document": row.document, "state": row.state, "result": result})
        return
    since = f" từ {row.taken_up_on:%d/%m/%Y}" if row.taken_up_on else ""
    click.echo(f"{row.document}: {row.get_state_display()}{since}")
    if row.state == row.State.DONE:
        click.echo(
            f"  {result.get('loans', 0)} khoản vay; lãi thu thừa {result.get('credit', 0)} đồng"
            f" của {result.get('credits', 0)} khoản; khóa lại {len(result.get('days', []))} ngày"
        )
        for day, (before, after) in result.get("interest", {}).items():
            click.echo(f"    {day}: lãi phát sinh {before} → {after}")
        for words in result.get("notes", []):
            click.echo(f"  {words}")
    else:
        click.echo(f"  chưa xong; làm tiếp bằng tdcs law apply {row.document} --resume")
