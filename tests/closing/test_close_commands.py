"""`tdcs close` and `tdcs replay` say what they did, as words and as JSON, and refuse clearly."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from business import FIRST, Business, days, run_days
from click.testing import CliRunner
from lending_cast import Bank

from tdcs.cli.main import main
from tdcs.closing.models import CloseRun
from tdcs.closing.queries import store
from tdcs.core import clock
from tdcs.loans.models import LoanEvent

pytestmark = pytest.mark.django_db
DAY = FIRST + timedelta(days=2)


def test_close_through_then_a_late_event(bank: Bank) -> None:
    business = Business(bank)
    for day in days(FIRST, DAY):
        business.of(day)
    gap = CliRunner().invoke(main, ["close", "--day", DAY.isoformat(), "--json"])
    assert gap.exit_code == 1
    assert json.loads(gap.stdout)["error"]["code"] == "days_missing"
    shown = CliRunner().invoke(main, ["close", "--day", DAY.isoformat(), "--through", "--json"])
    assert shown.exit_code == 0, shown.output
    told = [json.loads(line) for line in shown.stdout.splitlines()]
    assert [one["day"] for one in told] == [day.isoformat() for day in days(FIRST, DAY)]
    assert told[-1]["totals"]["balance"] == 48_600_000
    assert "đọc số liệu ngày trước" in shown.stderr
    LoanEvent.objects.create(
        loan=business.loans[0], on=DAY, kind="principal", amount=600_000, recorded_at=clock.now()
    )
    late = CliRunner().invoke(main, ["close", "--day", (DAY + timedelta(days=1)).isoformat()])
    assert late.exit_code == 0, late.output
    assert "1 diễn biến ghi muộn; khóa lại: 07/03/2026" in late.stdout
    assert "balance: 48600000 → 48000000" in late.stdout


def test_replay_agrees_finds_what_differs_and_mends_it(bank: Bank) -> None:
    run_days(bank, DAY)
    to = ["replay", "--to", DAY.isoformat(), "--every", "day"]
    fine = CliRunner().invoke(main, to)
    assert fine.exit_code == 0, fine.output
    assert fine.stdout.count("ok ") == 3
    path = store().folder(DAY) / "sums-000.parquet"
    rows = next(store().folder(DAY).glob("rows-*.parquet"))
    for one in (path, rows):
        one.write_bytes(one.read_bytes()[:-3])
    wrong = CliRunner().invoke(main, [*to, "--json"])
    assert wrong.exit_code == 1
    assert [bool(one["damaged"]) for one in json.loads(wrong.stdout)] == [False, False, True]
    digest = CloseRun.objects.get(day=DAY).digest
    assert CliRunner().invoke(main, [*to, "--mend"]).exit_code == 0
    assert CliRunner().invoke(main, to).exit_code == 0
    assert store().manifest(DAY).digest == digest


def test_no_day_and_nothing_to_replay(bank: Bank) -> None:
    assert CliRunner().invoke(main, ["close", "--day", "hôm qua"]).exit_code == 1
    nothing = CliRunner().invoke(main, ["replay", "--to", DAY.isoformat()])
    assert nothing.exit_code == 1
    assert "Chưa có số liệu chốt" in nothing.stderr
