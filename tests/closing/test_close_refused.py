"""What a close refuses, by name, and that yesterday's snapshot stays as it was."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import psycopg
import pytest
from business import (
    FIRST,
    Business,
    closed,
    days,
    same_as_replayed,
)
from closed_grounds import begun_in, days_closed
from django.db import connection
from grounds import stands_on
from lending_cast import Bank, lend, make_household

from tdcs.closing import files
from tdcs.closing.errors import SnapshotDamaged, SnapshotOfAnotherBook, StoreFull
from tdcs.closing.errors_days import (
    BeforeFirstEvent,
    CloseBusy,
    DaysMissing,
    DayToCome,
    EventOfUnknownLoan,
    HistoryRefused,
    LoanWithoutTerms,
    NothingToClose,
    RowsLost,
)
from tdcs.closing.models import BookIdentity, CloseRun
from tdcs.closing.queries import store
from tdcs.closing.services import kept_from, rebuild, replay
from tdcs.closing.store import Lineage
from tdcs.core import clock
from tdcs.loans.models import Loan, LoanEvent

pytestmark = pytest.mark.django_db
THIRD = FIRST + timedelta(days=2)
NEXT = FIRST + timedelta(days=3)


def bytes_of_the_store() -> dict[str, bytes]:
    """Every file that a snapshot has."""
    root = store().root
    there = [*root.rglob("*.parquet"), *root.glob("????-??-??.json")]
    return {str(path.relative_to(root)): path.read_bytes() for path in there}


THREE = days_closed(THIRD)


@pytest.fixture
@stands_on(THREE)
def three(bank: Bank, home: Path) -> Iterator[Business]:
    """Three closed days; whatever the test does, their snapshots stay."""
    business = begun_in(home, THREE)
    before = bytes_of_the_store()
    yield business
    if getattr(business, "spoiled", False):
        return
    assert {name: bytes_of_the_store()[name] for name in before} == before


def test_nothing_to_close(bank: Bank) -> None:
    with pytest.raises(NothingToClose):
        closed(FIRST)


def test_a_gap_names_the_missing_days(three: Business) -> None:
    with pytest.raises(DaysMissing) as refused:
        closed(THIRD + timedelta(days=3))
    assert refused.value.params["days"] == days(NEXT, THIRD + timedelta(days=2))
    assert "08/03/2026, 09/03/2026" in refused.value.sentence()
    assert not CloseRun.objects.filter(day__gt=THIRD).exists()


def test_the_first_close_is_that_of_the_first_event(bank: Bank) -> None:
    business = Business(bank)
    business.of(FIRST)
    with pytest.raises(DaysMissing) as refused:
        closed(FIRST + timedelta(days=1))
    assert refused.value.params["days"] == [FIRST]
    with pytest.raises(BeforeFirstEvent):
        closed(FIRST - timedelta(days=1))


def test_a_day_to_come(three: Business) -> None:
    with pytest.raises(DayToCome):
        closed(NEXT, on=THIRD)


def test_two_at_once_the_second_is_told(three: Business) -> None:
    params = connection.get_connection_params()
    names = ("host", "port", "user", "dbname", "password")
    with psycopg.connect(**{n: params[n] for n in names if params.get(n)}) as other:
        other.execute("SELECT pg_advisory_lock(232, 4)")
        with pytest.raises(CloseBusy):
            closed(NEXT)
        # Given back here: a server lets go of a gone client's locks a moment later.
        other.execute("SELECT pg_advisory_unlock(232, 4)")
    assert closed(NEXT).day == NEXT


def _spoil(path: Any) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


def test_a_damaged_snapshot_is_refused_and_mended_from_events(three: Business) -> None:
    three.spoiled = True  # type: ignore[attr-defined]
    good = bytes_of_the_store()
    _spoil(next(store().folder(THIRD).glob("rows-*.parquet")))
    with pytest.raises(SnapshotDamaged):
        closed(NEXT)
    assert CloseRun.objects.get(day=NEXT).state == "failed"
    assert CloseRun.objects.get(day=NEXT).refusal == "snapshot_damaged"
    with clock.fixed_today(NEXT):
        found = list(replay(to=THIRD, every="day"))
        assert [bool(one.damaged) for one in found] == [False, False, True]
        rebuild(days=kept_from(THIRD), by=None)
    assert bytes_of_the_store() == good
    assert closed(NEXT).rows == 3
    assert CloseRun.objects.get(day=NEXT).refusal == ""
    assert same_as_replayed(NEXT) > 0


def test_a_snapshot_of_another_book_is_refused(three: Business) -> None:
    BookIdentity.objects.update(key="another")
    with pytest.raises(SnapshotOfAnotherBook):
        closed(NEXT)


def _strange(statement: Callable[[], Any]) -> None:
    """Writes what the database's own rules would refuse."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET session_replication_role = replica")
        try:
            statement()
        finally:
            cursor.execute("SET session_replication_role = origin")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_an_event_of_an_unknown_loan(three: Business) -> None:
    event = LoanEvent(loan_id=987_654, on=NEXT, kind="interest", amount=5, recorded_at=clock.now())
    _strange(event.save)
    with pytest.raises(EventOfUnknownLoan) as refused:
        closed(NEXT)
    assert "987654" in refused.value.sentence()
    _strange(event.delete)
    assert closed(NEXT).rows == 3


def test_a_loan_whose_programme_has_no_parameters_that_day(three: Business, bank: Bank) -> None:
    with clock.fixed_today(NEXT):
        loan = lend(bank, make_household(bank.group, "Hộ mới"), on=NEXT)
    Loan.objects.filter(pk=loan.pk).update(programme="NOXH", target_group="nobody")
    with pytest.raises(LoanWithoutTerms) as refused:
        closed(NEXT)
    assert loan.number in refused.value.sentence()


def test_a_history_that_breaks_a_rule(three: Business) -> None:
    loan = three.loans[0]
    for kind, amount in (("principal", 10**9), ("reschedule", None)):
        LoanEvent.objects.create(
            loan=loan,
            on=NEXT,
            kind=kind,
            amount=amount,
            until_on=date(2030, 1, 1) if kind == "reschedule" else None,
            due_on=date(2029, 1, 1) if kind == "reschedule" else None,
            recorded_at=clock.now(),
        )
    with pytest.raises(HistoryRefused) as refused:
        closed(NEXT)
    assert loan.number in refused.value.sentence()


def test_a_loan_that_yesterday_forgot(three: Business) -> None:
    three.spoiled = True  # type: ignore[attr-defined]
    kept = store()
    loan = three.loans[0]
    rows = kept.read(THIRD).collect().filter(pl.col("loan") != loan.pk)
    manifest = kept.manifest(THIRD)
    office = int(rows["office"][0])
    kept.write(
        THIRD,
        [(office, rows)],
        month_start=THIRD.replace(day=1),
        lineage=Lineage(previous=manifest.previous, law_hash=manifest.law_hash, book=manifest.book),
    )
    LoanEvent.objects.create(
        loan=loan, on=NEXT, kind="principal", amount=1_000, recorded_at=clock.now()
    )
    with pytest.raises(RowsLost) as refused:
        closed(NEXT)
    assert loan.number in refused.value.sentence()


def test_a_full_disk(three: Business, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: Any, **kwargs: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    entries = CloseRun.objects.get(day=THIRD).entries
    with monkeypatch.context() as patch:
        patch.setattr(files, "on_disk", full)
        with pytest.raises(StoreFull):
            closed(NEXT)
    assert CloseRun.objects.get(day=NEXT).state == "failed"
    assert CloseRun.objects.get(day=THIRD).entries == entries
    assert closed(NEXT).rows == 3
