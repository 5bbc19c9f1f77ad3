"""Moving a borrower through pages: what goes along is shown, one asks, another decides, strangers see nothing."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from lending_cast import Bank, key, lend, make_group, make_household, person, savings_of

from tdcs.core import clock
from tdcs.entrustment.services import savings
from tdcs.households.models import Household
from tdcs.loans.models import Loan, MoveRequest
from tdcs.organisations.models import Organisation

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 5)


def _text(answer: Any) -> str:
    assert answer.status_code == 200, answer
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.fixture
def far(bank: Bank) -> Organisation:
    """Another office; a group of La Ngà that it serves."""
    offices = Organisation.objects.filter(kind="transaction_office").exclude(pk=bank.office.pk)
    office = offices.order_by("pk")[0]
    make_group(office, "9999001")
    return office


@pytest.fixture
def hoa(bank: Bank) -> Household:
    made = make_household(bank.group, "Lê Thị Hoa")
    with clock.fixed_today(DAY):
        lend(bank, made, on=DAY)
        account = savings_of(made, bank)
        savings.deposit(account=account, amount=200_000, by=bank.teller, on=DAY, key=key())
    return made


def test_one_asks_and_another_decides(
    bank: Bank, far: Organisation, hoa: Household, signed_in: Any
) -> None:
    officer, director = signed_in(bank.officer), signed_in(bank.director)
    home = reverse("households:household", args=[hoa.pk])
    address = reverse("loans:ask_move", args=[hoa.pk])
    assert address in _text(officer.get(home))
    page = _text(officer.get(address))
    assert "50.000.000" in page and "200.000" in page
    sent = {"group": "khong-co", "since": "2026-11-23", "why": "Theo chồng", "key": key()}
    assert "Không có tổ đang hoạt động" in _text(officer.post(address, sent))
    late = _text(officer.post(address, sent | {"group": "9999001", "since": "2026-03-04"}))
    assert "sau ngày chuyển" in late and not MoveRequest.objects.exists()
    twice = {**sent, "group": "9999001", "key": key()}
    first, again = officer.post(address, twice), officer.post(address, twice)
    row = MoveRequest.objects.get()
    assert first["Location"] == again["Location"] == reverse("loans:move", args=[row.pk])
    page = _text(officer.get(first["Location"]))
    # 50,000,000 of principal less 200,000 of savings.
    assert "49.800.000" in page and "5191" in page and "Bạn là người đề nghị" in page
    decided = {"verb": "approve", "key": key(), "words": ""}
    assert officer.post(first["Location"], decided).status_code == 403
    assert 'value="approve"' in _text(director.get(first["Location"]))
    assert director.post(first["Location"], decided).status_code == 302
    loan = Loan.objects.get()
    assert loan.office == far and loan.group is not None and loan.group.code == "9999001"
    assert hoa.code in _text(director.get(reverse("loans:moves")))
    assert officer.get(reverse("loans:loan", args=[loan.pk])).status_code == 404
    stranger = signed_in(person("la", "loan_officer", far))
    assert loan.number in _text(stranger.get(reverse("loans:loan", args=[loan.pk])))
    page = _text(stranger.get(first["Location"]))
    assert "Đã chuyển" in page and loan.number in page


def test_refused_with_words(bank: Bank, far: Organisation, hoa: Household, signed_in: Any) -> None:
    sent = {"group": "9999001", "since": "2026-11-23", "why": "Theo chồng", "key": key()}
    signed_in(bank.officer).post(reverse("loans:ask_move", args=[hoa.pk]), sent)
    row = MoveRequest.objects.get()
    answer = signed_in(bank.director).post(
        reverse("loans:move", args=[row.pk]), {"verb": "refuse", "key": key(), "words": "thiếu"}
    )
    row.refresh_from_db()
    assert answer.status_code == 302 and (row.state, row.words) == ("refused", "thiếu")
    assert Loan.objects.get().office == bank.office


def test_strangers_neither_ask_nor_see(
    bank: Bank, far: Organisation, hoa: Household, signed_in: Any
) -> None:
    address = reverse("loans:ask_move", args=[hoa.pk])
    stranger = signed_in(person("la", "loan_officer", far))
    assert stranger.get(address).status_code == 404
    assert signed_in(bank.teller).get(address).status_code == 403
    sent = {"group": "9999001", "since": "2026-11-23", "why": "x", "key": key()}
    signed_in(bank.officer).post(address, sent)
    row = MoveRequest.objects.get()
    assert stranger.get(reverse("loans:move", args=[row.pk])).status_code == 404
