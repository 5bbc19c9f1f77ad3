"""`tdcs bench forecast`: the run-off of a province's loans, loan by loan, beside a plain loop over the same loans."""

from __future__ import annotations

import random
import time
from datetime import date
from typing import Any, Final

import click
import narwhals as nw
import polars as pl

from tdcs.core.columns import day_number, day_of_number
from tdcs.core.frames import Frame
from tdcs.forecasting.rules.allot import PROVINCE, Budget, Task, allot
from tdcs.forecasting.rules.assumptions import Assumptions, Habits
from tdcs.forecasting.rules.path import RUNNING, Book, Borrowing, Key, Stock
from tdcs.forecasting.rules.runoff import LATE, by_month, coming
from tdcs.forecasting.rules.scenario import Opening, project
from tdcs.loans.rules.schedule import schedule

# Requirements: seconds for the run-off of 250,000 loans over 60 months.
RUN_OFF_S: Final = 3.0
# Seconds for the budgets' allotments of 95 communes × 6 years × 8 programmes.
ALLOT_S: Final = 5.0
_DAY: Final = date(2026, 10, 31)
_PROGRAMMES: Final = ("HN", "HCN", "HMTN", "GQVL", "NSVSMT", "SXKDVKK", "HSSV", "NOXH")
_TERMS: Final = ((12, 6), (24, 12), (36, 6), (60, 12), (60, 6), (84, 12), (120, 12))
_KEYS: Final = ("programme", "local", "commune")


@click.command("forecast")
@click.option("--loans", default=250_000, show_default=True)
@click.option("--months", default=60, show_default=True)
@click.option("--usual", default=20_000, show_default=True, help="Loans of the plain loop.")
def forecast(loans: int, months: int, usual: int) -> None:
    """Each loan's schedule laid out and run off by month, programme, source and commune; then a scenario to 2030."""
    book = _book(loans)
    best = min(_timed(book, months)[0] for _ in range(3))
    _, rows = _timed(book, months)
    begun = time.perf_counter()
    plain = _plain(book.head(usual), months)
    usual_s = time.perf_counter() - begun
    _, same = _timed(book.head(usual), months)
    assert plain == {tuple(row[:-1]): row[-1] for row in same.rows()}, "the two ways differ"
    opening = _opening(rows, months)
    begun = time.perf_counter()
    project(opening, Assumptions(growth=100_000, local=300_000))
    scenario_s = time.perf_counter() - begun
    found: dict[str, Any] = {
        "loans": loans,
        "months": months,
        "run_off_s": round(best, 2),
        "bound_s": RUN_OFF_S,
        "usual_loans": usual,
        "usual_us_a_loan": round(usual_s / usual * 1e6, 1),
        "us_a_loan": round(best / loans * 1e6, 2),
        "ratio_usual_to_ours": round(usual_s / usual / (best / loans), 1),
        "scenario_s": round(scenario_s, 2),
        "allot_s": round(_allot_s(), 2),
        "allot_bound_s": ALLOT_S,
    }
    for name, value in found.items():
        click.echo(f"{name:20} {value}")


def _book(count: int) -> Frame:
    luck = random.Random(2030)
    last = day_number(_DAY)
    rows = []
    for loan in range(count):
        term, spacing = luck.choice(_TERMS)
        principal = luck.randrange(20, 101) * 1_000_000
        disbursed = last - luck.randrange(term * 30)
        paid = principal * max(last - disbursed - 30, 0) // (term * 31)
        place = (luck.choice(_PROGRAMMES), luck.random() < 0.2, luck.randrange(95))
        terms = (disbursed, principal, term, spacing, luck.randrange(1, 26))
        rows.append((loan, *place, *terms, True, paid, 0))
    names = (
        "loan",
        *_KEYS,
        "disbursed",
        "principal",
        "term",
        "spacing",
        "session",
        "by_instalment",
        "paid",
        "frozen_to",
    )
    return nw.from_native(pl.DataFrame(rows, schema=names, orient="row"), eager_only=True)


def _timed(book: Frame, months: int) -> tuple[float, Frame]:
    begun = time.perf_counter()
    rows = coming(book, schedule(book), day_number(_DAY))
    found = by_month(rows.join(book.select("loan", *_KEYS), on="loan"), _KEYS, months)
    return time.perf_counter() - begun, found


def _plain(book: Frame, months: int) -> dict[tuple[Any, ...], int]:
    """The same sums, loan by loan and instalment by instalment in Python; the days of instalments are the engine's."""
    found: dict[tuple[Any, ...], int] = {}
    base = day_number(_DAY)
    loans = {row["loan"]: row for row in book.iter_rows(named=True)}
    left = {loan: row["paid"] for loan, row in loans.items()}
    laid = schedule(book).sort("loan", "number").select("loan", "trigger", "principal")
    for loan, trigger, principal in laid.rows():
        covered = min(left[loan], principal)
        left[loan] -= covered
        if covered == principal:
            continue
        when = day_of_number(trigger)
        after = (when.year - _DAY.year) * 12 + when.month - _DAY.month
        month = min(max(after, 1), months + 1) if trigger >= base else LATE
        key = (*(loans[loan][name] for name in _KEYS), month)
        found[key] = found.get(key, 0) + principal - covered
    return found


def _allot_s() -> float:
    """Seconds of one search."""
    luck = random.Random(2030)
    years, communes = tuple(range(2026, 2032)), range(95)
    need = {
        (commune, code): tuple(int(luck.randrange(200, 6_000) * 10**6 * 1.1**at) for at in range(6))
        for commune in communes
        for code in _PROGRAMMES
    }
    whole = sum(row[0] for row in need.values())
    asked = tuple(int(whole * 0.4 * 1.1**at) for at in range(6))
    budgets = [Budget(PROVINCE, asked[0] // 5, tuple(amount // 2 for amount in asked))]
    for commune in communes:
        most = luck.randrange(500, 4_000) * 10**6
        budgets.append(Budget(commune, luck.randrange(2_000) * 10**6, (most,) * 6))
    least = {commune: tuple(amount // 475 for amount in asked) for commune in communes}
    task = Task(
        years, asked, 300_000, need, least, tuple(budgets), 50_000, 25_000, frozenset({"NSVSMT"})
    )
    begun = time.perf_counter()
    allot(task)
    return time.perf_counter() - begun


def _opening(rows: Frame, months: int) -> Opening:
    """What ran off as the opening of a scenario, with lending as large as what falls due in a year."""
    sums: dict[tuple[str, bool], list[int]] = {}
    for programme, local, _, month, principal in rows.rows():
        held = sums.setdefault((programme, local), [0] * (months + 2))
        held[month] += principal
    tiers = {False: "central", True: "local"}
    stocks: dict[Key, Stock] = {
        Key(programme, tiers[local], RUNNING, _DAY.year - 1): Stock(
            66_000, held[0], tuple(held[1:])
        )
        for (programme, local), held in sums.items()
    }
    profile = (0,) * 11 + (200_000,) + (0,) * 11 + (800_000,)
    borrowing = {
        code: Borrowing((Habits(5_000, 10_000, 3_000, 80_000),), profile) for code in _PROGRAMMES
    }
    begun: dict[str, int] = {}
    lent: dict[tuple[str, str], int] = {}
    for (programme, tier, _, _), stock in stocks.items():
        begun[tier] = begun.get(tier, 0) + stock.balance
        lent[programme, tier] = sum(stock.coming[:12])
    return Opening(
        Book(_DAY, stocks, borrowing), begun, lent, (1,) * 12, dict.fromkeys(lent, 66_000)
    )
