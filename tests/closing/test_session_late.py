"""A session handed in late: events on its day, entries on the first open one, closed days closed again by a job."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "transaction_points"))

from business import closed, same_as_replayed
from lending_cast import Bank, approved, lend, make_household
from offline_cast import Tablet, collected
from running_jobs import run_jobs

from tdcs.closing.checks import CHECKS as CLOSING
from tdcs.closing.models import CloseRun
from tdcs.core import clock
from tdcs.ledger.checks import CHECKS as LEDGER
from tdcs.loans.checks import CHECKS as LOANS
from tdcs.loans.models import Loan
from tdcs.organisations.models import OrganisationProfile, TransactionPoint, TransactionPointProfile
from tdcs.transaction_points.models import (
    GroupAtPoint,
    LogLine,
    SessionEntry,
    TransactionSession,
)
from tdcs.transaction_points.services import log, packs
from tdcs.transaction_points.services.schedule import Team, name_team

pytestmark = pytest.mark.django_db
EVE, DAY, NEXT, LATER = (date(2026, 4, day) for day in (14, 15, 16, 17))


@pytest.fixture
def session(bank: Bank) -> TransactionSession:
    """The session of the 15th with its team."""
    area = OrganisationProfile.objects.get(organisation__code="ubnd@n26227", ends_on=None).area
    point = TransactionPoint.objects.create(code="TXN1", starts_on=date(2024, 1, 1))
    TransactionPointProfile.objects.create(
        point=point, name="La Ngà", area=area, session_day=15, starts_on=date(2024, 1, 1)
    )
    GroupAtPoint.objects.create(group=bank.group, point=point, starts_on=date(2024, 1, 1))
    made = TransactionSession.objects.create(
        point=point, office=bank.office, due_on=DAY, held_on=DAY
    )
    team = [(bank.officer, "leader"), (bank.head, "controller"), (bank.teller, "teller")]
    name_team(session=made, team=Team(team), by=bank.head, on=EVE)
    TransactionSession.objects.update(state="open")
    made.refresh_from_db()
    return made


@pytest.mark.parametrize("locked", [False, True], ids=["book open", "book closed"])
def test_the_day_is_closed_again_and_says_what_moved(
    bank: Bank, session: TransactionSession, locked: bool
) -> None:
    with clock.fixed_today(EVE):
        loan = lend(bank, make_household(bank.group, "Hộ một"), on=EVE)
        paid_out = approved(bank, make_household(bank.group, "Hộ hai"), on=EVE)
    closed(EVE)
    tablet = Tablet()
    with clock.fixed_today(DAY):
        device = packs.register_device(
            office=bank.office, name="Máy 1", by=bank.head, on=DAY, **tablet.keys()
        )
        header: Any = packs.take_pack(session=session, device=device, by=bank.teller, on=DAY)[
            "header"
        ]
        tablet.set_pins(header, bank.head)
    tablet.write(header, "collect", bank.teller.pk, **collected(bank, (loan, 1_000, 3_000_000)))
    asked = {"application": paid_out.pk, "amount": 10_000_000}
    tablet.approved(header, "disburse", bank.teller.pk, bank.head.pk, **asked)
    tablet.write(header, "seal", bank.officer.pk)
    closed(DAY, on=NEXT)
    today = NEXT
    if locked:
        closed(NEXT, on=LATER)
        today = LATER
    with clock.fixed_today(today):
        lines: Any = tablet.lines
        log.take_in(session=session, device=device, lines=lines, by=bank.teller, on=today)
        assert set(LogLine.objects.values_list("state", flat=True)) == {"posted", "noted"}
        entry_on = NEXT if locked else DAY
        entries = {line.entry.on for line in LogLine.objects.exclude(entry=None)}
        assert entries == {entry_on}
        assert SessionEntry.objects.count() == (2 if locked else 0)
        # The events are the session's, whatever the day of the entry.
        assert {one.on for one in Loan.objects.get(pk=loan.pk).events.filter(kind="principal")} == {
            DAY
        }
        assert Loan.objects.get(application=paid_out).disbursed_on == DAY
        [move] = session.moves.filter(verb="late")
        assert f"ghi ngày {entry_on:%d/%m/%Y}" in move.words and "khóa lại" in move.words
        [job] = run_jobs()
        assert (job.state, job.pk) == ("done", move.data["job"])
    run = CloseRun.objects.get(day=DAY)
    assert (run.recloses, job.subject_id) == (1, run.pk)
    assert {row[3] for row in run.moved} >= {"balance"}
    for room in (LEDGER, LOANS, CLOSING):
        for name, check in room.items():
            assert list(check()) == [], name
    assert same_as_replayed(today if locked else DAY) > 0


def test_while_the_day_is_open_nothing_is_closed_again(
    bank: Bank, session: TransactionSession
) -> None:
    with clock.fixed_today(EVE):
        loan = lend(bank, make_household(bank.group, "Hộ một"), on=EVE)
    closed(EVE)
    tablet = Tablet()
    with clock.fixed_today(DAY):
        device = packs.register_device(
            office=bank.office, name="Máy 1", by=bank.head, on=DAY, **tablet.keys()
        )
        header: Any = packs.take_pack(session=session, device=device, by=bank.teller, on=DAY)[
            "header"
        ]
        tablet.write(header, "collect", bank.teller.pk, **collected(bank, (loan, 1_000, 0)))
        tablet.write(header, "seal", bank.officer.pk)
        lines: Any = tablet.lines
        log.take_in(session=session, device=device, lines=lines, by=bank.teller, on=DAY)
    assert not session.moves.filter(verb="late").exists() and run_jobs() == []
