"""Which programmes are open to a household, by its spells and by what it owes."""

from __future__ import annotations

from datetime import date

import pytest
from lending_cast import Bank, approved, lend, make_household

from tdcs.loans.errors import NotEligible
from tdcs.loans.models import Loan
from tdcs.loans.queries.eligibility import judge_household, judge_programmes, programmes_owed

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 5)


def test_every_programme_is_judged_as_it_is_alone(bank: Bank) -> None:
    household = make_household(bank.group, kinds=("poor", "rural_resident"))
    judged = judge_programmes(household, DAY)
    assert {code for code, verdict in judged.items() if verdict.eligible} == {
        "HN",
        "GQVL",
        "NSVSMT",
        "NOXH",
    }
    assert judged == {code: judge_household(household, code, DAY) for code in judged}
    assert judged["HCN"].reason == "hộ không thuộc diện: hộ cận nghèo"


def test_who_owes_a_production_loan_borrows_none_for_difficult_areas(bank: Bank) -> None:
    household = make_household(bank.group, kinds=("worker", "difficult_area", "rural_resident"))
    assert judge_household(household, "SXKDVKK", DAY).eligible
    # Water is no production: the door stays open.
    lend(bank, household, on=DAY, programme="NSVSMT", amount=25_000_000)
    assert judge_household(household, "SXKDVKK", DAY).eligible
    loan = lend(bank, household, on=DAY, programme="GQVL", amount=50_000_000)
    assert programmes_owed(household) == ["GQVL", "NSVSMT"]
    verdict = judge_household(household, "SXKDVKK", DAY)
    assert (verdict.eligible, judge_programmes(household, DAY)["SXKDVKK"]) == (False, verdict)
    assert "đang còn nợ chương trình cho vay sản xuất khác" in verdict.reason
    with pytest.raises(NotEligible, match="đang còn nợ"):
        approved(bank, household, on=DAY, programme="SXKDVKK", amount=50_000_000)
    # What is settled shuts nothing out.
    Loan.objects.filter(pk=loan.pk).update(disbursed_total=0, balance=0)
    assert judge_household(household, "SXKDVKK", DAY).eligible
