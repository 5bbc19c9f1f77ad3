"""A second opinion on loans: one loan, one day at a time, in whole numbers; shares nothing with the engine, and has its own
copy of the law on purpose.

The day's interest is held in parts of a dong (1 / 3,650,000,000), so that 130% and 365 days stay whole.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import Any

from holidays.countries.vietnam import Vietnam

DAY = timedelta(days=1)
PARTS = 3650 * 10**6
ORDER = (
    "disbursement", "rate", "unfreeze", "session_day", "reschedule", "extend", "freeze", "interest", "principal", "write_off",
    "write_off_interest",
)  # fmt: skip

# (from, value); the last whose day has come: what a new contract bears.
RATES: dict[str, list[tuple[str, int]]] = {
    "HN": [("2015-06-01", 66000), ("2025-12-01", 62400)],
    "HCN": [("2015-06-01", 79200), ("2025-12-01", 74880)],
    "HMTN": [("2015-09-05", 82500), ("2025-12-01", 78000)],
    "HSSV": [("2015-06-01", 66000), ("2025-12-01", 62400)],
    "GQVL": [("2015-09-01", 79200), ("2025-12-01", 74880), ("2026-01-01", 79248)],
    "XKLD": [("2015-09-01", 66000), ("2025-12-01", 62400), ("2026-01-01", 79248)],
    "NSVSMT": [("2015-06-01", 90000), ("2025-12-01", 84000)],
    "NOXH": [("2015-12-10", 48000), ("2024-08-01", 66000), ("2025-10-10", 54000)],
    "SXKDVKK": [("2015-06-01", 90000), ("2025-12-01", 78000)],
    "TNVKK": [("2009-08-21", 90000), ("2025-12-01", 78000)],
    "CHAPT": [("2023-10-10", 66000), ("2025-12-01", 62400)],
    "CAINGHIEN": [("2026-05-01", 62400)],
    "STEM": [("2025-08-28", 48000)],
    "GQVL/special": [("2015-09-01", 39600), ("2025-12-01", 37440), ("2026-01-01", 62400)],
    "XKLD/special": [("2015-09-01", 66000), ("2025-12-01", 62400)],
    "MTHS": [("2022-04-04", 12000)],
}
# The rate that contracts running on a day bear from it on.
RUNNING: dict[str, dict[str, int]] = {
    "HN": {"2025-12-01": 62400},
    "HCN": {"2025-12-01": 74880},
    "HMTN": {"2025-12-01": 78000},
    "HSSV": {"2025-12-01": 62400},
    "GQVL": {"2025-12-01": 74880},
    "XKLD": {"2025-12-01": 62400},
    "NSVSMT": {"2025-12-01": 84000},
    "NOXH": {"2025-10-10": 54000},
    "SXKDVKK": {"2025-12-01": 78000},
    "TNVKK": {"2025-12-01": 78000},
    "CHAPT": {"2025-12-01": 62400},
    "GQVL/special": {"2025-12-01": 37440},
    "XKLD/special": {"2025-12-01": 62400},
}
MOST: dict[str, list[tuple[str, int]]] = {
    "HN": [("2019-03-01", 100_000_000)],
    "HCN": [("2019-03-01", 100_000_000)],
    "HMTN": [("2019-03-01", 100_000_000)],
    "GQVL": [("2019-11-08", 100_000_000), ("2026-01-01", 200_000_000)],
    "NSVSMT": [("2024-09-02", 50_000_000)],
    "SXKDVKK": [("2023-06-05", 100_000_000)],
    "CHAPT": [("2023-10-10", 100_000_000)],
    "CAINGHIEN": [("2026-05-01", 200_000_000)],
}
LONGEST = {
    "HN": 120, "HCN": 120, "HMTN": 60, "GQVL": 120, "NSVSMT": 60, "NOXH": 300, "CHAPT": 120, "CAINGHIEN": 120,
}  # fmt: skip
SPACING = {"NSVSMT": 12, "HSSV": 12, "XKLD": 12, "NOXH": 6}
# Maxima that nobody confirmed are none here.
# Whether a missed instalment of theirs becomes overdue, whatever the day and the channel.
OWN_RULES = {"NOXH": False, "STEM": True}
# Corrections of 12/2025 that a proof on results from before them takes back: "decree" (running loans keep their rate),
# "holiday" (a session on a holiday counts on its day), "nothing" (instalments of 0), "maximum" (buying a house had one).
UNDONE: set[str] = set()
FIELDS = (
    "schedule", "balance", "principal_in_time", "principal_overdue", "principal_frozen", "interest_accrued",
    "interest_collected", "interest_due", "overdue_since", "final_due_on", "state", "rate_ppm",
)  # fmt: skip
# What only loans have of which interest was written off.
SOMETIMES = ("interest_written_off",)


class Refused(Exception):
    """The rules do not allow it; the code says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def require(holds: bool, code: str) -> None:
    if not holds:
        raise Refused(code)


def day_of(text: str) -> date:
    return date.fromisoformat(text)


def last_of(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


def months_later(day: date, months: int) -> date:
    """The same day of the month, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, last_of(year, month + 1)))


@cache
def rest_days(year: int) -> frozenset[date]:
    return frozenset(Vietnam(years=year))


def session_day(day: date) -> date:
    """A session that falls on a public holiday has none: the next day on which offices work (Civil Code 148.5)."""
    if "holiday" in UNDONE or day not in rest_days(day.year):
        return day
    while day.weekday() > 4 or day in rest_days(day.year):
        day += DAY
    return day


def session_before(due: date, session: int) -> date:
    """The last session day before the due day."""
    here = due.replace(day=min(session, last_of(due.year, due.month)))
    before = due.replace(day=1) - DAY
    return here if due > here else before.replace(day=min(session, before.day))


@cache
def decisive_day(due: date, session: int | None) -> date:
    """The day that decides when the contract's day is `due`: that of the session, moved off public holidays."""
    if session is None:
        return session_day(due)
    here = due.replace(day=min(session, last_of(due.year, due.month)))
    if due > here:
        return session_day(here)
    before = due.replace(day=1) - DAY
    return session_day(before.replace(day=min(session, before.day)))


def most_on(programme: str, day: date) -> int | None:
    """The most that may be lent."""
    if "maximum" in UNDONE and programme == "NOXH" and day >= date(2024, 8, 1):
        return 10**9
    return on_day(MOST, programme, day)


def on_day(table: dict[str, list[tuple[str, int]]], programme: str, day: date) -> int | None:
    value = None
    for start, amount in table.get(programme, []):
        if day_of(start) <= day:
            value = amount
    return value


def half_up(parts: int) -> int:
    whole, rest = divmod(parts, PARTS)
    return whole + (1 if 2 * rest >= PARTS else 0)


def shares(total: int, count: int) -> list[int]:
    """Equal, down to 100,000 dong, the remainder in the last."""
    each = total // count // 100_000 * 100_000
    # Nothing each: all at the end, the other places stay empty.
    return [each] * (count - 1) + [total - each * (count - 1)]


@dataclass
class Instalment:
    due_on: date
    amount: int
    # The day that decided before the point's day changed, when it had passed by then.
    passed: date | None = None


@dataclass
class Loan:
    """What stands on the evening of `day`."""

    programme: str
    group: str
    started: date
    term: int
    session_day: int | None
    rate: int
    by_instalment: bool
    instalments: list[Instalment]
    first_final: date
    disbursed: int
    day: date
    paid: int = 0
    written_off: int = 0
    collected: int = 0
    waived: int = 0
    late_rate: int | None = None
    parts: int = 0
    freezes: list[list[date]] = field(default_factory=list)
    # The point's later days of the month: (from which day on, day of the month).
    later_days: list[tuple[date, int]] = field(default_factory=list)

    @property
    def known_as(self) -> str:
        """Whose rates it bears: its target group's where that has its own."""
        own = f"{self.programme}/{self.group}"
        return own if own in RATES else self.programme

    @property
    def balance(self) -> int:
        return self.disbursed - self.gone

    @property
    def gone(self) -> int:
        return self.paid + self.written_off

    @property
    def final(self) -> date:
        return self.instalments[-1].due_on

    def frozen_on(self, day: date) -> list[date] | None:
        for freeze in self.freezes:
            if freeze[0] <= day <= freeze[1]:
                return freeze
        return None

    def trigger(self, instalment: Instalment) -> date:
        day = instalment.passed or self.decides(instalment.due_on)
        freeze = self.frozen_on(day)
        return freeze[1] if freeze else day

    def decides(self, due: date) -> date:
        """By the latest day of the month that gives a session from its first day on."""
        for since, day in reversed(self.later_days):
            if session_before(due, day) >= since:
                return decisive_day(due, day)
        return decisive_day(due, self.session_day)

    def late(self, day: date) -> tuple[int, date | None]:
        """Overdue principal at the end of the day, were nothing frozen, and since when."""
        if not self.by_instalment:
            last = self.trigger(self.instalments[-1])
            if last < day and self.balance > 0:
                return self.balance, last + DAY
            return 0, None
        left, total, since = self.gone, 0, None
        for instalment in self.instalments:
            filled = min(left, instalment.amount)
            left -= filled
            unpaid = instalment.amount - filled
            trigger = self.trigger(instalment)
            if unpaid and trigger < day:
                total += unpaid
                since = since or trigger + DAY
        return total, since

    def tonight(self) -> int:
        """The day's interest on what stands at its end."""
        if self.frozen_on(self.day):
            return 0
        overdue, _ = self.late(self.day)
        late = 13 * self.rate if self.late_rate is None else 10 * self.late_rate
        return 10 * self.rate * (self.balance - overdue) + late * overdue

    def due(self) -> int:
        """Interest that may still be collected today."""
        return half_up(self.parts + self.tonight()) - self.collected - self.waived

    def evening(self) -> None:
        self.parts += self.tonight()

    def walk_to(self, day: date) -> None:
        """Every evening before the day is passed."""
        while self.day < day:
            self.evening()
            self.day += DAY
            running = {} if "decree" in UNDONE else RUNNING.get(self.known_as, {})
            self.rate = running.get(self.day.isoformat(), self.rate)


def opened(case: dict[str, Any]) -> Loan:
    programme, principal, term = case["programme"], case["principal"], case["term_months"]
    started = day_of(case["disbursed_on"])
    require(programme in RATES, "unknown_programme")
    group = case.get("target_group") or ""
    own = f"{programme}/{group}"
    law_rate = on_day(RATES, own if own in RATES else programme, started)
    require(law_rate is not None, "no_parameters_on_day")
    most = most_on(programme, started)
    require(principal > 0 and term > 0, "amount_not_positive")
    require(most is None or principal <= most, "above_maximum")
    require(term <= LONGEST.get(programme, term), "term_too_long")
    require(day_of(case["as_of"]) >= started, "as_of_before_disbursement")
    spacing = case.get("instalment_months") or SPACING.get(programme)
    if spacing is None:
        short = term <= 12 or case.get("channel") == "direct"
        spacing = 12 if short else 24 if term <= 60 else 36
    count = -(-term // spacing)
    dues = [months_later(started, k * spacing) for k in range(1, count)]
    dues.append(months_later(started, term))
    rows = [Instalment(d, a) for d, a in zip(dues, shares(principal, count), strict=True)]
    rate = case.get("rate_ppm")
    entrusted = started >= date(2026, 3, 1) and case.get("channel") != "direct"
    return Loan(
        programme, group, started, term, case.get("session_day"), law_rate if rate is None else rate,
        OWN_RULES.get(programme, entrusted), rows, dues[-1], principal, started,
        late_rate=on_day(RATES, "HN", started) if programme == "MTHS" else None,
    )  # fmt: skip


def apply(loan: Loan, event: dict[str, Any]) -> None:
    """One event on the loan's present day, or a refusal that leaves the loan as it was."""
    globals()[f"_{event['kind']}"](loan, event)


def _positive(event: dict[str, Any]) -> int:
    require(event["amount"] > 0, "amount_not_positive")
    return int(event["amount"])


def _disbursement(loan: Loan, event: dict[str, Any]) -> None:
    amount = _positive(event)
    require(loan.day <= loan.final, "after_final_due")
    most = most_on(loan.programme, loan.day)
    require(most is None or loan.disbursed + amount <= most, "above_maximum")
    loan.disbursed += amount
    past = sum(i.amount for i in loan.instalments if i.due_on < loan.day)
    coming = [i for i in loan.instalments if i.due_on >= loan.day]
    for instalment, share in zip(coming, shares(loan.disbursed - past, len(coming)), strict=True):
        instalment.amount = share


def _rate(loan: Loan, event: dict[str, Any]) -> None:
    loan.rate = event["rate_ppm"]


def _unfreeze(loan: Loan, event: dict[str, Any]) -> None:
    freeze = loan.frozen_on(loan.day)
    if freeze is None or freeze[0] == loan.day:
        raise Refused("not_frozen")
    freeze[1] = loan.day - DAY


def _reschedule(loan: Loan, event: dict[str, Any]) -> None:
    """Instalments that earlier reschedulings brought onto one day move on together."""
    due, to = day_of(event["due_on"]), day_of(event["to"])
    require(due != loan.final, "final_not_moved")
    through, there, unpaid = 0, [], []
    for place, instalment in enumerate(loan.instalments):
        through += instalment.amount
        if instalment.due_on == due and (instalment.amount or "nothing" in UNDONE):
            there.append(place)
            if through > loan.gone:
                unpaid.append(place)
    found = unpaid or there
    require(bool(found), "no_such_instalment")
    last = found[-1]
    require(loan.day <= loan.trigger(loan.instalments[last]), "too_late")
    require(due < to <= loan.instalments[last + 1].due_on, "beyond_next")
    for place in found:
        loan.instalments[place].due_on = to
        loan.instalments[place].passed = None


def _session_day(loan: Loan, event: dict[str, Any]) -> None:
    """What was due at a session before today stays due at it."""
    for instalment in loan.instalments:
        here = instalment.passed or loan.decides(instalment.due_on)
        instalment.passed = here if here < loan.day else None
    loan.later_days.append((day_of(event["to"]), event["session_day"]))


def _extend(loan: Loan, event: dict[str, Any]) -> None:
    to = day_of(event["to"])
    freeze = loan.frozen_on(loan.final)
    require(loan.day <= (freeze[1] if freeze else loan.final), "too_late")
    longest = months_later(loan.first_final, 12 if loan.term <= 12 else loan.term // 2)
    require(loan.final < to <= longest, "extension_too_long")
    loan.instalments[-1].due_on = to
    loan.instalments[-1].passed = None


def _freeze(loan: Loan, event: dict[str, Any]) -> None:
    to, loss = day_of(event["to"]), event.get("loss_percent")
    require(loss is None or loss >= 40, "loss_too_small")
    require(loan.frozen_on(loan.day) is None, "already_frozen")
    years = 3 if loss is not None and loss < 80 else 5
    require(loan.day <= to <= months_later(loan.day, 12 * years), "freeze_too_long")
    loan.freezes.append([loan.day, to])


def _interest(loan: Loan, event: dict[str, Any]) -> None:
    amount = _positive(event)
    require(amount <= loan.due(), "interest_above_due")
    loan.collected += amount


def _principal(loan: Loan, event: dict[str, Any]) -> None:
    amount = _positive(event)
    require(amount <= loan.balance, "principal_above_balance")
    loan.paid += amount
    require(loan.due() >= 0, "interest_above_due")


def _write_off(loan: Loan, event: dict[str, Any]) -> None:
    amount = _positive(event)
    require(amount <= loan.balance, "principal_above_balance")
    loan.written_off += amount
    require(loan.due() >= 0, "interest_above_due")
    if event.get("interest") is not None:
        _write_off_interest(loan, {"amount": event["interest"]})


def _write_off_interest(loan: Loan, event: dict[str, Any]) -> None:
    amount = _positive(event)
    require(amount <= loan.due(), "interest_above_due")
    loan.waived += amount


def standing(events: list[dict[str, Any]], reversals: list[int]) -> set[int]:
    """Indices of the events that hold, after these reversals (by index)."""

    def stands(index: int) -> bool:
        return not any(events[r]["of"] == index and stands(r) for r in reversals)

    return {i for i in range(len(events)) if stands(i)}


def ordered(events: list[dict[str, Any]], indices: set[int], on: str) -> list[dict[str, Any]]:
    todays = [
        events[i] for i in sorted(indices) if events[i]["on"] == on and events[i]["kind"] in ORDER
    ]
    return sorted(todays, key=lambda event: ORDER.index(event["kind"]))


def replay(case: dict[str, Any], indices: set[int], days: list[str]) -> Loan:
    """The loan with these events alone, on the last of these days."""
    loan = opened(case)
    for on in days:
        loan.walk_to(day_of(on))
        for event in ordered(case["events"], indices, on):
            apply(loan, event)
    return loan


def fold(case: dict[str, Any]) -> Loan:
    """The loan at the end of as_of, the last evening not yet passed."""
    events, as_of = case.get("events", []), case["as_of"]
    loan = opened(case)
    require(
        all(e["on"] >= case["disbursed_on"] for e in events if e["on"] <= as_of),
        "before_disbursement",
    )
    days = sorted({e["on"] for e in events if e["on"] <= as_of})
    reversals: list[int] = []
    for place, on in enumerate(days):
        todays = [i for i, e in enumerate(events) if e["on"] == on and e["kind"] == "reverse"]
        for index in todays:
            of = events[index]["of"]
            # What is undone on its own day must have been right before.
            earlier = {i for i in standing(events, reversals) if events[i]["on"] < on or i < index}
            replay(case, earlier, days[: place + 1])
            require(
                0 <= of < len(events) and of != index and events[of]["on"] <= on, "no_such_event"
            )
            require(all(events[r]["of"] != of for r in reversals), "already_reversed")
            reversals.append(index)
        holds = standing(events, reversals)
        if todays:
            try:
                loan = replay(case, holds, days[:place])
            except Refused as refusal:
                raise Refused("reversal_leaves_invalid") from refusal
        loan.walk_to(day_of(on))
        for event in ordered(events, holds, on):
            apply(loan, event)
    loan.walk_to(day_of(as_of))
    return loan


def position(loan: Loan) -> dict[str, Any]:
    """What stands at the end of the loan's day."""
    loan.evening()
    frozen = loan.frozen_on(loan.day) is not None
    overdue, since = (0, None) if frozen else loan.late(loan.day)
    accrued = half_up(loan.parts)
    due = accrued - loan.collected - loan.waived
    if loan.balance == 0 and loan.written_off:
        state = "written_off"
    elif frozen and loan.balance:
        state = "frozen"
    elif overdue:
        state = "overdue"
    else:
        state = "settled" if loan.balance == 0 and due == 0 else "in_time"
    waived = {"interest_written_off": loan.waived} if loan.waived else {}
    return waived | {
        "schedule": [
            {"due_on": i.due_on.isoformat(), "principal": i.amount}
            for i in loan.instalments
            if i.amount or "nothing" in UNDONE
        ],
        "balance": loan.balance,
        "principal_in_time": 0 if frozen else loan.balance - overdue,
        "principal_overdue": overdue,
        "principal_frozen": loan.balance if frozen else 0,
        "interest_accrued": accrued,
        "interest_collected": loan.collected,
        "interest_due": due,
        "overdue_since": since.isoformat() if since else None,
        "final_due_on": loan.final.isoformat(),
        "state": state,
        "rate_ppm": loan.rate,
    }


def refer(case: dict[str, Any]) -> dict[str, Any]:
    """The position of the case's loan on its as_of, or Refused."""
    return position(fold(case))
