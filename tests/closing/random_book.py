"""A book of random loans: contracts and events as the close reads them, day after day."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import narwhals as nw
import polars as pl
from random_loans import Case, walk

from tdcs.closing.rules.history import CONTRACT
from tdcs.closing.rules.rows import FLAGS, PLACE, ROW, WORDS, kind_of
from tdcs.closing.rules.step import Today
from tdcs.core.columns import day_number, day_of_number
from tdcs.loans.rules.accrual import MOST_PRINCIPAL, MOST_RATE_PPM
from tdcs.loans.rules.events import EVENT
from tdcs.loans.rules.kinds import REVERSE, WRITE_OFF, WRITE_OFF_INTEREST
from tdcs.loans.rules.reading import Case as Read
from tdcs.loans.rules.reading import Refused, convert_case, read_case
from tdcs.loans.rules.running import reached_on

Frame = nw.DataFrame[Any]
# Parts of a dong in which interest is held.
UNIT = 365 * 10**8
MERGER = day_number(date(2025, 7, 1))


def frame(names: tuple[str, ...], rows: list[tuple[Any, ...]]) -> Frame:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    data = {name: list(column) for name, column in zip(names, columns, strict=True)}
    return nw.DataFrame.from_dict(data, {n: kind_of(n) for n in names}, backend="polars")


class Book:
    """Loans 1, 2, … of valid cases."""

    def __init__(self, seed: str, count: int) -> None:
        self.cases: list[Case] = []
        contracts, events, key = [], [], 0
        number = 0
        while len(self.cases) < count:
            number += 1
            luck = random.Random(f"{seed} {number}")
            case, _ = walk(luck, luck.randrange(0, 12))
            read = _read(case)
            if read is None or _half_reversed(read):
                continue
            self.cases.append(case)
            loan = len(self.cases)
            key = _append(events, loan, read, key)
            contracts.append(_contract(loan, case, read))
        self.contracts = frame(CONTRACT, contracts)
        self.events = frame(EVENT, events)
        self.first = int(self.contracts["disbursed"].min())

    def registered(self, day: int) -> Frame:
        """Contracts with the places of a day: on 1/7/2025 communes merge, and half of the loans change office."""
        if day < MERGER:
            return self.contracts
        col = nw.col
        return self.contracts.with_columns(
            commune=col("commune") // 10 * 100,
            office=nw.when(col("loan") % 2 == 0).then(9).otherwise(col("office")),
        )

    def today(self, day: int) -> Today:
        """What happened on a day."""
        there = self.registered(day)
        moved = there.filter(nw.col("disbursed") < day) if day == MERGER else there.head(0)
        return Today(
            day,
            month_start(day),
            self.events.filter(nw.col("day") == day),
            there.filter(nw.col("disbursed") == day),
            moved.select("loan", *PLACE),
            reached_on(there, day, None),
        )

    def of(self, loans: Frame, day: int) -> tuple[Frame, Frame]:
        """Contracts and events of some loans."""
        return (
            self.registered(day).join(loans, on="loan", how="semi"),
            self.events.join(loans, on="loan", how="semi"),
        )


def month_start(day: int) -> int:
    return day_number(day_of_number(day).replace(day=1))


def _half_reversed(read: Read) -> bool:
    """Whether a write-off with interest is reversed: one line of a case, in the books two events and two reversals."""
    with_interest = {event[0] for event in read.events if event[1] == WRITE_OFF_INTEREST}
    return any(
        kind == REVERSE and read.events[to][1] == WRITE_OFF and read.events[to][0] in with_interest
        for _, kind, _, to, *_ in read.events
    )


def _read(case: Case) -> Read | None:
    read = convert_case(case)
    if isinstance(read, Refused):
        return None
    try:
        return read_case(read)
    except Refused:
        return None


def _contract(loan: int, case: Case, read: Read) -> tuple[Any, ...]:
    disbursed, _, term, spacing, session, rate, by_instalment = read.terms
    office = 1 + loan % 3
    keys = (loan, case["programme"], 1 + loan % 5, loan % 2 == 0, loan // 7, loan % 4, office, 10 * office + loan % 2)  # fmt: skip
    return (
        loan,
        *keys,
        case["target_group"],
        disbursed,
        term,
        spacing,
        session,
        by_instalment,
        rate,
    )


def _append(events: list[tuple[Any, ...]], loan: int, read: Read, key: int) -> int:
    """The loan's events with keys in the order of their days: the books are written day by day."""
    key += 1
    events.append((loan, key, read.terms[0], 0, read.terms[1], 0, 0, None, 0))
    places = sorted(
        range(len(read.events)),
        key=lambda at: (read.events[at][0], read.events[at][1] == REVERSE, at),
    )
    keys = {at: key + 1 + place for place, at in enumerate(places)}
    for at in places:
        day, kind, amount, to, due, rate, _ = read.events[at]
        reverses = keys[to] if kind == REVERSE else 0
        events.append(
            (loan, keys[at], day, kind, amount, 0 if kind == REVERSE else to, due, rate, reverses)
        )
    return key + len(places)


def at_the_bounds() -> pl.DataFrame:
    """Rows whose products come near 63 bits, where division through doubles is wrong by one."""
    plain = {**dict.fromkeys(ROW, 0), **dict.fromkeys(FLAGS, True), **dict.fromkeys(WORDS, "HN")}
    rows = []
    for at, (late, rate) in enumerate(
        (late, rate)
        for late in (0, 1, MOST_PRINCIPAL // 3, MOST_PRINCIPAL - 1, MOST_PRINCIPAL)
        for rate in (1, 66_000, 399_989, MOST_RATE_PPM)
    ):
        lent = MOST_PRINCIPAL - at % 3 if late < MOST_PRINCIPAL else MOST_PRINCIPAL
        money = {
            "lent": lent,
            "fallen": late,
            "rate": rate,
            "overdue_rate": 130 * rate,
            "rest": UNIT - 1 - at,
            "whole": 10**16 + at,
        }
        rows.append({**plain, "loan": at, **money, "balance_days": 10**14})
    return pl.DataFrame(rows).select(ROW)
