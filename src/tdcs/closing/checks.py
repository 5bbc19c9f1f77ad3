"""Named invariants of closed days; `tdcs verify` runs them, and tests."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

import polars as pl
from django.db import connection

from tdcs.audit.models import AuditLine
from tdcs.closing import checks_decrees
from tdcs.closing.errors import SnapshotDamaged, SnapshotMissing, SnapshotOfAnotherBook
from tdcs.closing.models import CloseRun
from tdcs.closing.queries import store
from tdcs.closing.queries.frames import OF_RECORD, loans_reported
from tdcs.closing.rules.rows import SUM_KEYS, SUMS
from tdcs.closing.services.close_postings import ACCOUNTS, held, receivable
from tdcs.closing.services.replaying import replay
from tdcs.closing.store import KEEP_DAYS, SUM_COLUMNS, Store, summed
from tdcs.core import clock
from tdcs.core.columns import day_number
from tdcs.core.errors import Refusal
from tdcs.ledger.rules import account_of
from tdcs.organisations.queries import names_on

# Month-ends that a verification replays beside the last day, spread over the store.
SAMPLED: Final = 3
_LATE_SQL: Final = f"""
    SELECT EXISTS (SELECT 1 FROM loans_loanevent e WHERE e.id > %s AND e."on" <= %s AND {OF_RECORD})
"""  # noqa: S608
_WRONG: Final = (SnapshotDamaged, SnapshotMissing, SnapshotOfAnotherBook)

# Principal on the accounts of loans, and what of it entries after a day put there.
_PRINCIPAL_SQL: Final = """
    SELECT b.organisation_id, a.code, sum(p.debit - p.credit)::bigint
      FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id
      JOIN ledger_journalentry e ON e.id = p.entry_id JOIN ledger_book b ON b.id = e.book_id
     WHERE a.code = ANY(%s) AND e."on" <= %s GROUP BY 1, 2
"""
_OFFICES_SQL: Final = """
    SELECT l.id, coalesce(w.old_office_id, l.office_id), s.tier FROM loans_loan l
      JOIN capital_capitalsource s ON s.id = l.source_id
      LEFT JOIN (SELECT DISTINCT ON (loan_id) loan_id, old_office_id FROM loans_loantransfer
                  WHERE "on" > %s ORDER BY loan_id, "on", id) AS w ON w.loan_id = l.id
"""


def snapshots_are_the_replay() -> Iterator[str]:
    """The last closed day and month-ends spread over the past are what all events make of them, to the dong."""
    kept = store()
    last = kept.latest()
    if last is None:
        return
    try:
        for found in replay(to=last, through=_sample(kept, last)):
            if found.damaged:
                yield found.damaged
            elif found.loans:
                loan, column, was, folded = found.named[0]
                yield (
                    f"ngày {found.day:%d/%m/%Y}: {found.loans} khoản vay khác diễn biến; "
                    f"khoản vay mã {loan}, {column}: đã khóa {was}, tính lại {folded}"
                )
    except Refusal as why:
        yield why.sentence()


def _sample(kept: Store, last: date) -> list[date]:
    ends = [day for day in kept.month_ends() if day != last]
    stride = max(1, len(ends) // SAMPLED)
    return [*ends[::-1][::stride][:SAMPLED][::-1], last]


def manifests_chain() -> Iterator[str]:
    """Each kept day is the one its run made, follows the digest of the day before, and its files are as written."""
    kept = store()
    runs = {run.day: run for run in CloseRun.objects.filter(state=CloseRun.State.DONE)}
    digests = {day: run.digest for day, run in runs.items()}
    for day in kept.days():
        try:
            kept.prove(day)
            manifest = kept.manifest(day)
        except _WRONG as why:
            yield why.sentence()
            continue
        run = runs.get(day)
        if run is not None and run.digest != manifest.digest:
            yield f"ngày {day:%d/%m/%Y}: số liệu chốt không phải bản đã khóa ({run.digest[:12]})"
        eve = date.fromordinal(day.toordinal() - 1)
        if manifest.previous and digests.get(eve, manifest.previous) != manifest.previous:
            yield f"ngày {day:%d/%m/%Y}: không nối tiếp số liệu chốt ngày {eve:%d/%m/%Y}"


def totals_are_the_rows() -> Iterator[str]:
    """The sums and totals of the last day and sampled month-ends are those of their rows, added up anew."""
    kept = store()
    last = kept.latest()
    for day in _sample(kept, last) if last is not None else ():
        try:
            rows = kept.read(day).collect()
            sums = kept.sums(day).collect().select(SUM_COLUMNS).sort(SUM_KEYS)
            totals = kept.manifest(day).totals
        except _WRONG as why:
            yield why.sentence()
            continue
        again = summed(rows, day_number(day.replace(day=1))).sort(SUM_KEYS)
        if not again.equals(sums):
            yield f"ngày {day:%d/%m/%Y}: bảng tổng khác các dòng"
        for name in SUMS:
            if totals.get(name, 0) != (again[name].sum() or 0):
                yield f"ngày {day:%d/%m/%Y}: tổng {name} {totals.get(name)}, cộng lại {again[name].sum()}"


def ledger_is_the_snapshot() -> Iterator[str]:
    """Principal by office and tier on the last closed day is that of its rows, while nothing came late for it; interest
    not collected is what the last finished close says."""
    kept = store()
    run = CloseRun.objects.filter(state=CloseRun.State.DONE).order_by("-day").first()
    if run is None or run.day not in kept.days():
        return
    try:
        yield from _principal(kept, run)
        yield from _interest(kept, run)
    except _WRONG as why:
        yield why.sentence()


def _principal(kept: Store, run: CloseRun) -> Iterator[str]:
    if _late(run):
        return
    accounts = {
        account_of("loan.collect", amount, tier): tier
        for amount in ("principal", "frozen")
        for tier in ("central", "local")
    }
    with connection.cursor() as cursor:
        cursor.execute(_PRINCIPAL_SQL, [list(accounts), run.day])
        booked = pl.DataFrame(
            [(office, accounts[code], amount) for office, code, amount in cursor.fetchall()],
            schema={"office": pl.Int64, "tier": pl.String, "booked": pl.Int64},
            orient="row",
        )
        cursor.execute(_OFFICES_SQL, [run.day])
        homes = pl.DataFrame(
            cursor.fetchall(),
            schema={"loan": pl.Int64, "office": pl.Int64, "tier": pl.String},
            orient="row",
        )
    if not len(booked):  # loans laid out at once, as a synthetic province is, have no entries
        return
    rows = kept.read(run.day, columns=("loan", "lent", "paid")).collect()
    rows = rows.filter(~pl.col("loan").is_in(loans_reported(run.day)))
    owed = (
        rows.join(homes, on="loan", how="left")
        .group_by("office", "tier")
        .agg((pl.col("lent") - pl.col("paid")).sum().alias("owed"))
    )
    booked = booked.group_by("office", "tier").agg(pl.col("booked").sum())
    both = owed.join(booked, on=["office", "tier"], how="full", coalesce=True).fill_null(0)
    names = names_on(clock.today(), both["office"].to_list())
    for row in (
        both.filter(pl.col("owed") != pl.col("booked")).sort("office", "tier").rows(named=True)
    ):
        yield (
            f"{names.get(row['office'], row['office'])}, vốn {row['tier']}, ngày {run.day:%d/%m/%Y}: "
            f"dư nợ {row['owed']}, sổ cái {row['booked']}"
        )


def _late(run: CloseRun) -> bool:
    """Whether events about the day were written since: its next close will see them."""
    with connection.cursor() as cursor:
        cursor.execute(_LATE_SQL, [run.seen_event, run.day])
        return bool(cursor.fetchone()[0])


def _interest(kept: Store, run: CloseRun) -> Iterator[str]:
    there = held()
    if not there:
        return
    wanted = receivable(kept, run.day)
    offices = {office for office, *_ in wanted} | {office for office, _ in there}
    names = names_on(clock.today(), offices)
    for office in sorted(offices):
        for (amount, tier), account in ACCOUNTS.items():
            says = wanted.get((office, amount, tier), 0)
            books = there.get((office, account), 0)
            if says != books:
                yield f"{names[office]}: tài khoản {account} {books}, số liệu chốt {says}"


def closed_days_are_there() -> Iterator[str]:
    """No closed day is missing: not from the runs between two others, not from the store while days are kept."""
    kept = set(store().days())
    runs = {run.day: run for run in CloseRun.objects.filter(state=CloseRun.State.DONE)}
    oldest = max(runs, default=date.min).toordinal() - KEEP_DAYS
    for day, run in sorted(runs.items()):
        eve = date.fromordinal(day.toordinal() - 1)
        if run.previous and eve not in runs and eve not in kept:
            yield f"ngày {eve:%d/%m/%Y}: đã khóa (ngày sau nối tiếp nó) mà không còn lần khóa sổ nào"
        ends = date.fromordinal(day.toordinal() + 1).day == 1
        if (ends or day.toordinal() > oldest) and day not in kept:
            yield f"ngày {day:%d/%m/%Y}: đã khóa mà không còn số liệu chốt"


def days_built_at_once_are_as_built() -> Iterator[str]:
    """Days without a run of their own, written by a build, are what its line of the trail says."""
    line = AuditLine.objects.filter(data__has_key="days_as_built").order_by("-id").first()
    if line is None:
        return
    kept = store()
    there = set(kept.days())
    runs = set(CloseRun.objects.values_list("day", flat=True))
    oldest = line.business_date.toordinal() - KEEP_DAYS
    for words, digest in sorted(line.data["days_as_built"].items()):
        day = date.fromisoformat(words)
        ends = date.fromordinal(day.toordinal() + 1).day == 1
        if day in runs:
            continue
        if day in there:
            try:
                same = kept.manifest(day).digest == digest
            except _WRONG:  # named by manifests_chain
                continue
            if not same:
                yield f"ngày {day:%d/%m/%Y}: số liệu chốt không phải bản đã lập"
        elif ends or (day.toordinal() > oldest and clock.today() == line.business_date):
            yield f"ngày {day:%d/%m/%Y}: đã lập mà không còn số liệu chốt"


CHECKS: Final = {
    "closing.days_built_at_once_are_as_built": days_built_at_once_are_as_built,
    "closing.closed_days_are_there": closed_days_are_there,
    "closing.snapshots_are_the_replay": snapshots_are_the_replay,
    "closing.manifests_chain": manifests_chain,
    "closing.totals_are_the_rows": totals_are_the_rows,
    "closing.ledger_is_the_snapshot": ledger_is_the_snapshot,
    **checks_decrees.CHECKS,
}
