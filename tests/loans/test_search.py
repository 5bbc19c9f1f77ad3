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
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
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
