"""The frame's search finds households, groups and loans, each only for those who may see them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from lending_cast import Bank, lend, make_household, person

from tdcs.organisations.models import Organisation

pytestmark = pytest.mark.django_db


def _found(user: Any, words: str) -> str:
    client = Client()
    client.force_login(user, backend="tdcs.access.backends.AccountBackend")
    return client.get(reverse("web:search"), {"q": words}).content.decode()


def test_search_follows_the_scope(bank: Bank) -> None:
    household = make_household(bank.group, "Điểu Thị Hường")
    loan = lend(bank, household, on=date(2026, 3, 5))
    page = _found(bank.officer, "dieu huong")
    assert reverse("households:household", args=[household.pk]) in page
    assert household.code in page
    assert household.members.get().person.identity_number not in page
    assert reverse("loans:loan", args=[loan.pk]) in _found(bank.officer, loan.number[:14])
    assert reverse("entrustment:group", args=[bank.group.pk]) in _found(bank.officer, "to ba hoa")
    far = person("xa-khac", "loan_officer", Organisation.objects.get(code="nhcsxh-pgd@004605"))
    for words in ("dieu huong", loan.number[:14], "to ba hoa"):
        assert "Không tìm thấy gì" in _found(far, words)
    assert "Không tìm thấy gì" in _found(bank.leader, "so tai chinh")


def _suggested(user: Any, words: str) -> str:
    client = Client()
    client.force_login(user, backend="tdcs.access.backends.AccountBackend")
    answer = client.post(reverse("web:suggest"), {"q": words})
    assert answer["Cache-Control"] == "no-store"
    return answer.content.decode()


def test_a_function_is_found_by_what_it_does_for_whom_it_is(bank: Bank) -> None:
    where = f'href="{reverse("loans:requests")}"'
    page = _found(bank.officer, "gia hạn")
    assert page.index(where, page.index("<main")) < page.index("</main>")
    assert where in _suggested(bank.officer, "gia han")
    assert reverse("ledger:enter") not in _suggested(bank.officer, "ghi but toan")


def test_functions_and_places_stand_before_people(bank: Bank) -> None:
    make_household(bank.group, "Hồ Thị Đinh")
    page = _found(bank.officer, "dinh")
    main = page[page.index("<main") :]
    assert main.index("<h2>Đơn vị</h2>") < main.index("<h2>Hộ vay vốn</h2>")


def test_while_typing_few_are_suggested_and_no_identity_number_is_looked_up(bank: Bank) -> None:
    household = make_household(bank.group, "Điểu Thị Hường")
    loan = lend(bank, household, on=date(2026, 3, 5))
    assert reverse("loans:loan", args=[loan.pk]) in _suggested(bank.officer, loan.number[:14])
    assert _suggested(bank.officer, "xa").count("<li>") <= 15
    number = household.members.get().person.identity_number
    answer = _suggested(bank.officer, number)
    assert "<li>" not in answer
    assert number not in answer
    assert "<li>" not in _suggested(bank.officer, "x")
    far = person("xa-khac", "loan_officer", Organisation.objects.get(code="nhcsxh-pgd@004605"))
    assert reverse("loans:loan", args=[loan.pk]) not in _suggested(far, loan.number[:14])
