"""The section on groups and savings of a household's page: a template with its context."""

from __future__ import annotations

from typing import Any

from tdcs.entrustment.models import GroupMember, SavingsAccount
from tdcs.entrustment.queries.groups import profiles_on
from tdcs.entrustment.queries.scope import visible_groups


def household_section(request: Any, household: Any) -> tuple[str, dict[str, Any]]:
    """Memberships and savings accounts of a household, for its page."""
    members = list(
        GroupMember.objects.filter(household=household)
        .select_related("group", "person")
        .order_by("-starts_on")
    )
    names = {m.pk: profiles_on([m.group_id], m.starts_on)[m.group_id].name for m in members}
    seen = set()
    if request.user.may("entrustment.view"):
        groups = visible_groups(request.user).filter(pk__in={m.group_id for m in members})
        seen = set(groups.values_list("pk", flat=True))
    accounts = SavingsAccount.objects.filter(household=household).order_by("closed_on", "number")
    context = {
        "memberships": [(m, names[m.pk], m.group_id in seen) for m in members],
        "accounts": [] if not seen else list(accounts.select_related("person")),
    }
    return "entrustment/_household.html", context
