"""What this room hands down to households: whom a group leader sees, the group and savings on a household's page."""

from __future__ import annotations

from typing import Any

from tdcs.entrustment.answers_merging import Groups
from tdcs.entrustment.models import GroupMember, SavingsAccount
from tdcs.entrustment.queries.groups import profiles_on
from tdcs.entrustment.queries.scope import group_households, visible_groups
from tdcs.households import above


def hand_down() -> None:
    """Called once when the room starts."""
    above.install(
        group_households=group_households,
        block=household_block,
        merger=("entrustment", Groups()),
    )


def household_block(request: Any, household: Any) -> tuple[str, dict[str, Any]]:
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
