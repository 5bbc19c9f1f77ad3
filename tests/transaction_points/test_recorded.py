"""What devices told of a session is on its page and begins the forms of who ends it."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from lending_cast import Bank
from offline_cast import Tablet, hand_in

from tdcs.loans.models import Loan
from tdcs.transaction_points.models import Device, TransactionSession
from tdcs.transaction_points.queries.recorded import recorded_at

pytestmark = pytest.mark.django_db


def test_the_count_the_conclusions_and_the_requests(
    bank: Bank,
    session: TransactionSession,
    device: Device,
    tablet: Tablet,
    header: dict[str, Any],
    loans: list[Loan],
    signed_in: Any,
) -> None:
    assert not recorded_at(session).any
    tablet.set_pins(header, bank.head)
    count = {"notes": {"500000": 2, "x": 1}, "counted": 1_000_000, "expected": 0, "why": "Thừa"}
    tablet.approved(header, "count", bank.teller.pk, bank.head.pk, **count)
    # An unproven count, a request of no loan, one without a day: said, ignored, or left out.
    tablet.write(header, "count", bank.teller.pk, **{**count, "counted": 9})
    asked = {"kind": "extend", "cause": "Mất mùa"}
    tablet.write(header, "request", bank.officer.pk, loan=loans[0].pk, until="2027-06-23", **asked)
    tablet.write(header, "request", bank.officer.pk, loan=loans[1].pk, until="mai", **asked)
    tablet.write(header, "request", bank.officer.pk, loan=0, until="", **asked)
    tablet.write(header, "conclusion", bank.officer.pk, words="Tổ nộp đủ lãi")
    tablet.write(header, "seal", bank.officer.pk)
    hand_in(bank, session, device, tablet.lines)
    found = recorded_at(session)
    assert (found.counted, found.why, found.notes) == (1_000_000, "Thừa", {500_000: 2})
    assert found.conclusions == "Tổ nộp đủ lãi"
    assert [(one.loan, one.until, one.cause) for one in found.requests] == [
        (loans[0].pk, "23/06/2027", "Mất mùa"),
        (loans[1].pk, "", "Mất mùa"),
    ]
    at = reverse("points:session", args=[session.pk])
    page = signed_in(bank.teller).get(at).content.decode()
    assert "Thiết bị đã ghi tại phiên" in page
    assert "Mất mùa" in page
    assert loans[0].number in page
    assert 'value="2"' in page
    # Who does not hold sessions reads nothing of it.
    assert "Mất mùa" not in signed_in(bank.commune).get(at).content.decode()
