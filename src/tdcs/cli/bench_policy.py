"""`tdcs bench policy`: a draft of the law tried on a generated province, beside a plain loop over the same loans."""

from __future__ import annotations

import os
import random
import time
from datetime import date
from typing import Any, Final

import click
import narwhals as nw
import polars as pl

from tdcs.core import law
from tdcs.core.columns import day_number, day_of_number
from tdcs.core.frames import Frame
from tdcs.policy_lab.rules.comparing import Compared, compare
from tdcs.policy_lab.rules.households import HOME
from tdcs.policy_lab.rules.overlay import DRAFT, laid_over
from tdcs.policy_lab.rules.reading import read
from tdcs.policy_lab.rules.trying import LOAN, YEAR_DAYS, When
from tdcs.programmes.rules import programmes, shared, terms_on
from tdcs.programmes.rules.decrees import Decrees, decrees_in_law

# Requirement: seconds for a comparison on the full province.
BOUND_S: Final = 3.0
_DAY: Final = date(2026, 10, 31)
_AT: Final = date(2026, 12, 1)
_PROGRAMMES: Final = (
    ("HN", "poor"), ("HCN", "near_poor"), ("HMTN", "newly_escaped"), ("GQVL", "worker"),
    ("NSVSMT", "rural_resident"), ("SXKDVKK", "difficult_area"),
)  # fmt: skip
# Of these figures the plain loop gives the same.
_SAME: Final = (
    "interest_before", "interest_after", "losing", "loss", "new_interest_before", "new_interest_after",
    "commission_before", "eligible_before", "eligible_after",
)  # fmt: skip
# One change of each kind.
_DRAFT: Final = b"""
name: bench
basis: bench
changes:
- {figure: HN.rate, from: 2026-12-01, ppm: 52400, reach: both, basis: bench}
- {figure: NSVSMT.maximum, from: 2026-12-01, value: 30000000, basis: bench}
- {figure: missed_instalment_overdue, from: 2024-01-01, value: 1, basis: bench}
- {figure: overdue_percent, from: 2026-06-01, value: 150, reach: running, basis: bench}
- {figure: commission_interest_ppm, from: 2026-12-01, value: 900, basis: bench}
- {figure: lines.national.rural.poor, from: 2026-06-01, value: 1700000, basis: bench}
- {figure: HMTN.kinds, kinds: [newly_escaped, average_living], basis: bench}
"""
_ONE_RATE: Final = b"""
name: bench
basis: bench
changes:
- {figure: NSVSMT.rate, from: 2026-12-01, ppm: 94000, reach: both, basis: bench}
"""


@click.command("policy")
@click.option("--loans", default=260_000, show_default=True)
@click.option("--households", default=230_000, show_default=True)
@click.option("--usual", default=20_000, show_default=True, help="Loans of the plain loop.")
@click.option(
    "--book",
    "own",
    is_flag=True,
    help="Also on this installation's own book, read from its files and database.",
)
def policy(loans: int, households: int, usual: int, own: bool) -> None:
    """Seven changes of the law at once, and one rate alone, on the loans and households of a province in columns."""
    rows, homes = _book(loans), _homes(households)
    all_s, all_cpu = _best(_DRAFT, rows, homes)
    one_s, one_cpu = _best(_ONE_RATE, rows, homes)
    some, few = rows.head(usual), homes.head(usual)
    begun, busy = time.perf_counter(), time.process_time()
    plain = _plain(some, few)
    usual_s, usual_cpu = time.perf_counter() - begun, time.process_time() - busy
    _, same = _timed(_ONE_RATE, some, few)
    told = {name: int(same.cells[name].sum()) for name in _SAME}
    assert plain == told, f"the two ways differ: {plain}, {told}"
    found: dict[str, Any] = {
        "loans": loans,
        "households": households,
        "seven_changes_s": round(all_s, 2),
        "seven_changes_cpu_s": round(all_cpu, 2),
        "one_rate_s": round(one_s, 2),
        "one_rate_cpu_s": round(one_cpu, 2),
        "bound_s": BOUND_S,
        "usual_loans": usual,
        "usual_s_a_province": round(usual_s / usual * loans, 1),
        "ratio_usual_to_ours": round(usual_s / usual * loans / one_s, 1),
        "ratio_of_cpu": round(usual_cpu / usual * loans / one_cpu, 1),
    }
    if own:
        found |= _own()
    for name, value in found.items():
        click.echo(f"{name:22} {value}")


def _best(draft: bytes, rows: Frame, homes: pl.DataFrame) -> tuple[float, float]:
    """(seconds, seconds of all cores together) of the fastest of three."""
    found = []
    for _ in range(3):
        busy = time.process_time()
        found.append((_timed(draft, rows, homes)[0], time.process_time() - busy))
    return min(found)


def _timed(draft: bytes, rows: Frame, homes: pl.DataFrame) -> tuple[float, Compared]:
    begun = time.perf_counter()
    laid = laid_over(read(draft), _DAY)
    now = When(_DAY, _AT, law.chosen_province(), Decrees.of(dict(decrees_in_law())))
    drafted = Decrees(now.decrees.taken_up | {(DRAFT, day_number(_AT))})
    found = compare(rows, homes, laid, now, When(_DAY, _AT, now.province, drafted))
    return time.perf_counter() - begun, found


def _own() -> dict[str, Any]:
    """The same draft on the installation's book, from its files and its database."""
    from tdcs.cli import setup

    setup.django()
    from tdcs.policy_lab.queries.comparing import try_overlay

    times = []
    for _ in range(3):
        begun = time.perf_counter()
        found = try_overlay(read(_DRAFT), _AT)
        times.append(time.perf_counter() - begun)
    return {
        "own_loans": int(found.compared.cells["loans"].sum()),
        "own_first_s": round(times[0], 2),
        "own_then_s": round(min(times), 2),
        "cores": os.cpu_count(),
    }


def _book(count: int) -> Frame:
    luck = random.Random(14)
    last = day_number(_DAY)
    rows = []
    for loan in range(count):
        code, kind = luck.choice(_PROGRAMMES)
        disbursed = last - luck.randrange(1, 1_000)
        principal, paid = luck.randrange(20, 51) * 1_000_000, 0
        late = principal // 6 if luck.random() < 0.005 else 0
        rate = _rate_on(code, disbursed)
        place = (luck.randrange(4_500) + 1, luck.randrange(95), kind)
        rows.append(
            (loan, loan * 9 // 10, code, "", luck.random() < 0.2, *place, disbursed, principal, 60, 12,
             luck.randrange(1, 26), disbursed >= day_number(date(2026, 3, 1)), True, rate, rate * 130,
             principal, paid, principal - late, late, 0, 0, 0)
        )  # fmt: skip
    return nw.from_native(pl.DataFrame(rows, schema=list(LOAN), orient="row"), eager_only=True)


def _rate_on(code: str, disbursed: int) -> int:
    """The rate that a loan of the day bears at the end of October 2026: all of these programmes changed in December 2025."""
    signed = day_of_number(disbursed)
    if code == "GQVL" and signed < date(2026, 1, 1):
        signed = date(2025, 12, 15)
    return terms_on(code, max(signed, date(2025, 12, 1))).rate_ppm


def _homes(count: int) -> pl.DataFrame:
    luck = random.Random(41)
    kinds = (
        "poor",
        "near_poor",
        "newly_escaped",
        "average_living",
        "worker",
        "rural_resident",
        "student",
    )
    rows = []
    for household in range(count):
        held = "|".join(sorted(luck.sample(kinds, luck.randrange(3))))
        income = luck.randrange(800, 4_000) * 1_000 if luck.random() < 0.15 else None
        rows.append(
            (household, luck.randrange(95), luck.choice(("rural", "urban")), "p75", held, income,
             luck.randrange(6), "poor" in held)
        )  # fmt: skip
    types = (pl.Int64, pl.Int64, pl.String, pl.String, pl.String, pl.Int64, pl.Int64, pl.Boolean)
    return pl.DataFrame(rows, schema=dict(zip(HOME, types, strict=True)), orient="row")


def _plain(rows: Frame, homes: pl.DataFrame) -> dict[str, int]:
    """The same figures of one rate, loan by loan and household by household, each under both laws."""
    found = dict.fromkeys(_SAME, 0)
    groups: dict[tuple[str, int, str, bool, int], int] = {}
    signed = day_number(_DAY) - YEAR_DAYS
    lends = {code: terms_on(code, _AT).rate_ppm for code, _ in _PROGRAMMES}
    for row in rows.iter_rows(named=True):
        more = 10_000 if row["programme"] == "NSVSMT" else 0
        percent = row["overdue_rate"] // row["rate"]
        was = _interest(row["in_time"], row["overdue"], row["rate"], percent)
        will = _interest(row["in_time"], row["overdue"], row["rate"] + more, percent)
        found["interest_before"] += was
        found["interest_after"] += will
        found["loss"] += max(will - was, 0)
        found["losing"] += will > was
        if row["disbursed"] > signed:
            new = lends[row["programme"]]
            found["new_interest_before"] += _interest(row["lent"], 0, new, 0)
            found["new_interest_after"] += _interest(row["lent"], 0, new + more, 0)
        key = (row["programme"], row["commune"], row["status"], row["local"], row["group"])
        groups[key] = groups.get(key, 0) + row["in_time"]
    terms = shared("commission_interest_ppm").on(_AT).amount
    for held in groups.values():
        found["commission_before"] += (2 * held * 12 * terms + 10**6) // (2 * 10**6)
    found["eligible_before"] = _plain_doors(homes)
    found["eligible_after"] = _plain_doors(homes)
    return found


def _interest(in_time: int, overdue: int, rate: int, percent: int) -> int:
    daily = rate * (100 * in_time + percent * overdue)
    base = 365 * 10**8
    return (2 * daily * YEAR_DAYS + base) // (2 * base)


def _plain_doors(homes: pl.DataFrame) -> int:
    """Households under one law: the doors of every programme, one by one."""
    found = 0
    lending = [one for one in programmes().values() if one.figures["rate"].find(_AT)]
    for home in homes.iter_rows(named=True):
        held = set(home["kinds"].split("|"))
        for one in lending:
            opens = bool(held.intersection(one.kinds)) and not held.intersection(one.not_kinds)
            found += opens and (not one.also or bool(held.intersection(one.also)))
    return found
