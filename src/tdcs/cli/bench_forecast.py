"""`tdcs bench forecast`: projections of a province of invented loans, and the plain ways beside them."""

from __future__ import annotations

import random
import resource
import time
from dataclasses import replace
from datetime import date
from typing import Any, Final

import click
import narwhals as nw
import numpy as np
import polars as pl

from tdcs.cli.bench_forecast_plain import has_pandas, numpy_loop, path_of_loans, with_pandas
from tdcs.core.columns import day_number, day_of_number
from tdcs.core.frames import Frame
from tdcs.forecasting.rules.allot import PROVINCE, Budget, Task, allot
from tdcs.forecasting.rules.assumptions import CENTRAL, LOCAL, OLDEST, Assumptions, Habits
from tdcs.forecasting.rules.bands import PATHS, Cohorts, Draws, Spread, bands
from tdcs.forecasting.rules.path import NEW, RUNNING, Book, Borrowing, Key, Stock
from tdcs.forecasting.rules.runoff import LATE, by_month, coming
from tdcs.forecasting.rules.scenario import Opening, project, with_new
from tdcs.loans.rules.schedule import schedule

# Requirements: seconds for the run-off of 250,000 loans over 60 months.
RUN_OFF_S: Final = 3.0
# Seconds for 1,000 paths over cohorts, and the memory of all of it.
PATHS_S: Final = 10.0
PEAK_MIB: Final = 4_096
# Seconds for the budgets' allotments of 95 communes × 6 years × 8 programmes.
ALLOT_S: Final = 5.0
_DAY: Final = date(2026, 10, 31)
_PROGRAMMES: Final = ("HN", "HCN", "HMTN", "GQVL", "NSVSMT", "SXKDVKK", "HSSV", "NOXH")
_TERMS: Final = ((12, 6), (24, 12), (36, 6), (60, 12), (60, 6), (84, 12), (120, 12))
_KEYS: Final = ("programme", "local", "commune", "year")
_TIERS: Final = {False: CENTRAL, True: LOCAL}
_COMMUNES: Final = 95
_HABITS: Final = Habits(5_000, 10_000, 8_000, 80_000)


@click.command("forecast")
@click.option("--loans", default=250_000, show_default=True)
@click.option("--months", default=60, show_default=True)
@click.option("--usual", default=20_000, show_default=True, help="Loans of the plain loop.")
@click.option("--paths", default=PATHS, show_default=True)
def forecast(loans: int, months: int, usual: int, paths: int) -> None:
    """Run-off of each loan, a scenario, a thousand paths of cohorts, a search for allotments; the plain ways beside them."""
    book = _book(loans)
    best = min(_timed(book, months)[0] for _ in range(3))
    _, rows = _timed(book, months)
    found: dict[str, Any] = {
        "loans": loans,
        "months": months,
        "run_off_s": round(best, 2),
        "bound_s": RUN_OFF_S,
        **_plain_ways(book, months, usual, best / loans),
    }
    opening = _opening(rows, months)
    begun = time.perf_counter()
    project(opening, Assumptions(growth=100_000, local=300_000))
    found["scenario_s"] = round(time.perf_counter() - begun, 2)
    found |= _paths(rows, opening, months, paths)
    found |= {"allot_s": round(_allot_s(), 2), "allot_bound_s": ALLOT_S}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found |= {"peak_mib": round(peak), "peak_bound_mib": PEAK_MIB}
    for name, value in found.items():
        click.echo(f"{name:24} {value}")


def _plain_ways(book: Frame, months: int, usual: int, ours: float) -> dict[str, Any]:
    """The plain ways over some of the loans: microseconds a loan, and how many times ours."""
    some = book.head(usual)
    same = {tuple(row[:-1]): row[-1] for row in _timed(some, months)[1].rows()}
    ways = {"numpy_loop": numpy_loop, **({"pandas": with_pandas} if has_pandas() else {})}
    found: dict[str, Any] = {"usual_loans": usual, "us_a_loan": round(ours * 1e6, 2)}
    for name, way in ways.items():
        begun = time.perf_counter()
        assert way(some, _KEYS, _DAY, months) == same, "the two ways differ"
        each = (time.perf_counter() - begun) / usual
        found[f"{name}_us_a_loan"] = round(each * 1e6, 1)
        found[f"ratio_{name}_to_ours"] = round(each / ours, 1)
    return found


def _paths(rows: Frame, opening: Opening, months: int, paths: int) -> dict[str, Any]:
    """A scenario on paths over cohorts, and how far their mean is from the projection; a loop over loans and paths beside it."""
    assumed = Assumptions(growth=100_000, local=300_000, until=_DAY.year + months // 12)
    months = months // 12 * 12 + 12 - _DAY.month
    cohorts = _cohorts(rows, months)
    stocks = {
        key: Stock(rate, late, tuple(int(part) for part in coming.sum(axis=0)))
        for key, rate, late, coming in zip(
            cohorts.keys, cohorts.rates, cohorts.overdue, cohorts.coming, strict=True
        )
    }
    begun_at = replace(opening, book=replace(opening.book, stocks=stocks))
    projection = project(begun_at, assumed)
    book = with_new(begun_at, assumed)
    new = {key: stock for key, stock in book.stocks.items() if key.vintage == NEW}
    spread = Spread(20_000, 300_000, 150_000, 150_000, 150_000)
    begun, busy = time.perf_counter(), time.process_time()
    lending = projection.lending
    told = bands(replace(book, stocks=new), cohorts, lending, months, Draws(spread, paths))
    ours, busy = time.perf_counter() - begun, time.process_time() - busy
    closing = [one for one in told if one.measure == "closing"]
    wanted = {
        year: sum(row.closing for row in projection.years if row.year == year)
        for year in {row.year for row in projection.years}
    }
    off = max(abs(one.mean / wanted[one.year] - 1) for one in closing)
    sample = cohorts.coming.reshape(-1, cohorts.coming.shape[2])[:200]
    begun = time.perf_counter()
    path_of_loans(sample, _HABITS, [1.0] * months)
    each = (time.perf_counter() - begun) / len(sample)
    cells = cohorts.coming.shape[0] * cohorts.coming.shape[1]
    return {
        "cohorts": cells,
        "paths": paths,
        "paths_s": round(ours, 2),
        "paths_processor_s": round(busy, 2),
        "paths_bound_s": PATHS_S,
        "mean_off_ppm": round(off * 1e6),
        "mean_off_bound_ppm": 1_000,
        "ns_a_cohort_and_path": round(ours / cells / paths * 1e9),
        "numpy_loop_ns_a_cohort_and_path": round(each * 1e9),
        "ratio_numpy_loop_to_paths": round(each / (ours / cells / paths)),
    }


def _cohorts(rows: Frame, months: int) -> Cohorts:
    """The run-off by programme, fund, year of lending and commune."""
    keys = tuple(
        sorted(
            {Key(code, _TIERS[local], RUNNING, year) for code, local, _, year, *_ in rows.rows()}
        )
    )
    at = {key: place for place, key in enumerate(keys)}
    coming = np.zeros((len(keys), _COMMUNES, months + 1), dtype=np.int64)
    overdue = [0] * len(keys)
    for code, local, commune, year, month, principal in rows.rows():
        key = at[Key(code, _TIERS[local], RUNNING, year)]
        if month == LATE:
            overdue[key] += principal
        else:
            coming[key, commune, min(month - 1, months)] += principal
    communes = tuple(range(_COMMUNES))
    return Cohorts(keys, communes, (66_000,) * len(keys), tuple(overdue), coming)


def _book(count: int) -> Frame:
    luck = random.Random(2030)
    last = day_number(_DAY)
    rows = []
    for loan in range(count):
        term, spacing = luck.choice(_TERMS)
        principal = luck.randrange(20, 101) * 1_000_000
        disbursed = last - luck.randrange(term * 30)
        paid = principal * max(last - disbursed - 30, 0) // (term * 31)
        year = max(day_of_number(disbursed).year, _DAY.year - OLDEST)
        place = (luck.choice(_PROGRAMMES), luck.random() < 0.2, luck.randrange(_COMMUNES), year)
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


def _allot_s() -> float:
    """Seconds of one search."""
    luck = random.Random(2030)
    years, communes = tuple(range(2026, 2032)), range(_COMMUNES)
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
    sums: dict[Key, list[int]] = {}
    for code, local, _, year, month, principal in rows.rows():
        key = Key(code, _TIERS[local], RUNNING, year)
        held = sums.setdefault(key, [0] * (months + 2))
        held[month] += principal
    stocks = {key: Stock(66_000, held[LATE], tuple(held[1:])) for key, held in sorted(sums.items())}
    profile = (0,) * 11 + (200_000,) + (0,) * 11 + (800_000,)
    borrowing = {code: Borrowing((_HABITS,), profile) for code in _PROGRAMMES}
    begun: dict[str, int] = {}
    lent: dict[tuple[str, str], int] = {}
    for key, stock in stocks.items():
        begun[key.tier] = begun.get(key.tier, 0) + stock.balance
        of_key = (key.programme, key.tier)
        lent[of_key] = lent.get(of_key, 0) + sum(stock.coming[:12])
    book = Book(_DAY, stocks, borrowing, 30_000)
    return Opening(book, begun, lent, (1,) * 12, dict.fromkeys(lent, 66_000))
