"""How principal comes back, month by month over all loans: due parts, finals, what goes wrong, and early payment.

Early payment fills what is left between the lending we know and the outstanding we know: so history follows the figures.
Every choice keeps to the rules (docs/rules/loan.md); the events are folded by the engine afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import narwhals as nw
import numpy as np
import polars as pl

from tdcs.core.columns import add_months, day_of_number
from tdcs.demo.province.calibration import (
    MILLION,
    START,
    Frame,
    calibration,
    first_day,
    month_of,
    path_of,
)
from tdcs.demo.province.contracts import STUDENTS, Lent
from tdcs.demo.province.groups import Groups
from tdcs.loans.rules.kinds import EXTEND, FREEZE, PRINCIPAL, RESCHEDULE, WRITE_OFF
from tdcs.loans.rules.limits import freeze_months, with_extension_limit
from tdcs.loans.rules.schedule import named, schedule, with_trigger

Array = np.ndarray[Any, Any]

# A loss, in percent, that freezes a debt for the shorter time.
_LOST_HALF: Final = 50
_NONE: Final = np.iinfo(np.int64).max
# The columns of a plain event: what the engine's events have but the key.
EVENT: Final = ("loan", "day", "kind", "amount", "to", "due", "rate")


@dataclass
class Book:
    """The loans as arrays, and what has happened so far."""

    frame: Frame
    lent: Array
    paid: Array
    local: Array
    disbursed: Array
    session: Array
    pay_day: Array
    final_due: Array
    final: Array  # the day that triggers overdue
    term: Array
    students: Array
    direct: Array
    new_rules: Array
    trouble: Array
    late_since: Array  # 0, or the first day of overdue principal
    late: Array  # dong overdue
    is_frozen: Array  # frozen
    gone: Array  # written off
    last_paid: Array
    extended: Array
    settled: Array  # the day, or 0
    events: list[tuple[Array, ...]] = field(default_factory=list)

    @property
    def balance(self) -> Array:
        return self.lent - self.paid

    def add(self, at: Array, day: Array | int, kind: int, **given: Array | int) -> None:
        """Events of the loans ``at`` (places); amount, to, due and rate are nothing unless given."""
        if len(at):
            n = len(at)
            values = [
                np.broadcast_to(given.get(name, 0), n) for name in ("amount", "to", "due", "rate")
            ]
            self.events.append((at + 1, np.broadcast_to(day, n), np.full(n, kind), *values))

    def pay(self, at: Array, day: Array, amount: Array) -> int:
        """Principal paid; what was overdue is paid first. The sum."""
        keep = amount > 0
        at, day, amount = at[keep], day[keep], amount[keep]
        self.add(at, day, PRINCIPAL, amount=amount)
        self.paid[at] += amount
        self.late[at] = np.maximum(self.late[at] - amount, 0)
        self.late_since[at[self.late[at] == 0]] = 0
        self.last_paid[at] = day
        done = at[self.paid[at] == self.lent[at]]
        self.settled[done] = self.last_paid[done]
        return int(amount.sum())

    def table(self) -> pl.DataFrame:
        """All events so far."""
        columns = zip(*self.events, strict=True)
        data = {n: np.concatenate(c).astype(np.int64) for n, c in zip(EVENT, columns, strict=True)}
        return pl.DataFrame(data)


def live(frame: Frame, lent: Lent, groups: Groups) -> tuple[Book, pl.DataFrame]:
    """The book after its last day and the contracts' instalments."""
    loans = lent.frame
    parts = instalments_of(loans)
    book = _open(frame, loans, parts, groups)
    luck = frame.luck(4)
    _before(book, loans, parts, luck)
    begun = month_of(START)
    end = month_of(frame.on)
    months = loans["month"].to_numpy()
    amounts = loans["amount"].to_numpy()
    later = {
        m: (g["loan"].to_numpy() - 1, g["amount"].to_numpy())
        for (m,), g in lent.later.group_by("month")
    }
    for month in [m for m in sorted(later) if m < begun]:
        np.add.at(book.lent, later[month][0], later[month][1])
    aims = Aims(frame, lent)
    due = Due(parts, loans)
    for month in range(begun, end + 1):
        new = np.flatnonzero(months == month)
        book.lent[new] = amounts[new]
        if month in later:
            np.add.at(book.lent, *later[month])
        _month(book, month, aims, due, luck)
    return book, parts


def instalments_of(loans: pl.DataFrame) -> pl.DataFrame:
    """The instalments that the contracts set, by the rules; a student's first part is due after the last was paid out."""
    wanted = loans.select("loan", "disbursed", "term", "spacing", "session", principal="total")
    contracts = nw.from_native(wanted.with_columns(pl.all().cast(pl.Int64)), eager_only=True)
    rows = named(schedule(contracts))
    found: pl.DataFrame = rows.to_native()
    return found.sort("loan", "number").with_columns(
        reach=pl.col("principal").cum_sum().over("loan"),
        next_due=pl.col("due").shift(-1).over("loan").fill_null(0),
    )


def _open(frame: Frame, loans: pl.DataFrame, parts: pl.DataFrame, groups: Groups) -> Book:
    count = len(loans)
    last = parts.filter(pl.col("number") == pl.col("last")).sort("loan")
    group = loans["group"].to_numpy()

    def none() -> Array:
        return np.zeros(count, dtype=np.int64)

    opening = loans["month"].to_numpy() < month_of(START)
    return Book(
        frame,
        lent=np.where(opening, loans["amount"].to_numpy(), 0),
        paid=none(),
        local=loans["local"].to_numpy(),
        disbursed=loans["disbursed"].to_numpy(),
        session=loans["session"].to_numpy(),
        pay_day=loans["session_of"].to_numpy(),
        final_due=last["due"].to_numpy().copy(),
        final=last["trigger"].to_numpy().copy(),
        term=loans["term"].to_numpy(),
        students=(loans["programme"] == STUDENTS).to_numpy(),
        direct=group < 0,
        new_rules=loans["by_instalment"].to_numpy(),
        trouble=np.where(group < 0, 0.5, groups.trouble[np.maximum(group, 0)]),
        late_since=none(),
        late=none(),
        is_frozen=np.zeros(count, dtype=bool),
        gone=np.zeros(count, dtype=bool),
        last_paid=none(),
        extended=np.zeros(count, dtype=bool),
        settled=none(),
    )


def _before(
    book: Book, loans: pl.DataFrame, parts: pl.DataFrame, luck: np.random.Generator
) -> None:
    """What was paid on the opening portfolio before the history begins: three of four due parts, on their session."""
    start = first_day(month_of(START))
    rows = parts.filter((pl.col("trigger") < start) & (pl.col("number") < pl.col("last")))
    rows = rows.filter(pl.Series(luck.random(len(rows)) < 0.75)).filter(
        pl.col("trigger") > pl.col("since")
    )
    at = rows["loan"].to_numpy() - 1
    amount = rows["principal"].to_numpy()
    book.add(at, rows["trigger"].to_numpy(), PRINCIPAL, amount=amount)
    np.add.at(book.paid, at, amount)


class Aims:
    """What each month should collect, and how much should be overdue and frozen at its end."""

    def __init__(self, frame: Frame, lent: Lent) -> None:
        cal = calibration()
        self.start = month_of(START)
        self.months = range(self.start, month_of(frame.on) + 1)
        self.lent = lent.lent_by_month
        self.season = cal["seasons"]["collection"]
        self.anchors = [
            (month_of(row["day"]), (row["all"] - row["local"], row["local"]))
            for row in cal["outstanding"]
        ]
        self.scale = MILLION * frame.scale
        # A share of principal as parts per million, by month.
        self.overdue = path_of("quality", "overdue", self.months) / 1e6
        self.frozen = path_of("quality", "frozen", self.months) / 1e6
        self.spans: dict[tuple[int, int], float] = {}
        day = frame.last - first_day(month_of(frame.on)) + 1
        self.part_of_last = max(day, 1) / 30

    def collect(self, month: int, tier: int, stands: int) -> float:
        """Dong to collect in a month of a tier, whose outstanding before the span's first month was ``stands``."""
        end, goal = next((m, g) for m, g in self.anchors if m >= month)
        begin = max(m for m, _ in self.anchors if m < month)
        span = range(max(begin, self.start - 1) + 1, end + 1)
        if (end, tier) not in self.spans:
            flow = sum(self.lent.get(m, (0, 0))[tier] for m in span)
            self.spans[end, tier] = stands + flow - goal[tier] * self.scale
        share = self.season[month % 12] / sum(self.season[m % 12] for m in span)
        whole = self.part_of_last if month == self.months[-1] else 1.0
        return float(self.spans[end, tier] * share * min(whole, 1.0))


class Due:
    """Instalments in between, by the month of their session."""

    def __init__(self, parts: pl.DataFrame, loans: pl.DataFrame) -> None:
        rows = parts.filter(pl.col("number") < pl.col("last"))
        rows = rows.join(loans.select("loan", "by_instalment"), on="loan")
        rows = rows.with_columns(
            month=(pl.col("trigger").cast(pl.Int32).cast(pl.Date).dt.year().cast(pl.Int64) * 12)
            + pl.col("trigger").cast(pl.Int32).cast(pl.Date).dt.month().cast(pl.Int64)
            - 1
        ).filter(pl.col("trigger") > pl.col("since"))
        self.by_month = {m: g for (m,), g in rows.group_by("month", maintain_order=True)}

    def of(self, month: int) -> pl.DataFrame | None:
        return self.by_month.get(month)


def _month(book: Book, month: int, aims: Aims, due: Due, luck: np.random.Generator) -> None:
    first = first_day(month)
    at_month = month - aims.start
    collected = np.zeros(2)
    lent_before = book.balance - np.where(book.disbursed >= first, book.lent, 0)
    aim = np.array(
        [aims.collect(month, t, int(lent_before[book.local == bool(t)].sum())) for t in (0, 1)]
    )
    standing = book.balance.sum()
    wanted_late = aims.overdue[at_month] * standing - book.late.sum()
    _cure(book, first, luck, collected)
    wanted_late = aims.overdue[at_month] * standing - book.late[~book.is_frozen].sum()
    _finals(book, month, wanted_late, luck, collected)
    _parts(book, due.of(month), aim - collected, luck, collected)
    if month % 12 in (5, 11):
        _freeze(book, first + 19, aims.frozen[at_month] * standing, luck)
    if month % 12 == 11:
        _write_off(book, first + 27, luck)
    _early(book, first, aim - collected, luck, collected)


def _tally(book: Book, at: Array, amount: Array, collected: Array) -> None:
    for tier in (0, 1):
        collected[tier] += amount[book.local[at] == bool(tier)].sum()


def _cure(book: Book, first: int, luck: np.random.Generator, collected: Array) -> None:
    """Some of what is overdue is paid in this month's session."""
    day = first + book.pay_day - 1
    at = np.flatnonzero(
        (book.late > 0) & ~book.is_frozen & (day > book.late_since) & (day <= book.frame.last)
    )
    at = at[luck.random(len(at)) * 100 < calibration()["habits"]["cured"]]
    # A part of them brings only half, in whole hundred thousands.
    half = luck.random(len(at)) < 0.3
    amount = np.where(half, book.late[at] // 200_000 * 100_000, book.late[at])
    _tally(book, at, amount, collected)
    book.pay(at, day[at], amount)


def _finals(
    book: Book, month: int, wanted: float, luck: np.random.Generator, collected: Array
) -> None:
    """Loans whose last session comes: most are paid, a few are extended before, a few become overdue."""
    first, after = first_day(month), first_day(month + 1)
    due = (
        (book.final >= first)
        & (book.final < after)
        & (book.balance > 0)
        & ~book.is_frozen
        & ~book.gone
    )
    at = np.flatnonzero(due & (book.final <= book.frame.last))
    if not len(at):
        return
    at = at[np.argsort(luck.random(len(at)) ** (1 / book.trouble[at]))[::-1]]
    extends = calibration()["habits"]["extends"] / 100
    miss = np.zeros(len(at), dtype=bool)
    if wanted > 0:
        before = np.cumsum(book.balance[at]) - book.balance[at]
        miss = (before < wanted) & (luck.random(len(at)) < (wanted - before) / book.balance[at])
    ask = ~miss & (np.arange(len(at)) < np.count_nonzero(miss) * (1 + extends) + luck.random())
    ask &= ~book.extended[at] & ~book.direct[at]
    _extend(book, at[ask], luck)
    late = at[miss]
    book.late[late] = book.balance[late]
    book.late_since[late] = book.final[late] + 1
    rest = at[~miss & ~ask]
    amount = book.balance[rest]
    _tally(book, rest, amount, collected)
    book.pay(rest, book.final[rest], amount)


def _extend(book: Book, at: Array, luck: np.random.Generator) -> None:
    """The final day moves by half a year or a year, never by more than half of the term."""
    day = book.final[at] - 6
    asked = _columns(day=day, disbursed=book.disbursed[at], term=book.term[at])
    most = with_extension_limit(asked)["extension_months"].to_numpy()
    months = np.minimum(luck.choice([6, 12], len(at)), most)
    to = _months_later(book.final_due[at], months)
    book.add(at, day, EXTEND, to=to)
    book.final_due[at] = to
    book.final[at] = _trigger(to, book.session[at])
    book.extended[at] = True


def _months_later(day: Array, months: Array) -> Array:
    """``add_months`` of the rules, over arrays."""
    rows = add_months(_columns(day=day, months=months), "later", nw.col("day"), nw.col("months"))
    found: Array = rows["later"].to_numpy()
    return found


def _trigger(due: Array, session: Array) -> Array:
    """The day that triggers overdue, by the rules."""
    found: Array = with_trigger(_columns(due=due, session=session))["trigger"].to_numpy()
    return found


def _columns(**given: Array) -> nw.DataFrame[Any]:
    data = {name: np.asarray(values, dtype=np.int64) for name, values in given.items()}
    return nw.from_native(pl.DataFrame(data), eager_only=True)


def _parts(
    book: Book, rows: pl.DataFrame | None, left: Array, luck: np.random.Generator, collected: Array
) -> None:
    """Instalments in between: paid, put off under the older rules, rescheduled or missed under the newer."""
    if rows is None:
        return
    at = rows["loan"].to_numpy() - 1
    day = rows["trigger"].to_numpy()
    owed = np.minimum(rows["reach"].to_numpy() - book.paid[at], book.balance[at])
    fits = (
        (owed > 0)
        & ~book.is_frozen[at]
        & ~book.gone[at]
        & (book.late[at] == 0)
        & (day <= book.frame.last)
    )
    rows, at, day, owed = rows.filter(pl.Series(fits)), at[fits], day[fits], owed[fits]
    new = book.new_rules[at]
    chance = np.where(
        new, 0.93 - 0.03 * book.trouble[at], calibration()["habits"]["pays_part"] / 100
    )
    pays = luck.random(len(at)) < chance
    for tier in (0, 1):
        # Under the older rules nobody must: not more than what this month may bring.
        mine = pays & ~new & (book.local[at] == bool(tier))
        room = max(left[tier], 0.0)
        pays[mine] = np.cumsum(owed[mine]) <= room
    _tally(book, at[pays], owed[pays], collected)
    book.pay(at[pays], day[pays], owed[pays])
    missed = ~pays & new
    asks = missed & (luck.random(len(at)) < 0.7) & (rows["number"] + 1 < rows["last"]).to_numpy()
    book.add(
        at[asks],
        day[asks] - 6,
        RESCHEDULE,
        due=rows["due"].to_numpy()[asks],
        to=rows["next_due"].to_numpy()[asks],
    )
    late = missed & ~asks
    book.late[at[late]] = owed[late]
    book.late_since[at[late]] = day[late] + 1


def _freeze(book: Book, day: int, wanted: float, luck: np.random.Generator) -> None:
    """A decision twice a year: a few overdue loans, and loans that a misfortune hit before they were due."""
    if day > book.frame.last:
        return
    wanted -= book.balance[book.is_frozen].sum()
    able = (book.balance > 0) & ~book.is_frozen & ~book.gone & ~book.direct & ~book.students
    able &= (book.disbursed < day - 400) & (book.last_paid < day)
    late = np.flatnonzero(able & (book.late > 0) & (book.late_since < day))
    fine = np.flatnonzero(able & (book.late == 0) & (book.final > day + 40))
    at = np.concatenate(
        [luck.permutation(late)[: len(late) // 6 + 1], luck.permutation(fine)[:3000]]
    )
    at = at[np.cumsum(book.balance[at]) <= wanted]
    # Five years where four fifths were lost, else three; those that would end before the build's day get five.
    decided = day_of_number(day)
    most, less = freeze_months(None, decided), freeze_months(_LOST_HALF, decided)
    months = np.where((luck.random(len(at)) < 0.4) | (day + 1090 < book.frame.last), most, less)
    book.add(at, day, FREEZE, to=_months_later(np.full(len(at), day), months))
    book.is_frozen[at] = True
    book.late[at] = 0


def _write_off(book: Book, day: int, luck: np.random.Generator) -> None:
    """The year's decision on debts of the dead and the missing."""
    if day > book.frame.last:
        return
    at = np.flatnonzero(
        (book.late > 0)
        & ~book.is_frozen
        & (book.late_since < day - 300)
        & (book.late == book.balance)
    )
    share = calibration()["habits"]["written_off_a_year"] / 100 * 12
    at = at[luck.random(len(at)) < share]
    amount = book.balance[at]
    book.add(at, day, WRITE_OFF, amount=amount)
    book.paid[at] += amount
    book.late[at] = 0
    book.late_since[at] = 0
    book.gone[at] = True
    book.settled[at] = day


def _early(
    book: Book, first: int, left: Array, luck: np.random.Generator, collected: Array
) -> None:
    """Payment before its day: what the month should collect beyond what fell due."""
    day = first + book.pay_day - 1
    able = (book.balance > 0) & ~book.is_frozen & (book.late == 0) & (day <= book.frame.last)
    able &= (day > book.disbursed + 150) & (book.last_paid < day) & (book.final > day)
    able &= ~book.students | (day > book.disbursed + 30 * (book.term - 12) // 2 + 360)
    for tier in (0, 1):
        if left[tier] <= 0:
            continue
        at = np.flatnonzero(able & (book.local == bool(tier)))
        # The closer to the end, the likelier.
        age = (day[at] - book.disbursed[at]) / (book.final[at] - book.disbursed[at])
        at = at[np.argsort(luck.random(len(at)) ** (1 / (0.15 + age)))[::-1]]
        part = luck.random(len(at)) < 0.25
        third = np.maximum(book.balance[at] // 3_000_000, 1) * MILLION
        amount = np.where(part, np.minimum(third, book.balance[at]), book.balance[at])
        taken = np.cumsum(amount) <= left[tier]
        collected[tier] += amount[taken].sum()
        book.pay(at[taken], day[at[taken]], amount[taken])
