"""A loan frozen in part: the part bears nothing while it is frozen, the rest goes on, day by day in exact fractions."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from tdcs.core.columns import day_number, day_of_number, months_later
from tdcs.ledger.rules import account_of
from tdcs.loans.rules.balance import EVERYTHING
from tdcs.loans.rules.fold import EVENT_COLUMNS, LAW_COLUMNS, LOAN_COLUMNS, fold
from tdcs.loans.rules.kinds import FREEZE, OPENING_FALLEN, PRINCIPAL
from tdcs.loans.rules.project import frame_of
from tdcs.loans.services.booking import reclassify_lines

LENT = date(2024, 3, 5)
TERM = 36
RATE = 62_400
EVE = date(2025, 10, 31)
LAST = months_later(LENT, TERM)
# The session before the last day, 12/2/2027, decides.
TURNS = date(2027, 2, 12)
LONGEST = day_number(months_later(EVE, 60))


def _folded(
    lent: int, split: tuple[int, int, int], until: date, paid: tuple[date, int], day: date
) -> dict[str, int]:
    """The loan of which ``split`` (repaid, overdue, frozen) stands on the eve, folded through ``day``."""
    repaid, overdue, frozen = split
    row = (1, day_number(LENT), lent, TERM, TERM, 12, RATE, True, 0, 0, 0, day_number(day))
    told = [(LENT, OPENING_FALLEN, repaid + overdue, date(2025, 9, 12), 0)] if overdue else []
    told += [(EVE, FREEZE, frozen, until, LONGEST)] if frozen else []
    told += [(EVE, PRINCIPAL, repaid, None, 0)] if repaid else []
    told += [(paid[0], PRINCIPAL, paid[1], None, 0)] if paid[1] and paid[0] <= day else []
    events = [
        (1, day_number(on), at, kind, amount, day_number(to) if to else 0, 0, None, limit)
        for at, (on, kind, amount, to, limit) in enumerate(told)
    ]
    loans = frame_of(LOAN_COLUMNS, [row], {"by_instalment"})
    found = fold(loans, frame_of(EVENT_COLUMNS, events, set()), frame_of(LAW_COLUMNS, [], set()))
    assert len(found.refused) == 0
    (named,) = found.positions.rows(named=True)
    return dict(named)


def _by_days(
    parts: list[int], until: date, paid: tuple[date, int], through: date
) -> tuple[list[int], Fraction]:
    """(overdue, in time, frozen; interest since the eve) by going through the days, three purses beside each other."""
    overdue, in_time, frozen = parts
    interest, day = Fraction(0), EVE
    while day < through:
        day += timedelta(days=1)
        if day == until + timedelta(days=1):
            in_time, frozen = in_time + frozen, 0
        if day > TURNS:
            overdue, in_time = overdue + in_time, 0
        if day == paid[0]:
            left, purses = paid[1], []
            for purse in (overdue, in_time, frozen):
                purses.append(purse - min(left, purse))
                left -= min(left, purse)
            overdue, in_time, frozen = purses
        interest += Fraction(RATE * in_time, 365 * 10**6)
        interest += Fraction(RATE * 130 * overdue, 365 * 10**8)
    return [overdue, in_time, frozen], interest


@settings(max_examples=60, deadline=None)
@given(
    lent=st.integers(2, 100_000).map(lambda thousands: thousands * 1_000),
    shares=st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1)),
    frozen_days=st.integers(0, 700),
    paid_day=st.integers(1, 700),
    days=st.integers(1, 700),
)
def test_the_part_is_held_for_its_time_and_the_rest_goes_on(
    lent: int,
    shares: tuple[float, float, float, float],
    frozen_days: int,
    paid_day: int,
    days: int,
) -> None:
    """The three parts stand on the eve to the dong; afterwards other arithmetic gives the same."""
    repaid = int(lent * shares[0])
    frozen = int((lent - repaid) * shares[1])
    overdue = int((lent - repaid - frozen) * shares[2])
    if frozen == 0 or frozen == lent - repaid:
        return
    split, until = (repaid, overdue, frozen), EVE + timedelta(days=frozen_days)
    in_time = lent - repaid - frozen - overdue
    nothing = (EVE, 0)
    eve = _folded(lent, split, until, nothing, EVE)
    assert [eve[name] for name in ("overdue", "in_time", "frozen")] == [overdue, in_time, frozen]
    paid = (EVE + timedelta(days=paid_day), int((lent - repaid) * shares[3]))
    through = EVE + timedelta(days=days)
    now = _folded(lent, split, until, paid, through)
    parts, interest = _by_days([overdue, in_time, frozen], until, paid, through)
    assert [now[name] for name in ("overdue", "in_time", "frozen")] == parts
    assert abs(now["accrued"] - eve["accrued"] - interest) <= 1


def test_what_was_frozen_is_overdue_since_the_freeze_ended() -> None:
    """10 of 50 million frozen beyond the last day. The rest paid: overdue since the freeze ended; not paid: since before."""
    until = date(2027, 6, 30)
    all_paid = (date(2026, 1, 5), 40_000_000)
    paid = _folded(50_000_000, (0, 0, 10_000_000), until, all_paid, date(2027, 7, 1))
    assert (paid["overdue"], day_of_number(paid["overdue_since"])) == (10_000_000, date(2027, 7, 1))
    in_freeze = _folded(50_000_000, (0, 0, 10_000_000), until, (EVE, 0), date(2027, 2, 13))
    assert (in_freeze["overdue"], in_freeze["frozen"]) == (40_000_000, 10_000_000)
    assert day_of_number(in_freeze["overdue_since"]) == date(2027, 2, 13)
    later = _folded(50_000_000, (0, 0, 10_000_000), until, (EVE, 0), date(2027, 7, 1))
    assert (later["overdue"], day_of_number(later["overdue_since"])) == (
        50_000_000,
        date(2027, 2, 13),
    )


def test_entries_keep_the_part_on_the_account_of_frozen_debts() -> None:
    """45 of 50 million paid on a loan with 10 frozen: 5 come back; undone, 5 go there again; the freeze over, all comes back."""
    ordinary = account_of("loan.collect", "principal", "central")
    frozen = account_of("loan.collect", "frozen", "central")

    def moved(lines: list[tuple[str, int, int, int | None]]) -> dict[str, int]:
        found = reclassify_lines(lines, tier="central", loan=1, **states)
        return {
            code: sum(row[1] - row[2] for row in found if row[0] == code)
            for code in (ordinary, frozen)
        }

    states = {"was": 10, "now": 10, "balance": 50}
    assert moved([(ordinary, 0, 45, 1)]) == {ordinary: -40, frozen: -5}
    assert moved([(ordinary, 0, 30, 1)]) == {ordinary: -30, frozen: 0}
    states = {"was": 10, "now": 10, "balance": 5}
    assert moved([(ordinary, 45, 0, 1)]) == {ordinary: 40, frozen: 5}
    states = {"was": 10, "now": 0, "balance": 50}
    assert moved([]) == {ordinary: 10, frozen: -10}
    states = {"was": EVERYTHING, "now": EVERYTHING, "balance": 50}
    assert moved([(ordinary, 0, 45, 1)]) == {ordinary: 0, frozen: -45}
