"""A province for the benchmark of early warning: households that pay by habits, cases planted among look-alikes.

The truth stands beside the book and no rule sees it. Invented by us, after the signs that staff know: it shows whether the
rules find what they say among what looks like it, and nothing about how often a real book has it (docs/rules/early-warning.md).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl

from tdcs.closing.rules.rows import ROW
from tdcs.closing.store import Store, rules_type, summed
from tdcs.core.columns import day_number

DAY: Final = date(2026, 11, 22)
MONTHS: Final = 16
MEMBERS, GROUPS_OF_COMMUNE, COMMUNES_OF_OFFICE = 57, 48, 4
PROGRAMMES: Final = ("HN", "HCN", "HMTN", "GQVL", "NSVSMT", "HSSV")
_INTEREST: Final = 6_000  # dong a month of a million
# Habits: pays in every month, in every third, sixth, twelfth; a student's grace.
_HABITS: Final = (1, 3, 6, 12)
_SHARES: Final = (0.865, 0.07, 0.05, 0.015)
Ints = Any  # numpy's arrays of whole numbers


@dataclass
class Truth:
    """What was planted, by kind: households, groups, or (commune, programme)."""

    cases: dict[str, set[Any]] = field(default_factory=dict)
    # Households in trouble of any kind: also those whose money a leader kept.
    households: set[int] = field(default_factory=set)
    groups: set[int] = field(default_factory=set)

    def plant(self, kind: str, keys: Ints) -> None:
        """Cases of a kind."""
        self.cases.setdefault(kind, set()).update(int(one) for one in keys)


class Planted:
    """``loans`` loans, one of each household, of groups in communes; ``paid[loan, ago]``: month 0 is the newest whole one."""

    def __init__(self, loans: int, seed: int) -> None:
        self.luck = luck = np.random.default_rng(seed)
        self.count = count = loans
        self.number = np.arange(1, count + 1)
        self.group = (self.number - 1) // MEMBERS + 1
        self.groups = int(self.group[-1])
        self.commune = (self.group - 1) // GROUPS_OF_COMMUNE + 1
        self.office = (self.commune - 1) // COMMUNES_OF_OFFICE + 1
        self.programme = luck.choice(len(PROGRAMMES), count, p=[0.17, 0.15, 0.15, 0.2, 0.25, 0.08])
        self.balance = luck.integers(10, 100, count) * 1_000_000
        self.student = (self.programme == 5) & (luck.random(count) < 0.8)
        self.young = np.where(luck.random(count) < 0.1, luck.integers(1, MONTHS, count), MONTHS)
        self.truth = Truth()
        self.overdue = np.zeros(count, dtype=np.int64)
        self.overdue_before = np.where(luck.random(count) < 0.004, self.balance // 2, 0)
        self.due = day_number(DAY) + luck.integers(5, 1_000, count)
        self.days: list[tuple[int, int, int]] = []
        self.savings: list[tuple[int, int, int, int]] = []
        self.paid, self.now = self._habits()
        self.own = self.paid.copy()
        self._look_alikes()
        self._plant()

    def _habits(self) -> tuple[Ints, Ints]:
        """Who pays in which month, and whether in the running one by the day."""
        luck = self.luck
        rhythm = luck.choice(_HABITS, self.count, p=_SHARES)
        harvest = luck.choice(self.groups, self.groups // 60, replace=False) + 1
        self.harvest = np.isin(self.group, harvest)
        phase = luck.integers(0, 12, self.count)
        rhythm, phase = np.where(self.harvest, 6, rhythm), np.where(self.harvest, 4, phase)
        ago = np.arange(MONTHS)
        paid = (ago[None, :] + phase[:, None]) % rhythm[:, None] == 0
        missed = luck.random((self.count, MONTHS)) < 0.02
        paid &= ~missed & ~self.student[:, None]
        now = (rhythm == 1) & (luck.random(self.count) < 0.6) & ~self.student
        self.rhythm = rhythm
        return paid, now

    def _some(self, share: float, among: Ints) -> Ints:
        able = np.flatnonzero(among)
        return self.luck.choice(able, max(1, round(len(able) * share)), replace=False)

    def _stop(self, who: Ints, months: Ints) -> None:
        for one, so_long in zip(who, months, strict=True):
            self.paid[one, :so_long] = False
        self.now[who] = False

    def _look_alikes(self) -> None:
        """What a rule may take for a case and is none: it all goes on as before."""
        luck = self.luck
        steady = (self.rhythm == 1) & ~self.student
        # Ill or away for some months, and back again long ago, or still away and coming back.
        back = self._some(0.01, steady)
        for one in back:
            start = int(luck.integers(4, 10))
            self.paid[one, start : start + int(luck.integers(2, 5))] = False
        self._stop(away := self._some(0.0015, steady), luck.integers(2, 5, len(away)))
        # Savings taken out for a wedding or a house.
        for one in self._some(0.01, steady):
            self._withdraw(one, 1.0)
        # A session that fell out, made up in the next month.
        for group in luck.choice(self.groups, self.groups // 40, replace=False) + 1:
            self.paid[self.group == group, int(luck.integers(0, 4))] = False
        # Neighbours who go to the counter together, once.
        for group in luck.choice(self.groups, self.groups // 20, replace=False) + 1:
            self._counter(group, int(luck.integers(2, 7)), [int(luck.integers(0, 3))])

    def _withdraw(self, one: int, share: float) -> None:
        held = int(self.luck.integers(5, 60)) * 100_000
        last = day_number(DAY) - int(self.luck.integers(5, 90))
        self.savings.append((int(self.number[one]), int(held * share), held, last))

    def _counter(self, group: int, households: int, agos: list[int]) -> None:
        for ago in agos:
            day = day_number(_end(ago)) - 10 - int(self.luck.integers(0, 5))
            self.days.append((group, day, households))

    def _plant(self) -> None:
        luck, truth = self.luck, self.truth
        steady = (self.rhythm == 1) & ~self.student & ~self.harvest
        # Households that stopped for good, 2 to 9 months ago.
        gone = self._some(0.004, steady & (self.young > 10))
        self._stop(gone, luck.integers(2, 10, len(gone)))
        truth.plant("silent", self.number[gone])
        # Households that took their savings and stopped in the last month or two.
        left = self._some(0.0015, steady & (self.young > 4))
        self._stop(left, luck.integers(1, 3, len(left)))
        for one in left:
            self._withdraw(one, float(luck.choice([0.75, 0.9, 1.0])))
        truth.plant("savings_withdrawn", self.number[left])
        truth.households |= {int(one) for one in self.number[np.concatenate([gone, left])]}
        groups = luck.permutation(sorted(set(self.group[~self.harvest].tolist())))
        sizes = [max(3, round(self.groups * share)) for share in (0.008, 0.004, 0.006, 0.008)]
        kept, dissolved, borrowed, bunched = np.split(groups[: sum(sizes)], np.cumsum(sizes)[:-1])
        for group in kept:
            self._keeper(int(group))
        for group in dissolved:
            self._dissolved(int(group))
        for group in borrowed:
            agos = luck.permutation(3)[: int(luck.integers(2, 4))].tolist()
            self._counter(int(group), int(luck.integers(5, 13)), agos)
        for group in bunched:
            self._bunched(int(group))
        for kind, keys in (
            ("interest_falling", kept),
            ("absent", dissolved),
            ("paying_for_many", borrowed),
            ("maturities", bunched),
        ):
            truth.plant(kind, keys)
            truth.groups |= {int(one) for one in keys}
        self._rolling()

    def _keeper(self, group: int) -> None:
        """A leader who hands on less and less of the interest: the members paid."""
        members = np.flatnonzero((self.group == group) & ~self.student)
        for ago in range(int(self.luck.integers(2, 6))):
            kept = self.luck.random(len(members)) < 0.75 - 0.12 * ago
            self.paid[members[kept], ago] = False
        self.now[members] = False
        self.truth.households |= {int(one) for one in self.number[members]}

    def _dissolved(self, group: int) -> None:
        """Nearly nobody comes any more."""
        members = np.flatnonzero((self.group == group) & ~self.student)
        for ago in range(int(self.luck.integers(2, 4))):
            away = self.luck.random(len(members)) < 0.92
            self.paid[members[away], ago] = False
        self.now[members] = False
        self.truth.households |= {int(one) for one in self.number[members]}

    def _bunched(self, group: int) -> None:
        members = np.flatnonzero(self.group == group)
        month = day_number(DAY) + int(self.luck.integers(1, 5)) * 30
        most = members[self.luck.random(len(members)) < 0.75]
        self.due[most] = day_number(_end_of(month)) - self.luck.integers(0, 25, len(most))

    def _rolling(self) -> None:
        """Programmes that go overdue in a commune; and one that does so a little everywhere."""
        found: set[tuple[int, str]] = set()
        everywhere = self._some(0.01, self.programme == 4)
        self.overdue[everywhere] = self.balance[everywhere]
        communes = int(self.commune[-1])
        for commune in self.luck.choice(communes, max(3, communes // 12), replace=False) + 1:
            programme = int(self.luck.integers(0, 4))
            there = (self.commune == commune) & (self.programme == programme)
            fallen = self._some(0.06, there)
            self.overdue[fallen] = self.balance[fallen]
            found.add((int(commune), PROGRAMMES[programme]))
        self.truth.cases["rolling"] = found

    def write(self, folder: Path) -> tuple[Store, pl.DataFrame, pl.DataFrame]:
        """A store with the ends of the months and the day; DAYS and SAVINGS."""
        store = Store(folder)
        interest = self.balance // 1_000_000 * _INTEREST
        # Interest that stands uncollected, month after month, the oldest first.
        owed = np.zeros(self.count, dtype=np.int64)
        collected = np.zeros(self.count, dtype=np.int64)
        accrued = np.zeros(self.count, dtype=np.int64)
        overdue = self.overdue_before
        for ago in range(MONTHS - 1, -2, -1):
            there = self.young > ago
            before = (accrued.copy(), collected.copy(), overdue)
            pays = self.now if ago < 0 else self.paid[:, ago]
            collected = collected + np.where(pays & there, owed, 0)
            accrued = accrued + np.where(there, interest, 0)
            owed = accrued - collected
            newly = self.overdue if ago == 1 else 0
            overdue = np.where(newly > 0, newly, overdue)
            rows = self._rows((accrued, collected, overdue), before, there)
            day = DAY if ago < 0 else _end(ago)
            with store.writing(day, "", "", "bench") as out:
                out.add("rows-000.parquet", rows, offices=sorted(set(self.office.tolist())))
                out.add("sums-000.parquet", summed(rows, day_number(day.replace(day=1))))
        days = pl.DataFrame(self._all_days(), schema=["group", "day", "households"], orient="row")
        savings = pl.DataFrame(
            self.savings, schema=["household", "withdrawn", "held", "day"], orient="row"
        )
        return store, days, savings

    def _all_days(self) -> list[tuple[int, int, int]]:
        """Beside the days planted: each group's session, and a few at the counter."""
        sessions = [
            (group, day_number(_end(ago)) - 3 - group % 20, 30)
            for ago in range(3)
            for group in range(1, self.groups + 1)
        ]
        alone = [
            (int(group), day_number(_end(int(ago))) - int(day), int(few))
            for group, ago, day, few in zip(
                self.luck.integers(1, self.groups + 1, 3 * self.groups),
                self.luck.integers(0, 3, 3 * self.groups),
                self.luck.integers(0, 28, 3 * self.groups),
                self.luck.integers(1, 4, 3 * self.groups),
                strict=True,
            )
        ]
        return [*sessions, *alone, *self.days]

    def _rows(self, now: tuple[Ints, ...], before: tuple[Ints, ...], there: Ints) -> pl.DataFrame:
        given = {
            "loan": self.number,
            "household": self.number,
            "group": self.group,
            "commune": self.commune,
            "office": self.office,
            "mass": self.group % 4 + 1,
            "source": np.ones(self.count, dtype=np.int64),
            "programme": np.array(PROGRAMMES, dtype=object)[self.programme],
            "lent": self.balance,
            "lent_0": self.balance,
            "in_time": self.balance - now[2],
            "overdue": now[2],
            "overdue_0": before[2],
            "fallen": np.where(self.student, 0, 1),
            "next_due": self.due,
            "next_reach": self.balance,
            "accrued": now[0],
            "accrued_0": before[0],
            "collected": now[1],
            "collected_0": before[1],
        }
        frame = pl.DataFrame(given).filter(pl.Series(there)).sort("office", "loan")
        nothing = {name: pl.lit(0) for name in ROW if name not in given}
        rows = frame.with_columns(**nothing)
        return rows.select(pl.col(name).cast(rules_type(name)) for name in ROW)


def _end(ago: int) -> date:
    """The end of the whole month that lies so many months back from the newest."""
    day = DAY.replace(day=1)
    for _ in range(ago):
        day = (day - timedelta(days=1)).replace(day=1)
    return day - timedelta(days=1)


def _end_of(day: int) -> date:
    found = date.fromordinal(day + date(1970, 1, 1).toordinal())
    return (found.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
