"""The credit officer of a loan is who checked its application last."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from lending_cast import Bank, lend, make_household

from tdcs.loans.queries.checking import checked_by

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 5)


def test_a_loan_has_the_officer_of_its_application_and_another_has_nobody(bank: Bank) -> None:
    loan = lend(bank, make_household(bank.group, "Lê Thị Hoa"), on=DAY)
    assert checked_by(DAY).rows() == [(loan.pk, bank.officer.pk)]
    assert checked_by(DAY - timedelta(days=60)).rows() == []
    loan.application = None
    loan.save(update_fields=["application"])
    assert checked_by(DAY).rows() == []
