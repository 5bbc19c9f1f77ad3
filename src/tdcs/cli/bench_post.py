"""`tdcs bench post`: what posting costs, beside the floor of a plain COPY of the same rows; and the loan page on a full book."""

from __future__ import annotations

import json
import os
import random
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from tdcs.cli import demo, setup
from tdcs.cli.bench_lending import MEMBERS, Book, build, existing

if TYPE_CHECKING:
    from tdcs.access.models import User
    from tdcs.loans.services.collecting import Sheet

DAY: Final = date(2026, 11, 23)
# Requirements of issue 3.
BOUNDS: Final = {"sheet_p50_ms": 60, "repayments_per_s": 5_000, "loan_page_p95_ms": 150}
_SHEETS_AT_ONCE: Final = 40
_WRITTEN: Final = ("ledger_journalentry", "ledger_posting", "loans_loanevent")


@click.command("post")
@click.option("--loans", default=260_000, show_default=True, help="Loans in the book.")
@click.option("--repayments", default=100_000, show_default=True, help="Lines of the bulk sheets.")
@click.option("--rounds", default=40, show_default=True, help="Sheets of sixty, pages asked for.")
@click.option("--verify/--no-verify", default=True, show_default=True, help="Prove the book after.")
@click.option("--json", "as_json", is_flag=True)
def post(loans: int, repayments: int, rounds: int, verify: bool, as_json: bool) -> None:
    """Sheets of sixty, bulk sheets, their floor, the loan page; in a database of its own, kept for the next run."""
    stand_alone()
    found = {"loans": loans, **run(loans, repayments, rounds)}
    if verify:
        found |= _verified()
    found["bounds"] = BOUNDS
    click.echo(json.dumps(found, indent=1) if as_json else _table(found))


def stand_alone() -> None:
    """A home and a database beside the installation's own."""
    if "DATABASE_URL" in os.environ:
        raise click.ClickException("bench post writes loans: unset DATABASE_URL")
    os.environ["TDCS_HOME"] = str(Path(os.environ.get("TDCS_HOME", "var")).resolve() / "bench-post")
    os.environ["TDCS_TODAY"] = DAY.isoformat()
    demo.stand_in_a_province()
    setup.run()


def run(loans: int, repayments: int, rounds: int) -> dict[str, Any]:
    """Every figure but the proof."""
    from tdcs.ledger.models import Book as Ledger

    show_words("book")
    book = existing()
    if sum(len(part) for _, _, part in book.groups) < loans:
        start = time.perf_counter()
        book = build(loans)
        show_words(f"book of {loans} in {time.perf_counter() - start:.0f} s")
    by = teller()
    last = max(row.last_on for row in Ledger.objects.exclude(last_on=None) if row.last_on)
    # Each run goes a week on, so that interest is due again and every sheet is new.
    day = max(date(2026, 10, 1), last + timedelta(days=1))
    if day + timedelta(days=1) > DAY:
        raise click.ClickException("the bench book has reached its last day: remove its folder")
    found = _sheets(book, by, day, rounds)
    found |= _bulk(book, by, day + timedelta(days=1), repayments)
    return found | _pages(book, rounds)


def sheet_of(group: int, office: int, loans: list[int], key: str) -> Sheet:
    from tdcs.loans.services.collecting import Collection, Sheet

    lines = tuple(Collection(pk, interest=10_000, principal=20_000) for pk in loans)
    return Sheet(key, office, group, lines)


def _sheets(book: Book, by: User, day: date, rounds: int) -> dict[str, Any]:
    """One sheet of sixty in each transaction, as a teller posts it."""
    from tdcs.loans.services.collecting import collect_sheet

    whole = [row for row in book.groups if len(row[2]) == MEMBERS]
    chosen = random.Random(1).sample(whole, min(rounds + 2, len(whole)))
    times = []
    for group, office, loans in chosen:
        sheet = sheet_of(group, office, loans, f"bench-{day}-{group}")
        start = time.perf_counter()
        collect_sheet(sheet=sheet, by=by, on=day)
        times.append(1000 * (time.perf_counter() - start))
    times = times[2:]
    return {"sheet_p50_ms": _p(times, 50), "sheet_p95_ms": _p(times, 95)}


def _bulk(book: Book, by: User, day: date, repayments: int) -> dict[str, Any]:
    """Many sheets in each transaction; then the same rows by COPY alone."""
    from tdcs.loans.services.collecting import collect_sheets

    groups = iter(book.groups * (1 + repayments // max(1, sum(len(g[2]) for g in book.groups))))
    marks = {table: _last_id(table) for table in _WRITTEN}
    sheets, count = [], 0
    for turn, (group, office, loans) in enumerate(groups):
        if count >= repayments:
            break
        part = loans[: repayments - count]
        sheets.append(sheet_of(group, office, part, f"bulk-{day}-{turn}"))
        count += len(part)
    start, own, server = time.perf_counter(), time.process_time(), server_cpu()
    for at in range(0, len(sheets), _SHEETS_AT_ONCE):
        collect_sheets(sheets=sheets[at : at + _SHEETS_AT_ONCE], by=by, on=day)
    took = time.perf_counter() - start
    found: dict[str, Any] = {
        "repayments": count,
        "repayments_s": round(took, 2),
        "repayments_per_s": round(count / took),
        # What the same would take on a machine that does nothing else: client and server take turns.
        "repayments_cpu_s": round(time.process_time() - own + server_cpu() - server, 2),
    }
    same, bare = _floor(marks)
    found |= {"copy_same_tables_s": round(same, 2), "copy_bare_tables_s": round(bare, 2)}
    found["times_the_copy"] = round(took / same, 2)
    return found


def _floor(marks: dict[str, int]) -> tuple[float, float]:
    """Seconds to COPY the rows that were just written: into the same tables, judged and rolled back; into bare ones."""
    from django.db import connection, transaction

    rows = {table: _dump(table, marks[table]) for table in _WRITTEN}
    seconds = []
    for bare in (False, True):
        with transaction.atomic(), connection.cursor() as cursor:
            for table in _WRITTEN if bare else ():
                columns = rows[table][0]
                cursor.execute(
                    f"CREATE TABLE bare_{table} AS SELECT {columns} FROM {table} LIMIT 0"
                )
            start = time.perf_counter()
            for table, (columns, content) in rows.items():
                name = f"bare_{table}" if bare else table
                with cursor.copy(f"COPY {name} ({columns}) FROM STDIN") as copy:
                    copy.write(content)
            if not bare:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            seconds.append(time.perf_counter() - start)
            transaction.set_rollback(True)
    return seconds[0], seconds[1]


def _dump(table: str, after: int) -> tuple[str, bytes]:
    """Columns and COPY text of a table's rows after an id, moved to ids and numbers that nobody has."""
    from django.db import connection

    far = 10**12
    moved = {
        "id": f"id + {far}",
        "entry_id": f"entry_id + {far}",
        "number": f"number + {far}",
    }
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} LIMIT 0")
        # The mark of the writing transaction is the database's own.
        names = [column.name for column in cursor.description or () if column.name != "made_in"]
        columns = ", ".join(f'"{name}"' for name in names)
        chosen = ", ".join(moved.get(name, f'"{name}"') for name in names)
        with cursor.copy(
            f"COPY (SELECT {chosen} FROM {table} WHERE id > {after} ORDER BY id) TO STDOUT"
        ) as copy:
            return columns, b"".join(bytes(part) for part in copy)


def _last_id(table: str) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(max(id), 0) FROM {table}")
        return int(cursor.fetchone()[0])


def server_cpu() -> float:
    """Seconds of work of this connection's server process; 0 where the system does not tell."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        told = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    if not told.exists():
        return 0.0
    fields = told.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def teller() -> User:
    """Somebody of the branch who may collect and see every loan."""
    from tdcs.access.models import RoleHolding, User
    from tdcs.organisations.models import Organisation

    found: User | None = User.objects.filter(username="bench").first()
    if found is not None:
        return found
    made = User.objects.create_user("bench", full_name="Đo tốc độ")
    branch = Organisation.objects.get(code="nhcsxh-chi-nhanh@p75")
    RoleHolding.objects.create(
        user=made, role="credit_head", organisation=branch, starts_on=date(2025, 7, 1)
    )
    return made


def _pages(book: Book, rounds: int) -> dict[str, Any]:
    """Server time of the page of loans all over the book."""
    from django.core.management import call_command
    from django.test import Client
    from django.urls import reverse

    call_command("collectstatic", interactive=False, verbosity=0)
    client = Client(headers={"host": "localhost"})
    client.force_login(teller(), backend="tdcs.access.backends.AccountBackend")
    # Loans of the first groups have been paid on, the others not.
    chosen = random.Random(2).sample(book.groups, min(rounds + 3, len(book.groups)))
    times = []
    for _, _, loans in chosen:
        url = reverse("loans:loan", args=[loans[len(loans) // 2]])
        start = time.perf_counter()
        status = client.get(url).status_code
        times.append(1000 * (time.perf_counter() - start))
        if status != 200:
            raise click.ClickException(f"{url} answers {status}")
    return {"loan_page_p50_ms": _p(times[3:], 50), "loan_page_p95_ms": _p(times[3:], 95)}


def _verified() -> dict[str, Any]:
    """The invariants of ledger and loans after all that; raises when one finds something."""
    from tdcs.ledger import checks as ledger
    from tdcs.loans import checks as loans

    checks: dict[str, Callable[[], Iterator[str]]] = {**ledger.CHECKS, **loans.CHECKS}
    start = time.perf_counter()
    for name, check in checks.items():
        wrong = next(iter(check()), None)
        if wrong is not None:
            raise click.ClickException(f"{name}: {wrong}")
        show_words(f"{name} holds")
    return {"verified_checks": len(checks), "verify_s": round(time.perf_counter() - start, 1)}


def _p(times: list[float], percent: int) -> float:
    return round(statistics.quantiles(times, n=100, method="inclusive")[percent - 1], 1)


def show_words(words: str) -> None:
    click.echo(f"  {words}", err=True)


def _table(found: dict[str, Any]) -> str:
    lines = []
    for name, value in found.items():
        if name == "bounds":
            continue
        bound = BOUNDS.get(name)
        lines.append(f"{name:24} {value:>12}" + (f"   bound {bound}" if bound else ""))
    return "\n".join(lines)
