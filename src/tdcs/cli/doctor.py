"""`tdcs doctor`: what keeps this installation from being served to others; `tdcs serve` refuses with the same reasons."""

from __future__ import annotations

import ipaddress
import os
import sys
from collections.abc import Mapping
from typing import Final

import click

from tdcs.cli import errors as why
from tdcs.core.errors import Refusal

LEAST_KEY: Final = 40
_FEWEST_SIGNS: Final = 10
_WEAK: Final = ("changeme", "change-me", "secret", "password", "insecure", "example", "matkhau")
_OWN_NAMES: Final = frozenset({"localhost", "127.0.0.1", "[::1]", "::1", "testserver", ""})


def problems(environ: Mapping[str, str], host: str = "127.0.0.1") -> list[Refusal]:
    """Every reason against serving on ``host`` with these settings, at once.

    On loopback, under this machine's own names and without HTTPS, the site is a developer's or a demonstration.
    """
    if not is_public(environ, host):
        return _of_anyone(environ)
    found: list[Refusal] = []
    if not environ.get("TDCS_SECRET_KEY"):
        found.append(why.KeyMissing(least=LEAST_KEY))
    found += _of_anyone(environ)
    if environ.get("TDCS_DEBUG") == "1":
        found.append(why.DebugOn())
    if environ.get("TDCS_DEMO") == "1":
        found.append(why.DemoOpen())
    if environ.get("TDCS_TODAY"):
        found.append(why.DayFixed(day=environ["TDCS_TODAY"]))
    if environ.get("TDCS_HTTPS") != "1":
        found.append(why.PlainHttp())
    return found


def is_public(environ: Mapping[str, str], host: str) -> bool:
    """Whether others than this machine reach the site: by its address, a proxy, or the names it answers to."""
    return (
        not _is_loopback(host)
        or environ.get("TDCS_HTTPS") == "1"
        or any(name not in _OWN_NAMES for name in _hosts(environ))
    )


def _of_anyone(environ: Mapping[str, str]) -> list[Refusal]:
    """What is wrong wherever the site is served."""
    found: list[Refusal] = []
    key = environ.get("TDCS_SECRET_KEY", "")
    if key and _is_weak(key):
        found.append(why.KeyWeak(least=LEAST_KEY))
    wild = [name for name in _hosts(environ) if name in ("*", ".")]
    if wild:
        found.append(why.AnyHost(hosts=", ".join(wild)))
    days = environ.get("TDCS_RESULT_DAYS", "7")
    if not (days.isascii() and days.isdigit() and int(days) > 0):
        found.append(why.ResultDaysWrong(days=days))
    return found


def waiting_jobs() -> list[Refusal]:
    """What is wrong with the queue of background jobs of this installation's database."""
    from tdcs.cli import setup

    setup.django()
    from tdcs.core import clock
    from tdcs.jobs.queries import is_stuck, queue

    found = queue()
    if not is_stuck(found, clock.now()):
        return []
    return [why.JobsWait(count=found.waiting, since=f"{found.oldest:%d/%m/%Y %H:%M}")]


def _is_weak(key: str) -> bool:
    short = len(key) < LEAST_KEY or len(set(key)) < _FEWEST_SIGNS
    return short or any(key.lower().startswith(word) for word in _WEAK)


def _hosts(environ: Mapping[str, str]) -> list[str]:
    return [name.strip() for name in environ.get("TDCS_HOSTS", "").split(",")]


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def print_problems(found: list[Refusal], language: str) -> None:
    """Each reason and what to do, on stderr."""
    for one in found:
        click.echo(f"- {one.sentence(language)}\n  {one.next_step(language)}", err=True)


def language_of(environ: Mapping[str, str]) -> str:
    """English where the machine's locale says so, else Vietnamese."""
    chosen = environ.get("LC_ALL") or environ.get("LC_MESSAGES") or environ.get("LANG") or ""
    return "en" if chosen.lower().startswith("en") else "vi"


def refuse(host: str) -> None:
    """Ends the command when the site must not be served as it is set up."""
    found = problems(os.environ, host)
    if not found:
        return
    language = language_of(os.environ)
    click.echo("Not started:" if language == "en" else "Không khởi động:", err=True)
    print_problems(found, language)
    sys.exit(2)


@click.command("doctor")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to be served on.")
@click.option("--lang", type=click.Choice(["vi", "en"]), default=None, help="Else the locale's.")
@click.option("--running", is_flag=True, help="Also ask the database whether jobs are stuck.")
def doctor(host: str, lang: str | None, running: bool) -> None:
    """What keeps this installation from being served. Exits 1 when there is anything."""
    language = lang or language_of(os.environ)
    found = problems(os.environ, host)
    if running and not found:
        found = waiting_jobs()
    if found:
        print_problems(found, language)
        sys.exit(1)
    click.echo("Ready to serve." if language == "en" else "Sẵn sàng phục vụ.")
