"""A month's sessions as a result: on time, the share of money at the points, cash, cases."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from lending_cast import Bank, lend, make_household
from offline_cast import TODAY, Tablet, collected, hand_in

from tdcs.audit.models import AuditLine
from tdcs.loans.models import Loan
from tdcs.loans.services.collecting import Collection, Sheet, collect_sheet
from tdcs.transaction_points.models import Device, SessionMove, TransactionSession
from tdcs.transaction_points.queries.results import office_results

pytestmark = pytest.mark.django_db
NOVEMBER = date(2026, 11, 1)


def test_a_month(
    bank: Bank,
    session: TransactionSession,
    device: Device,
    tablet: Tablet,
    header: dict[str, Any],
    loans: list[Loan],
    signed_in: Any,
) -> None:
    # At the counter, another day: a third of the month's money. The session takes two thirds.
    sheet = Sheet("counter", bank.office.pk, None, (Collection(loans[1].pk, 0, 100_000),))
    collect_sheet(sheet=sheet, by=bank.teller, on=date(2026, 11, 20))
    tablet.write(header, "collect", bank.teller.pk, **collected(bank, (loans[0], 50_000, 150_000)))
    tablet.write(header, "collect", bank.teller.pk, **collected(bank, (loans[0], 0, 10**12)))
    tablet.write(header, "seal", bank.officer.pk)
    hand_in(bank, session, device, tablet.lines)
    lend(bank, make_household(bank.group, "Hộ mới"), on=TODAY, amount=10_000_000)
    TransactionSession.objects.filter(pk=session.pk).update(
        cash_expected=200_000, cash_counted=150_000, difference_why="Trả nhầm"
    )
    other = TransactionSession.objects.create(
        point=session.point,
        office=bank.office,
        due_on=date(2026, 11, 10),
        held_on=date(2026, 11, 10),
    )
    [row] = office_results(bank.head, NOVEMBER)
    assert (row.count, row.held, row.on_time, row.waiting, row.differences) == (2, 1, 1, 1, 1)
    assert (row.collected, row.all_collected, row.disbursed, row.all_disbursed) == (
        200_000, 300_000, 10_000_000, 10_000_000,
    )  # fmt: skip
    assert (row.on_time_share, row.collected_share, row.disbursed_share) == (
        "50,00%",
        "66,67%",
        "100,00%",
    )
    first, second = row.sessions
    assert (first.session, first.held, first.difference, first.points) == (other, False, None, None)
    assert (second.came, second.groups, second.difference) == (1, 1, -50_000)
    # Moved by hand it was not as announced; next month has none.
    SessionMove.objects.create(
        session=session,
        verb="move",
        source="",
        target="",
        on=TODAY,
        recorded_at="2026-11-20T00:00Z",
    )
    assert office_results(bank.head, NOVEMBER)[0].on_time == 0
    assert office_results(bank.head, date(2026, 12, 1)) == []
    assert office_results(bank.head, NOVEMBER, office=bank.office.pk + 1) == []
    at = reverse("points:results")
    page = signed_in(bank.head).get(at, {"month": "2026-11"}).content.decode()
    assert "66,67%" in page and "Theo phiên" in page and "Điểm La Ngà" in page
    assert signed_in(bank.head).get(at, {"month": "2026-11", "format": "xlsx"}).status_code == 200
    assert "chưa có phiên" in signed_in(bank.head).get(at, {"month": "2026-12"}).content.decode()
    assert signed_in(bank.leader).get(at).status_code in (200, 403)


def test_the_lists_for_every_leader(
    bank: Bank, session: TransactionSession, loans: list[Loan], signed_in: Any
) -> None:
    TransactionSession.objects.update(state="planned", held_on=date(2026, 12, 23), moved_why="x")
    at = reverse("points:due_lists", args=[session.pk])
    answer = signed_in(bank.head).get(at)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as found:
        assert found.namelist() == [f"den-han-{bank.group.code}.docx"]
    assert AuditLine.objects.filter(action="points.print_due_list").count() == 1
    page = signed_in(bank.head).get(reverse("points:session", args=[session.pk])).content.decode()
    assert "chậm nhất 23/11/2026" in page and at in page
    # Thirty days before it, and no day sooner, it is on the list of what is to be given.
    calendar = reverse("points:calendar")
    asked = {"month": "2026-12", "state": "lists"}
    assert f"/phien/{session.pk}/" in signed_in(bank.head).get(calendar, asked).content.decode()
    TransactionSession.objects.update(held_on=date(2026, 12, 24))
    assert f"/phien/{session.pk}/" not in signed_in(bank.head).get(calendar, asked).content.decode()
    bank.group.points.update(ends_on=date(2026, 12, 1))
    assert signed_in(bank.head).get(at).status_code == 404
    assert signed_in(bank.commune).get(at).status_code in (403, 404)
