"""Conflicts of duty: every pair of steps of a file by one person, whatever the person's role has become meanwhile."""

from __future__ import annotations

from datetime import date

import pytest
from lending_cast import Bank, head_of, key, make_household

from tdcs.access.conflicts import CONFLICTS, in_conflict
from tdcs.access.models import RoleHolding, User
from tdcs.access.permissions import PERMISSIONS
from tdcs.core import clock
from tdcs.loans.errors import SamePerson
from tdcs.loans.models import Loan, LoanApplication
from tdcs.loans.queries.applications import steps_for
from tdcs.loans.services.applications import LoanRequest, advance, apply
from tdcs.loans.services.lending import disburse

DAY = date(2026, 3, 12)
STEPS = ("apply", "appraise", "confirm", "check", "control", "approve", "sign", "disburse")
ROLES = {
    "apply": "loan_officer",
    "appraise": "group_leader",
    "confirm": "unit_clerk",
    "check": "loan_officer",
    "control": "credit_head",
    "approve": "office_director",
    "sign": "loan_officer",
    "disburse": "teller",
}


def test_the_table_names_acts_that_exist() -> None:
    asked = {"ledger.ask"}
    assert set(CONFLICTS) <= set(PERMISSIONS)
    assert set().union(*CONFLICTS.values()) <= set(PERMISSIONS) | asked
    assert all(act not in barred for act, barred in CONFLICTS.items())


def test_only_the_doer_of_a_barred_act_is_in_conflict() -> None:
    hands = [("loans.apply", 1), ("loans.check", 2), ("loans.appraise", 3), ("loans.check", None)]
    assert in_conflict("loans.approve", hands, 1) == "loans.apply"
    assert in_conflict("loans.approve", hands, 2) == "loans.check"
    assert in_conflict("loans.approve", hands, 3) == ""
    assert in_conflict("loans.appraise", hands, 1) == ""


def _become(person: User, role: str) -> User:
    RoleHolding.objects.filter(user=person).update(role=role)
    return User.objects.get(pk=person.pk)


def _step(bank: Bank, made: LoanApplication | None, verb: str, who: User) -> LoanApplication:
    if verb == "apply":
        household = make_household(bank.group)
        return apply(
            request=LoanRequest(
                household=household,
                borrower=head_of(household),
                programme="HN",
                amount=50_000_000,
                term_months=36,
                instalment_months=12,
                purpose="Nuôi bò sinh sản",
                group=bank.group,
                office=bank.office,
                source=bank.source,
            ),
            by=who,
            on=DAY,
        )
    assert made is not None
    if verb == "disburse":
        disburse(application=made, amount=50_000_000, by=who, on=DAY, key=key())
        made.refresh_from_db()
        return made
    return advance(application=made, verb=verb, by=who, on=DAY)


PAIRS = [
    (first, second)
    for at, first in enumerate(STEPS)
    for second in STEPS[at + 1 :]
    if f"loans.{second}" in CONFLICTS
]


@pytest.mark.django_db
@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_each_pair_of_steps_by_one_person(bank: Bank, first: str, second: str) -> None:
    """Who took the first step has meanwhile the role of the second: barred by the table, or free."""
    cast = {
        "apply": bank.leader,
        "appraise": bank.leader,
        "confirm": bank.commune,
        "check": bank.officer,
        "control": bank.head,
        "approve": bank.director,
        "sign": bank.officer,
        "disburse": bank.teller,
    }
    one = User.objects.create_user("mot-nguoi", full_name="Một người")
    RoleHolding.objects.create(
        user=one, role=ROLES[first], organisation=bank.office, starts_on=date(2024, 1, 1)
    )
    barred = f"loans.{first}" in CONFLICTS[f"loans.{second}"]
    made: LoanApplication | None = None
    with clock.fixed_today(DAY):
        for verb in STEPS:
            if verb == second:
                one = _become(one, ROLES[second])
                if barred:
                    assert made is not None
                    shown = [s for s in steps_for(one, made) if s.verb == verb]
                    assert all(step.blocked for step in shown)
                    with pytest.raises(SamePerson):
                        _step(bank, made, verb, one)
                else:
                    made = _step(bank, made, verb, one)
                break
            made = _step(bank, made, verb, one if verb == first else cast[verb])
    assert Loan.objects.exists() is (second == "disburse" and not barred)
