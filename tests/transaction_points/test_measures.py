"""Indicators read the register of sessions: business done at them, sessions held as announced."""

from __future__ import annotations

from datetime import date

import pytest
from lending_cast import Bank, key, lend, make_household

from tdcs.indicators.queries.sessions import business_on, sessions_on
from tdcs.indicators.rules.definitions import catalogue
from tdcs.loans.services.changing import reverse_event
from tdcs.loans.services.collecting import Collection, Sheet, collect_sheet
from tdcs.organisations.models import TransactionPoint
from tdcs.transaction_points.models import TransactionSession
from tdcs.transaction_points.services.schedule import move_session, plan_sessions

pytestmark = pytest.mark.django_db
OCTOBER, NOVEMBER = date(2026, 10, 31), date(2026, 11, 30)


def pay(bank: Bank, loan: int, on: date) -> None:
    line = Collection(loan, interest=1_000)
    sheet = Sheet(key(), bank.office.pk, bank.group.pk, (line,))
    collect_sheet(sheet=sheet, by=bank.teller, on=on)


def done(day: date) -> list[tuple[int, int]]:
    frame, _known = business_on([day])
    return frame.select("session_done", "session_all").rows()


def test_business_on_the_sessions_day_is_the_sessions(bank: Bank, point: TransactionPoint) -> None:
    first = lend(bank, make_household(bank.group), on=date(2026, 9, 1))
    second = lend(bank, make_household(bank.group, "Hộ 2"), on=date(2026, 9, 1))
    for loan, day in ((first, 15), (second, 15), (first, 14), (second, 16)):
        pay(bank, loan.pk, date(2026, 10, day)) if day != 14 else None
    assert (done(OCTOBER), business_on([OCTOBER])[1]) == ([], set())
    session = TransactionSession.objects.create(
        point=point, office=bank.office, due_on=date(2026, 10, 15), held_on=date(2026, 10, 15)
    )
    # Planned only: the month is not known yet.
    assert done(OCTOBER) == []
    session.state = "settled"
    session.save()
    assert done(OCTOBER) == [(2, 3)]
    # In the middle of the next month the last one that ended counts; at its end the register knows none.
    assert done(date(2026, 11, 23)) == [(2, 3)]
    assert done(NOVEMBER) == []
    # What is reversed was no business.
    event = second.events.get(kind="interest", on=date(2026, 10, 15))
    reverse_event(event=event, why="Nhầm", by=bank.accountant, on=date(2026, 11, 2), key=key())
    assert done(OCTOBER) == [(1, 2)]
    # A group that meets elsewhere did no business at this point.
    bank.group.points.update(ends_on=date(2026, 10, 15))
    TransactionSession.objects.create(
        point=point, office=bank.office, due_on=date(2026, 10, 20), held_on=date(2026, 10, 20)
    ).moves.create(verb="x", source="", target="", on=OCTOBER, recorded_at="2026-11-01T00:00Z")
    assert done(OCTOBER) == [(0, 2)]


def test_sessions_held_as_announced(bank: Bank, point: TransactionPoint) -> None:
    today = date(2026, 9, 20)
    [one] = plan_sessions(office=bank.office, month=date(2026, 10, 1), by=None, on=today)
    TransactionSession.objects.update(state="settled")
    frame, known = sessions_on([OCTOBER, date(2026, 10, 30)])
    assert known == {OCTOBER}
    assert frame.select("office", "commune", "sessions_planned", "sessions_on_time").rows() == [
        (bank.office.pk, point.profiles.get().area_id, 1, 1)
    ]
    TransactionSession.objects.update(state="planned")
    row = TransactionSession.objects.get(pk=one.pk)
    move_session(session=row, to=date(2026, 10, 16), why="Bão", by=bank.head, on=today)
    TransactionSession.objects.update(state="settled")
    assert sessions_on([OCTOBER])[0]["sessions_on_time"].to_list() == [0]


def test_the_indicators_read_it() -> None:
    found = catalogue()
    assert found["session_share"].numerator[0].origin == "session_business"
    assert found["sessions_on_time"].numerator[0].origin == "sessions"
