"""Savings accounts: those a person sees or may change, and what was reversed on one."""

from __future__ import annotations

from django.db.models import QuerySet

from tdcs.access.models import User
from tdcs.entrustment.models import SavingsAccount, SavingsEvent
from tdcs.entrustment.queries.scope import changeable_groups, visible_groups
from tdcs.households.models import Household


def visible_accounts(user: User) -> QuerySet[SavingsAccount]:
    """Accounts of the groups in a person's scope."""
    rows = SavingsAccount.objects.filter(group__in=visible_groups(user))
    return rows.select_related("household", "person", "group")


def changeable_accounts(user: User) -> QuerySet[SavingsAccount]:
    """Accounts of the groups that the person's office keeps."""
    rows = SavingsAccount.objects.filter(group__in=changeable_groups(user))
    return rows.select_related("household", "person", "group")


def may_change(user: User, account: SavingsAccount) -> bool:
    """Whether the person's office keeps the group of an account."""
    return changeable_groups(user).filter(savings_accounts=account).exists()


def accounts_of(household: Household) -> QuerySet[SavingsAccount]:
    """Every account of a household."""
    rows = SavingsAccount.objects.filter(household=household).order_by("closed_on", "number")
    return rows.select_related("person")


def reversed_events(account: SavingsAccount) -> set[int]:
    """The events of an account that another event reverses."""
    rows = SavingsEvent.objects.filter(account=account, reverses__isnull=False)
    return {key for key in rows.values_list("reverses_id", flat=True) if key is not None}
