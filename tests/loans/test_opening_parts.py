"""What had fallen due when a book began: the overdue part, whatever was repaid, and its interest, day by day in exact fractions."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from tdcs.core.columns import day_number, day_of_number, months_later
from tdcs.loans.rules.fold import EVENT_COLUMNS, LAW_COLUMNS, LOAN_COLUMNS, fold
from tdcs.loans.rules.kinds import OPENING, OPENING_FALLEN, OPENING_LATE, PRINCIPAL
from tdcs.loans.rules.project import frame_of

LENT = date(2024, 3, 5)
TERM = 36
RATE = 62_400
EVE = date(2025, 10, 31)
LAST = months_later(LENT, TERM)


def _folded(
    fallen: int, lent: int, events: list[tuple[date, int, int]], day: date
) -> dict[str, int]:
    row = (1, day_number(LENT), lent, TERM, TERM, 12, RATE, True, 0, 0, 0, day_number(day))
    turned = date(2025, 9, 12)
    told = [(1, day_number(LENT), 0, OPENING_FALLEN, fallen, day_number(turned), 0, None, 0)]
    told += [
        (1, day_number(on), at, kind, amount, 0, 0, None, 0)
        for at, (on, kind, amount) in enumerate(events, 1)
        if on <= day
    ]
    loans = frame_of(LOAN_COLUMNS, [row], {"by_instalment"})
    found = fold(loans, frame_of(EVENT_COLUMNS, told, set()), frame_of(LAW_COLUMNS, [], set()))
    assert len(found.refused) == 0
    (named,) = found.positions.rows(named=True)
    return dict(named)


def _by_days(
    split: dict[str, int], paid: tuple[date, int], through: date
) -> tuple[int, int, Fraction]:
    """(in time, overdue, interest since the eve) by going through the days; what is paid fills what is overdue first."""
    in_time, overdue, interest = split["in_time"], split["overdue"], Fraction(0)
    day = EVE
    while day < through:
        day += timedelta(days=1)
        if day == paid[0]:
            filled = min(paid[1], overdue)
            overdue, in_time = overdue - filled, in_time - (paid[1] - filled)
        if day > months_later(LENT, TERM):
            overdue, in_time = overdue + in_time, 0
        interest += Fraction(RATE * in_time, 365 * 10**6)
        interest += Fraction(RATE * 130 * overdue, 365 * 10**8)
    return in_time, overdue, interest


@settings(max_examples=40, deadline=None)
@given(
    lent=st.integers(2, 100_000).map(lambda thousands: thousands * 1_000),
    repaid=st.floats(0, 1),
    late=st.floats(0, 1),
    later=st.floats(0, 1),
    days=st.integers(1, 120),
    late_interest=st.integers(0, 900_000),
)
def test_the_part_is_held_and_goes_on_by_the_law(
    lent: int, repaid: float, late: float, later: float, days: int, late_interest: int
) -> None:
    """The extract's split stands on the eve to the dong; afterwards other arithmetic gives the same."""
    paid = int(lent * repaid)
    overdue = int((lent - paid) * late)
    events = [(EVE, PRINCIPAL, paid)] if paid else []
    events += [(EVE, OPENING_LATE, late_interest), (EVE, OPENING, 1)]
    eve = _folded(paid + overdue, lent, events, EVE)
    assert (eve["balance"], eve["overdue"]) == (lent - paid, overdue)
    if overdue:
        assert day_of_number(eve["overdue_since"]) == date(2025, 9, 13)
    assert day_of_number(eve["final_due"]) == LAST
    more = (date(2025, 11, 9), int((lent - paid) * later))
    through = EVE + timedelta(days=days)
    if more[1]:
        events.append((more[0], PRINCIPAL, more[1]))
    now = _folded(paid + overdue, lent, events, through)
    in_time, still, interest = _by_days(eve, more, through)
    assert (now["in_time"], now["overdue"]) == (in_time, still)
    assert abs(now["accrued"] - eve["accrued"] - interest) <= 1


def test_after_the_last_day_all_is_overdue() -> None:
    """5 of 30 million overdue before it, all 30 after the session before the last day."""
    events = [(EVE, PRINCIPAL, 20_000_000)]
    before = _folded(25_000_000, 50_000_000, events, date(2027, 2, 1))
    after = _folded(25_000_000, 50_000_000, events, date(2027, 3, 6))
    assert (before["overdue"], after["overdue"]) == (5_000_000, 30_000_000)
