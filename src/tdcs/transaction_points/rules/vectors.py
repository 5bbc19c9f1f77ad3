"""Loans at random with what they owe on some days: what a device's own arithmetic is tested against."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, TypedDict

from tdcs.core.basis import without_basis
from tdcs.core.columns import day_of_number
from tdcs.core.workdays import public_holidays
from tdcs.loans.rules import limits
from tdcs.loans.rules.accrual import unit_on
from tdcs.loans.rules.project import project_lines
from tdcs.loans.rules.reading import Refused, convert_case, read_case
from tdcs.loans.rules.sessions import held_on

# Programmes that lend over the whole of the days below, with the most that all of them lend.
_PROGRAMMES: Final = ("HN", "HCN", "HMTN", "HSSV", "GQVL", "NSVSMT", "NOXH")
_FIRST, _LAST = date(2019, 6, 1), date(2026, 9, 30)
_MOST: Final = 250
# After the last day of the longest of these loans.
_LAST_YEAR: Final = 2032
_DAYS: Final = 3
# So many loans are computed at once.
_PIECE: Final = 2_000


class Happening(TypedDict, total=False):
    """An event of a loan."""

    on: str
    kind: str
    amount: int
    session_day: int
    to: str


class Terms(TypedDict):
    """A loan in the form of `tdcs loan project`; ``as_of`` the day on which it is looked at."""

    programme: str
    principal: int
    disbursed_on: str
    term_months: int
    instalment_months: int | None
    session_day: int | None
    channel: str
    events: list[Happening]
    as_of: str


class Law(TypedDict):
    """What the law says of a loan, as a device takes it: data, so that a decree changes no program.

    ``changes``: day, rate, base and percent of overdue principal, null where it stays; ``unit``: parts of a dong in which
    interest is summed.
    """

    rate_ppm: int
    spacing: int
    by_instalment: bool
    overdue_percent: int
    own_overdue_rate: int
    rounding: int
    unit: int
    changes: list[list[object]]


class Vector(TypedDict):
    """One loan and a day, the law that reaches it, and what it owes at the end of that day; dong."""

    case: Terms
    law: Law
    expect: dict[str, object]


@without_basis("số liệu thử, không phải quy định cho vay")
def vectors(count: int, seed: int) -> Iterator[Vector]:
    """``count`` loans with up to three events each, on three days each; the same seed gives the same vectors."""
    luck = random.Random(seed)  # noqa: S311 (not a secret: the same for everybody)
    for start in range(0, count, _PIECE):
        cases = [_loan(luck) for _ in range(min(_PIECE, count - start))]
        for _ in range(_DAYS):
            cases = _with_event(luck, cases)
        asked = [_on(case, _later(luck, _last_day(case))) for case in cases for _ in range(_DAYS)]
        for case, found in zip(asked, project_lines(asked), strict=True):
            if "error" not in found:
                expect = {k: v for k, v in found.items() if k != "sources"}
                yield {"case": case, "law": law_of(case), "expect": expect}


@without_basis("số liệu thử, không phải quy định cho vay")
def law_of(terms: Terms) -> Law:
    """What a device must know of the law to compute a loan."""
    given = convert_case(terms)
    if isinstance(given, Refused):
        raise given
    case = read_case(given)
    start, spacing = case.terms[0], case.terms[3]
    rate, by_instalment = case.terms[5:7]
    return {
        "rate_ppm": rate,
        "spacing": spacing,
        "by_instalment": by_instalment,
        "overdue_percent": limits.figure("overdue_percent", start),
        "own_overdue_rate": case.law.own_overdue_rate,
        "rounding": limits.figure("instalment_rounding", start),
        "unit": unit_on(day_of_number(start)),
        "changes": [[day_of_number(day).isoformat(), *rest] for day, *rest in case.law.changes],
    }


@without_basis("số liệu thử, không phải quy định cho vay")
def held_days() -> dict[str, str]:
    """A public holiday on which no session counts → the day that does, of all years that vectors can reach."""
    days = [day for year in range(_FIRST.year, _LAST_YEAR + 1) for day in public_holidays(year)]
    return {day.isoformat(): held_on(day).isoformat() for day in days if held_on(day) != day}


def _on(case: Terms, day: date) -> Terms:
    return {**case, "as_of": day.isoformat()}


def _loan(luck: random.Random) -> Terms:
    started = _FIRST + timedelta(luck.randrange((_LAST - _FIRST).days))
    term = luck.choice((6, 12, 18, 24, 36, 60))
    return {
        "programme": luck.choice(_PROGRAMMES),
        "principal": luck.randrange(1, _MOST + 1) * 100_000
        + luck.choice((0, 0, luck.randrange(100_000))),
        "disbursed_on": started.isoformat(),
        "term_months": term,
        "instalment_months": luck.choice((None, 6, 12)),
        "session_day": luck.choice((None, luck.randrange(1, 32))),
        "channel": "group",
        "events": [],
        "as_of": started.isoformat(),
    }


def _last_day(case: Terms) -> date:
    events = case["events"]
    return date.fromisoformat(events[-1]["on"] if events else case["disbursed_on"])


def _later(luck: random.Random, day: date) -> date:
    return day + timedelta(luck.choice((0, 1, 30, 31, luck.randrange(1, 500))))


def _with_event(luck: random.Random, cases: list[Terms]) -> list[Terms]:
    """Each loan, or most of them, with one more event that its rules allow."""
    days = [_later(luck, _last_day(case) + timedelta(1)) for case in cases]
    stand = project_lines(_on(case, day) for case, day in zip(cases, days, strict=True))
    found: list[Terms] = []
    for case, day, now in zip(cases, days, stand, strict=True):
        event: Happening | None = None
        if "error" not in now:
            event = _event(luck, day, now["interest_due"], now["balance"])
        found.append({**case, "events": [*case["events"], event]} if event else case)
    return found


def _event(luck: random.Random, day: date, due: int, balance: int) -> Happening | None:
    kind = luck.choice(("interest", "interest", "principal", "session_day", ""))
    if kind == "session_day":
        return {
            "on": day.isoformat(),
            "kind": kind,
            "session_day": luck.randrange(1, 32),
            "to": (day + timedelta(luck.randrange(40))).isoformat(),
        }
    most = due if kind == "interest" else balance if kind == "principal" else 0
    if most <= 0:
        return None
    amount = luck.choice((most, luck.randrange(1, most + 1)))
    return {"on": day.isoformat(), "kind": kind, "amount": amount}
