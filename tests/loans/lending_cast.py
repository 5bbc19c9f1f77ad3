"""Bà Hoa's group in La Ngà: households, a group, its office, the people of the bank; plain functions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import count

from django.db import transaction

from tdcs.access.models import RoleHolding, User
from tdcs.capital.models import CapitalSource
from tdcs.capital.services import receive
from tdcs.core import trail
from tdcs.core.text import fold
from tdcs.entrustment.models import (
    GroupMember,
    GroupProfile,
    SavingsAccount,
    SavingsGroup,
)
from tdcs.households.models import (
    EligibilitySpell,
    Household,
    HouseholdAddress,
    HouseholdMember,
    Person,
)
from tdcs.loans.models import Loan, LoanApplication
from tdcs.loans.services.applications import LoanRequest, advance, apply
from tdcs.loans.services.lending import disburse
from tdcs.organisations.models import Organisation, OrganisationProfile

SINCE = date(2023, 1, 1)
FUNDED = date(2010, 1, 1)
_KEYS = count(1)


def key() -> str:
    """A key that was never used."""
    return f"test-{next(_KEYS)}"


@dataclass(frozen=True)
class Bank:
    """Who appears in the stories of lending."""

    leader: User
    commune: User
    officer: User
    head: User
    director: User
    teller: User
    accountant: User
    auditor: User
    office: Organisation
    group: SavingsGroup
    source: CapitalSource
    local: CapitalSource


def person(username: str, role: str, unit: Organisation) -> User:
    """An account with one role over one unit, with its line of the trail."""
    since = max(unit.starts_on, SINCE)
    with transaction.atomic():
        made = User.objects.create_user(username, full_name=username)
        RoleHolding.objects.create(user=made, role=role, organisation=unit, starts_on=since)
        trail.record(action="access.test", subject=made, by=None, on=since)
    return made


def fund(office: Organisation, amount: int = 10**12) -> None:
    """Central money in the office's cash, long before the stories begin."""
    source = CapitalSource.objects.get(code="TW")
    receive(source=source, office=office, amount=amount, by=None, on=FUNDED, key=key())


def make_bank(name: str = "") -> Bank:
    """The office of Định Quán with its capital, La Ngà's committee, a group there, everybody with a role."""
    office = Organisation.objects.get(code="nhcsxh-pgd@004606")
    committee = Organisation.objects.get(code="ubnd@n26227")
    fund(office)
    # The province's money lies at the branch: the office's own book tells of central money alone.
    branch = Organisation.objects.get(code="nhcsxh-chi-nhanh@p75")
    local = CapitalSource.objects.get(code="DP-TINH")
    receive(source=local, office=branch, amount=10**12, by=None, on=FUNDED, key=key())
    return Bank(
        leader=person(f"to-truong{name}", "group_leader", committee),
        commune=person(f"xa{name}", "unit_clerk", committee),
        officer=person(f"tin-dung{name}", "loan_officer", office),
        head=person(f"kiem-soat{name}", "credit_head", office),
        director=person(f"giam-doc{name}", "office_director", office),
        teller=person(f"giao-dich{name}", "teller", office),
        accountant=person(f"ke-toan{name}", "accountant", office),
        auditor=person(f"kiem-toan{name}", "auditor", office),
        office=office,
        group=make_group(office),
        source=CapitalSource.objects.get(code="TW"),
        local=CapitalSource.objects.get(code="DP-TINH"),
    )


def make_group(office: Organisation, code: str = "4606001") -> SavingsGroup:
    """A group of La Ngà behind which the Women's Union stands; sessions on the 15th."""
    area = OrganisationProfile.objects.get(organisation__code="ubnd@n26227", ends_on=None).area
    group = SavingsGroup.objects.create(code=code, starts_on=SINCE)
    GroupProfile.objects.create(
        group=group,
        name="Tổ bà Hoa",
        area=area,
        hamlet="Ấp 1",
        mass_organisation=Organisation.objects.get(code="hoi-phu-nu@n26227"),
        office=office,
        session_day=15,
        search=fold("Tổ bà Hoa Ấp 1"),
        starts_on=SINCE,
    )
    return group


def make_household(
    group: SavingsGroup | None, name: str = "Lê Thị Hoa", kinds: tuple[str, ...] = ("poor",)
) -> Household:
    """A household with a head, an address in La Ngà, spells from 2023 on, and its place in the group."""
    area = OrganisationProfile.objects.get(organisation__code="ubnd@n26227", ends_on=None).area
    committee = Organisation.objects.get(code="ubnd@n26227")
    number = next(_KEYS)
    household = Household.objects.create(code=f"H{number:07d}", search=fold(name), starts_on=SINCE)
    head = Person.objects.create(
        full_name=name, identity_number=f"0750{number:08d}", search=fold(name)
    )
    HouseholdMember.objects.create(
        household=household, person=head, relation="chủ hộ", is_head=True, starts_on=SINCE
    )
    HouseholdAddress.objects.create(household=household, area=area, hamlet="Ấp 1", starts_on=SINCE)
    for kind in kinds:
        EligibilitySpell.objects.create(
            household=household,
            kind=kind,
            decision_number="12/QĐ-UBND",
            decision_on=SINCE,
            decided_by=committee,
            starts_on=SINCE,
        )
    if group is not None:
        GroupMember.objects.create(group=group, household=household, person=head, starts_on=SINCE)
    return household


def head_of(household: Household) -> Person:
    """The household's head."""
    return household.members.get(is_head=True).person


def savings_of(
    household: Household, bank: Bank, group: SavingsGroup | None = None
) -> SavingsAccount:
    """A savings account of the head with the group."""
    return SavingsAccount.objects.create(
        number=f"105{household.pk:010d}",
        household=household,
        person=head_of(household),
        group=group or bank.group,
        office=bank.office,
        opened_on=SINCE,
    )


def approved(
    bank: Bank,
    household: Household,
    *,
    on: date,
    amount: int = 50_000_000,
    programme: str = "HN",
    term: int = 36,
    spacing: int | None = 12,
    source: CapitalSource | None = None,
    group: SavingsGroup | None = None,
) -> LoanApplication:
    """An application that went the whole way to the signed contract."""
    made = apply(
        request=LoanRequest(
            household=household,
            borrower=head_of(household),
            programme=programme,
            amount=amount,
            term_months=term,
            instalment_months=spacing,
            purpose="Nuôi bò sinh sản",
            group=group or bank.group,
            office=bank.office,
            source=source or bank.source,
        ),
        by=bank.leader,
        on=on,
    )
    steps = (
        ("appraise", bank.leader),
        ("confirm", bank.commune),
        ("check", bank.officer),
        ("control", bank.head),
        ("approve", bank.director),
        ("sign", bank.officer),
    )
    for verb, who in steps:
        made = advance(application=made, verb=verb, by=who, on=on)
    return made


def lend(bank: Bank, household: Household, *, on: date, amount: int = 50_000_000, **terms) -> Loan:  # type: ignore[no-untyped-def]
    """A loan paid out whole."""
    application = approved(bank, household, on=on, amount=amount, **terms)
    answer = disburse(application=application, amount=amount, by=bank.teller, on=on, key=key())
    return Loan.objects.get(pk=answer["loan"])
