"""Each check of the closed days finds what it is for, and nothing where all is well."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from business import FIRST, Business, closed
from closed_grounds import begun_in, days_closed
from django.db import connection
from grounds import stands_on
from lending_cast import Bank

from tdcs.audit.checks import records_are_as_decided
from tdcs.closing.checks import CHECKS
from tdcs.closing.models import CloseRun
from tdcs.closing.queries import store
from tdcs.closing.store import Lineage
from tdcs.core import clock, trail
from tdcs.ledger.rules import lines_for
from tdcs.ledger.services import NewEntry, book_of, post

pytestmark = pytest.mark.django_db
DAY = FIRST + timedelta(days=4)


FIVE = days_closed(DAY)


@pytest.fixture
@stands_on(FIVE)
def five(bank: Bank, home: Path) -> Business:
    """Five closed days."""
    return begun_in(home, FIVE)


def found(name: str) -> list[str]:
    """What a check says."""
    return list(CHECKS[f"closing.{name}"]())


def test_nothing_is_found_where_all_is_well(five: Business) -> None:
    assert {name: list(check()) for name, check in CHECKS.items()} == {name: [] for name in CHECKS}


def test_nothing_is_found_before_the_first_close(bank: Bank) -> None:
    assert {name: list(check()) for name, check in CHECKS.items()} == {name: [] for name in CHECKS}


def _rewritten(change: Callable[[pl.DataFrame], pl.DataFrame], **head: Any) -> None:
    kept = store()
    manifest = kept.manifest(DAY)
    rows = change(kept.read(DAY).collect())
    given = {
        "previous": manifest.previous,
        "law_hash": manifest.law_hash,
        "book": manifest.book,
        **head,
    }
    kept.write(
        DAY,
        [(int(rows["office"][0]), rows)],
        month_start=DAY.replace(day=1),
        lineage=Lineage(**given),
    )


def test_a_row_that_was_altered(five: Business) -> None:
    _rewritten(lambda rows: rows.with_columns(paid=pl.col("paid") + 1))
    assert "paid" in found("snapshots_are_the_replay")[0]
    assert "không phải bản đã khóa" in found("manifests_chain")[0]
    assert "dư nợ" in found("ledger_is_the_snapshot")[0]


def test_a_day_that_does_not_follow(five: Business) -> None:
    _rewritten(lambda rows: rows, previous="0" * 64)
    CloseRun.objects.filter(day=DAY).update(digest=store().manifest(DAY).digest)
    assert ["không nối tiếp" in words for words in found("manifests_chain")] == [True]


def test_a_file_that_was_damaged(five: Business) -> None:
    path = store().folder(DAY) / "sums-000.parquet"
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    for name in ("manifests_chain", "totals_are_the_rows", "ledger_is_the_snapshot"):
        assert "sums-000.parquet" in found(name)[0], name


def test_interest_that_was_posted_beside_the_close(five: Business, bank: Bank) -> None:
    lines = lines_for("close.interest", {"arrears": 7}, tier="local", subject=1)
    entry = NewEntry(book_of(bank.office).pk, DAY, "close.interest", "Ghi nhầm", lines)
    post([entry], by=None, on=DAY)
    assert "tài khoản 9428 7, số liệu chốt 0" in found("ledger_is_the_snapshot")[0]
    # The next close brings the account back.
    closed(DAY + timedelta(days=1))
    assert found("ledger_is_the_snapshot") == []


def _owner(sql: str, values: list[Any]) -> None:
    """What the owner of the database can do: with every trigger off."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, values)
        cursor.execute("SET LOCAL session_replication_role = origin")


@pytest.mark.parametrize("back", [0, 2])
def test_a_closed_day_removed_with_its_run(five: Business, back: int) -> None:
    day = DAY - timedelta(days=back)
    assert found("closed_days_are_there") == list(records_are_as_decided()) == []
    run = CloseRun.objects.get(day=day)
    store().remove(day)
    assert any("không còn số liệu chốt" in words for words in found("closed_days_are_there"))
    _owner("DELETE FROM closing_closerun WHERE id = %s", [run.pk])
    assert f"closing_closerun {run.pk}: đã bị xóa ngoài hệ thống" in list(records_are_as_decided())
    # A day between two others is missed by the next one, too.
    assert bool(found("closed_days_are_there")) is (back > 0)


def test_a_day_resealed_with_its_run(five: Business) -> None:
    _rewritten(lambda rows: rows.with_columns(paid=pl.col("paid") + 1))
    digest = store().manifest(DAY).digest
    run = CloseRun.objects.get(day=DAY)
    _owner("UPDATE closing_closerun SET digest = %s WHERE id = %s", [digest, run.pk])
    assert found("manifests_chain") == []
    assert list(records_are_as_decided()) == [
        f"closing_closerun {run.pk}: nội dung khác lần ghi cuối"
    ]


def test_days_of_a_build_are_as_its_line_says(five: Business) -> None:
    """A build's days have no runs: the line of the trail that names their digests answers for them."""
    named = {day.isoformat(): store().manifest(day).digest for day in store().days()}
    trail.record(action="demo.build", subject="x", by=None, on=DAY, data={"days_as_built": named})
    runs = CloseRun.objects.filter(day__gte=DAY - timedelta(days=1))
    _owner("DELETE FROM closing_closerun WHERE id = ANY(%s)", [[run.pk for run in runs]])
    with clock.fixed_today(DAY):
        assert found("days_built_at_once_are_as_built") == []
        _rewritten(lambda rows: rows.with_columns(paid=pl.col("paid") + 1))
        store().remove(DAY - timedelta(days=1))
        assert [words.split(": ")[1] for words in found("days_built_at_once_are_as_built")] == [
            "đã lập mà không còn số liệu chốt",
            "số liệu chốt không phải bản đã lập",
        ]
