"""SQL over the closed days: it answers from the snapshots, and reaches nothing else."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from random_book import Book
from test_store import DAY, NEXT, damage, put, rows_of

from tdcs.cli.main import main
from tdcs.closing import queries
from tdcs.closing.errors import SnapshotDamaged, SnapshotMissing, SqlNotRead, SqlRefused
from tdcs.closing.snapshot_sql import run_sql
from tdcs.closing.store import Store


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Store:
    book, store = Book("hỏi", 60), Store(tmp_path_factory.mktemp("sql") / "it's here")
    for day in (DAY, NEXT):
        put(store, rows_of(book, day), day)
    return store


def test_rows_and_sums_answer(kept: Store) -> None:
    found = run_sql(kept, "SELECT day, sum(lent - paid) FROM snapshot GROUP BY day ORDER BY day")
    told = [(day, kept.manifest(day).totals["balance"]) for day in (DAY, NEXT)]
    assert found.rows == told
    by_sums = run_sql(kept, "SELECT day, sum(balance) AS balance FROM sums GROUP BY 1 ORDER BY 1")
    assert (by_sums.columns, by_sums.rows) == (["day", "balance"], told)
    assert run_sql(kept, "SELECT day, loans FROM days ORDER BY 1").rows[0][0] == DAY


def test_days_are_dates_and_no_day_is_null(kept: Store) -> None:
    rows = kept.read(DAY).collect()
    late = run_sql(
        kept, f"SELECT count(overdue_since), min(disbursed) FROM snapshot WHERE day = DATE '{DAY}'"
    )
    first = date.fromordinal(date(1970, 1, 1).toordinal() + int(rows["disbursed"].min()))
    assert late.rows == [((rows["overdue_since"] > 0).sum(), first)]


@pytest.mark.parametrize(
    "sql",
    [
        "DROP VIEW sums",
        "CREATE TABLE t AS SELECT 1",
        "COPY (SELECT 1) TO '{there}'",
        "SET enable_external_access = true",
        "SELECT 1; SELECT 2",
        "INSTALL httpfs",
        "ATTACH '{there}'",
        "",
    ],
)
def test_what_does_more_than_read_is_refused(kept: Store, tmp_path: Path, sql: str) -> None:
    there = tmp_path / "there"
    with pytest.raises(SqlNotRead):
        run_sql(kept, sql.format(there=there))
    assert not there.exists()


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_text('{secret}')",
        "SELECT * FROM read_csv('{secret}')",
        "SELECT * FROM '{secret}'",
        "SELECT * FROM glob('{secret}')",
        "SELECT * FROM query('SELECT * FROM read_text(''{secret}'')')",
        "SELECT * FROM nowhere",
        "SELEKT 1",
    ],
)
def test_other_files_stay_closed(kept: Store, tmp_path: Path, sql: str) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n", encoding="utf-8")
    with pytest.raises(SqlRefused):
        run_sql(kept, sql.format(secret=secret))


def test_nothing_closed_and_damage_are_named(tmp_path: Path) -> None:
    with pytest.raises(SnapshotMissing):
        run_sql(Store(tmp_path), "SELECT 1 FROM sums")
    store = Store(tmp_path)
    put(store, rows_of(Book("hỏi", 20), DAY))
    damage(store.folder(DAY) / "rows-000.parquet")
    assert run_sql(store, "SELECT count(*) FROM sums").rows[0][0] > 0
    with pytest.raises(SnapshotDamaged, match=r"rows-000\.parquet"):
        run_sql(store, "SELECT count(*) FROM snapshot")


def test_the_command_prints_three_ways(kept: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "store", lambda: kept)
    select = "SELECT day, sum(balance)::BIGINT AS balance FROM sums GROUP BY 1 ORDER BY 1"
    balance = kept.manifest(DAY).totals["balance"]

    def run(*given: str) -> str:
        done = CliRunner().invoke(main, ["sql", select, *given])
        assert done.exit_code == 0, done.output
        return done.stdout

    assert json.loads(run("--json"))[0] == {"day": str(DAY), "balance": balance}
    assert run("--csv").splitlines()[:2] == ["day,balance", f"{DAY},{balance}"]
    assert f"{balance:,}".replace(",", ".") in run().splitlines()[1]
    wrong = CliRunner().invoke(main, ["sql", "DELETE FROM sums"])
    assert wrong.exit_code != 0
    assert "SELECT" in wrong.stderr
