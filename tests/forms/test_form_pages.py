"""Who may print which form: permission, scope, unmasking, the trail."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from lending_cast import Bank, approved, head_of, lend, make_household, person

from tdcs.access.models import User
from tdcs.audit.models import AuditLine
from tdcs.entrustment.models import GroupAccount
from tdcs.loans.models import Loan
from tdcs.loans.queries.scope import (
    lending_group,
    visible_applications,
    visible_lending_groups,
    visible_loan,
    visible_loans,
)
from tdcs.organisations.models import Organisation

LENT = date(2026, 3, 10)


@pytest.fixture
def loan(bank: Bank) -> Loan:
    return lend(bank, make_household(bank.group), on=LENT)


def sign_in(client: Client, user: Any) -> Client:
    client.force_login(user, backend="tdcs.access.backends.AccountBackend")
    return client


@pytest.mark.parametrize("fmt", ["docx", "pdf"])
def test_an_officer_gets_the_file(client: Client, bank: Bank, loan: Loan, fmt: str) -> None:
    sign_in(client, bank.officer)
    for address in (
        f"/vay/mau/ho-so/{loan.application_id}/01-TD/{fmt}/",
        f"/vay/mau/khoan-vay/{loan.pk}/HDTD/{fmt}/",
        f"/vay/mau/to/{bank.group.pk}/13-TD/{fmt}/?ngay=2026-11-15",
    ):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert answer.content[:4] == (b"%PDF" if fmt == "pdf" else b"PK\x03\x04")
        assert answer["Cache-Control"] == "no-store"


def test_numbers_are_masked_unless_asked_for_by_who_may(
    client: Client, bank: Bank, loan: Loan, words_of: Any
) -> None:
    number = head_of(loan.household).identity_number or ""
    address = f"/vay/mau/khoan-vay/{loan.pk}/HDTD/docx/"
    sign_in(client, bank.officer)
    masked, full = client.get(address), client.get(address + "?du-so=1")
    assert number not in words_of(masked.content)
    assert number in words_of(full.content)
    lines = AuditLine.objects.filter(action="loans.print_form").order_by("pk")
    assert [line.data["identity_numbers"] for line in lines] == [False, True]
    assert {line.data["form"] for line in lines} == {"HĐTD"}
    assert number not in str([line.data for line in lines])
    sign_in(client, bank.auditor)
    assert client.get(address).status_code == 200
    assert client.get(address + "?du-so=1").status_code == 403


def test_a_form_is_only_filled_from_what_it_is_for(client: Client, bank: Bank, loan: Loan) -> None:
    sign_in(client, bank.officer)
    for address in (
        f"/vay/mau/khoan-vay/{loan.pk}/01-TD/pdf/",
        f"/vay/mau/khoan-vay/{loan.pk}/98-TD/pdf/",
        f"/vay/mau/khoan-vay/{loan.pk}/HDTD/exe/",
        f"/vay/mau/khoan-vay/{loan.pk}/..%2F01-TD/pdf/",
    ):
        assert client.get(address).status_code == 404, address
    assert not AuditLine.objects.filter(action="loans.print_form").exists()


def test_another_office_and_another_commune_see_nothing(
    client: Client, bank: Bank, loan: Loan
) -> None:
    far = Organisation.objects.get(code="nhcsxh-pgd@004602")
    sign_in(client, person("xa-khac", "loan_officer", far))
    assert client.get(f"/vay/mau/khoan-vay/{loan.pk}/HDTD/pdf/").status_code == 404
    assert client.get(f"/vay/mau/ho-so/{loan.application_id}/01-TD/pdf/").status_code == 404
    assert client.get(f"/vay/mau/to/{bank.group.pk}/13-TD/pdf/").status_code == 404


def test_scope_by_office_commune_organisation_group_and_province(bank: Bank, loan: Loan) -> None:
    unit = Organisation.objects.get
    women = person("phu-nu", "unit_clerk", unit(code="hoi-phu-nu@n26227"))
    planner = person("chi-nhanh", "branch_planner", unit(code="nhcsxh-chi-nhanh@p75"))
    leader = person("to-truong-khac", "group_leader", unit(code="ubnd@n26227"))
    stranger = person("xa-ben", "unit_clerk", _other_committee())
    for user in (bank.officer, bank.teller, bank.commune, women, planner, bank.auditor):
        assert list(visible_loans(user)) == [loan], user.username
        assert list(visible_applications(user)) == [loan.application], user.username
        assert bank.group in visible_lending_groups(user), user.username
        # One row is asked for by its own questions: what they find is what the lists hold.
        assert visible_loan(user, loan.pk) == loan, user.username
        assert lending_group(user, bank.group.pk) == bank.group, user.username
        assert visible_loan(user, 0) is None
        assert lending_group(user, 0) is None
    far = person("xa-khac", "loan_officer", unit(code="nhcsxh-pgd@004602"))
    for user in (stranger, leader, far):
        assert not visible_loans(user).exists(), user.username
        assert not visible_applications(user).exists(), user.username
        assert bank.group not in visible_lending_groups(user), user.username
        assert visible_loan(user, loan.pk) is None, user.username
        assert lending_group(user, bank.group.pk) is None, user.username
    GroupAccount.objects.create(user=leader, group=bank.group, starts_on=date(2026, 1, 1))
    assert list(visible_loans(leader)) == [loan]
    assert list(visible_lending_groups(leader)) == [bank.group]
    leader = User.objects.get(pk=leader.pk)
    assert visible_loan(leader, loan.pk) == loan
    assert lending_group(leader, bank.group.pk) == bank.group


def _other_committee() -> Organisation:
    rows = Organisation.objects.filter(type="ubnd", level="commune", ends_on=None)
    return rows.exclude(code="ubnd@n26227").order_by("pk")[0]


def test_a_stranger_signs_in_first(client: Client, bank: Bank) -> None:
    made = approved(bank, make_household(bank.group), on=LENT)
    answer = client.get(f"/vay/mau/ho-so/{made.pk}/01-TD/pdf/")
    assert answer.status_code == 302
    assert "/tai-khoan/" in answer["Location"]
