"""A projection begins where the closed month-end stands, measures the year before it, and is tried on the past."""

from __future__ import annotations

import itertools
import json
import re
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from tdcs.cli.main import main
from tdcs.closing.store import Lineage, Store
from tdcs.core.months import month_end
from tdcs.forecasting.errors import AssumptionWrong, EmptyBook, NoMonthClosed, TooFewMonths
from tdcs.forecasting.queries import allotments as allotting
from tdcs.forecasting.queries import opening as opened
from tdcs.forecasting.queries.backtest import backtest, tries
from tdcs.forecasting.queries.opening import base_of, opening, run_off, tier_of
from tdcs.forecasting.rules.allot_assumptions import usual_search
from tdcs.forecasting.rules.assumptions import OLDEST, PPM, TIERS, Assumptions
from tdcs.forecasting.rules.habits import Past
from tdcs.forecasting.rules.path import NEW
from tdcs.forecasting.rules.scenario import project

LAST = date(2026, 10, 31)
ROOT = Path(__file__).resolve().parents[2]


def balances(book: Store, day: date) -> dict[str, int]:
    sums = book.sums(day).group_by("local").agg(pl.col("balance").sum()).collect()
    return {tier_of(local): balance for local, balance in sums.rows()}


@pytest.mark.parametrize("back", [0, -3, -7, -16, -24])
def test_what_is_to_come_of_each_loan_is_its_balance(book: Store, back: int) -> None:
    """Whatever was rescheduled, extended, frozen, lent in parts or written off on the way."""
    day = month_end(LAST, back)
    rows = book.read(day, opened.COLUMNS).filter(pl.col("lent") > pl.col("paid")).collect()
    assert not rows["plain"].all()
    found = run_off(rows, day).to_native().group_by("loan").agg(pl.col("principal").sum())
    wanted = rows.select("loan", principal=pl.col("lent") - pl.col("paid"))
    assert found.sort("loan").equals(wanted.sort("loan"))


def test_what_is_late_and_not_frozen_is_overdue_as_the_close_says(book: Store) -> None:
    rows = book.read(LAST, (*opened.COLUMNS, "overdue", "frozen")).collect()
    rows = rows.filter((pl.col("lent") > pl.col("paid")) & (pl.col("frozen") == 0))
    late = run_off(rows, LAST).to_native().filter(pl.col("month") == 0)
    found = late.group_by("loan").agg(pl.col("principal").sum()).sort("loan")
    wanted = rows.filter(pl.col("overdue") > 0).select("loan", principal="overdue").sort("loan")
    assert len(wanted) > 0
    assert found.equals(wanted)


def test_it_begins_where_the_book_stands(book: Store) -> None:
    found = opening(LAST, Assumptions(until=2027))
    assert {tier: found.book.outstanding(tier) for tier in TIERS} == balances(book, LAST)
    assert found.at_year_begin == balances(book, date(2025, 12, 31))
    lent = book.sums_many([month_end(LAST, back) for back in range(-11, 1)])
    assert (
        sum(found.lent.values())
        == sum(found.season)
        == lent.select(pl.col("lent_month").sum()).collect().item()
    )
    assert all(sum(one.profile) == 1_000_000 for one in found.book.borrowing.values())


def test_rates_are_the_books(book: Store) -> None:
    """Of each stock the mean of its loans, weighed by what they owe."""
    found = opening(LAST, Assumptions(until=2026)).book.stocks
    rows = book.read(LAST, opened.COLUMNS).filter(pl.col("lent") > pl.col("paid")).collect()
    lent_in = pl.col("disbursed").cast(pl.Int32).cast(pl.Date).dt.year()
    for key, stock in found.items():
        assert key.vintage != NEW
        mine = rows.filter(
            (pl.col("programme") == key.programme)
            & (pl.col("local") == (key.tier == "local"))
            & (lent_in.clip(lower_bound=LAST.year - OLDEST) == key.year)
        )
        owed = [lent - paid for lent, paid in mine.select("lent", "paid").rows()]
        weighed = sum(o * rate for o, rate in zip(owed, mine["rate"].to_list(), strict=True))
        assert stock.rate == weighed // sum(owed)


def test_roll_rates_are_measured_loan_by_loan(book: Store) -> None:
    """What months add up to, by programme and age, beside a walk over the loans one at a time in plain Python."""
    ends = [month_end(LAST, back) for back in range(-18, 1)]
    found = opened.pasts_of(book, ends)
    repaid = walked = 0
    for begun, end in itertools.pairwise(ends):
        before = book.read(begun, ("loan", "lent", "paid", "written_off", "overdue")).collect()
        after = {
            row["loan"]: row
            for row in book.read(end, ("loan", "paid", "written_off")).collect().to_dicts()
        }
        for row in before.filter(pl.col("lent") > pl.col("paid")).to_dicts():
            now = after.get(row["loan"], {"paid": row["lent"], "written_off": row["written_off"]})
            gone = now["written_off"] - row["written_off"]
            repaid += now["paid"] - row["paid"] - gone
            walked += row["lent"] - row["paid"]
    whole = sum(found.values(), Past())
    assert whole.balance == walked
    assert repaid == whole.due - whole.slipped - whole.kept + whole.early + whole.cured
    assert repaid > 0
    assert {age for _, age in found} <= set(range(OLDEST + 1))
    assert len({age for _, age in found}) > 2


def test_what_months_brought_in_term_is_a_share_of_what_was_owed(book: Store) -> None:
    found = opening(LAST, Assumptions(until=2027)).book
    assert 0 < found.collected < PPM
    assert {len(one.habits) for one in found.borrowing.values()} == {OLDEST + 1}


def test_a_projection_goes_from_the_last_closed_month_end(book: Store) -> None:
    assert base_of(date(2026, 11, 23)) == LAST
    assert base_of(date(2026, 10, 30)) == date(2026, 9, 30)
    with pytest.raises(NoMonthClosed):
        base_of(date(2020, 1, 1))


def test_a_year_of_months_must_be_closed(book: Store) -> None:
    first = min(book.month_ends())
    with pytest.raises(TooFewMonths) as refused:
        opening(month_end(first, 5), Assumptions())
    assert refused.value.params["found"] == 6
    assert opening(month_end(first, 12), Assumptions(until=2027)).book.stocks


def test_an_empty_book_is_refused_by_name(
    tmp_path: Path, book: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every month is closed, and nothing is lent in any."""
    empty = Store(tmp_path)
    for back in range(-24, 1):
        day = month_end(LAST, back)
        lineage = Lineage(previous="", law_hash="l", book="b")
        empty.write(day, [], month_start=day.replace(day=1), lineage=lineage)
    monkeypatch.setattr(opened, "store", lambda: empty)
    monkeypatch.setattr(allotting, "store", lambda: empty)
    with pytest.raises(EmptyBook, match="31/10/2026"):
        opening(LAST, Assumptions())
    with pytest.raises(EmptyBook):
        allotting.task_of(LAST, usual_search())


def test_impossible_assumptions_are_refused_before_anything_is_read(book: Store) -> None:
    with pytest.raises(AssumptionWrong, match="tăng trưởng"):
        opening(LAST, Assumptions(growth=-1_000_000))


def test_the_past_is_projected_and_compared(book: Store) -> None:
    base, until = date(2024, 12, 31), LAST
    whole, *rows = backtest(base, until)
    assert whole.actual == sum(balances(book, until).values()) == sum(row.actual for row in rows)
    assert whole.from_lending == sum(row.from_lending for row in rows)
    alone = project(opening(base, Assumptions(until=2026)), Assumptions(until=2026))
    last = alone.flows[-1]
    assert whole.alone == int(last.closing[last.ends.index(until)].sum())
    assert whole.error == (whole.from_lending - whole.actual) * 1_000_000 // whole.actual
    # What was really lent brings it nearer than what the year before lent.
    assert abs(whole.error) < abs(whole.error_alone or 0)


def test_tries_need_a_year_before_them(book: Store) -> None:
    assert [(one.base, one.until) for one in tries(LAST)] == [(date(2024, 12, 31), LAST)]


def test_a_book_that_does_not_reach_back_is_not_tried(book: Store) -> None:
    assert tries(date(2025, 10, 31)) == []


@pytest.mark.django_db
def test_the_command_answers_as_json(book: Store) -> None:
    asked = [
        "forecast",
        "--on",
        "2026-11-23",
        "--growth",
        "12,5",
        "--local",
        "40",
        "--until",
        "2028",
        "--json",
    ]
    answer = CliRunner().invoke(main, asked)
    assert answer.exit_code == 0, answer.output
    found = json.loads(answer.output)
    assert (found["base"], found["assumed"]["growth"]) == ("2026-10-31", 125_000)
    assert [(row["year"], row["tier"]) for row in found["years"]][-1] == (2028, "local")
    last = {row["tier"]: row for row in found["years"] if row["year"] == 2028}
    before = {row["tier"]: row for row in found["years"] if row["year"] == 2027}
    grown = sum(row["closing"] for row in last.values()) - sum(
        row["closing"] for row in before.values()
    )
    opening_2028 = sum(row["closing"] for row in before.values())
    assert grown / opening_2028 == pytest.approx(0.125, abs=1e-6)


@pytest.mark.django_db
def test_the_table_of_the_documentation_is_what_the_command_prints(book: Store) -> None:
    """In form: the same head and the same kind of rows; its figures are those of the demonstration."""
    asked = ["forecast", "--on", "2026-11-23", "--backtest", "--markdown"]
    answer = CliRunner().invoke(main, asked)
    assert answer.exit_code == 0, answer.output
    title, _, head, line, *rows = answer.output.splitlines()
    page = (ROOT / "docs" / "rules" / "projection.md").read_text(encoding="utf-8").splitlines()
    at = page.index("31/12/2023 → 31/12/2025")
    again = page.index("31/12/2024 → 31/10/2026")
    for begun in (at, again):
        assert page[begun + 2 : begun + 4] == [head, line]
    assert title == "31/12/2024 → 31/10/2026"
    kind = re.compile(
        r"\| [^|]+ \| -?[\d.]+ \| -?[\d.]+ \| -?[\d,.–]+%? \| -?[\d.]+ \| -?[\d,.–]+%? \|"
    )
    assert kind.fullmatch(rows[0])
    for begun in (at, again):
        told = list(itertools.takewhile(bool, page[begun + 4 :]))
        assert len(told) > 5
        assert all(kind.fullmatch(row) for row in told), told
        assert told[0].startswith("| Toàn tỉnh |")


@pytest.mark.django_db
def test_the_command_says_what_cannot_be(book: Store) -> None:
    answer = CliRunner().invoke(
        main, ["forecast", "--on", "2026-11-23", "--growth", "-200", "--local", "130"]
    )
    assert answer.exit_code == 1
    assert "tăng trưởng" in answer.output
    assert "phần vốn địa phương" in answer.output
    slip = CliRunner().invoke(main, ["forecast", "--growth", "mười"])
    assert slip.exit_code == 2
    assert "not a percentage" in slip.output
