"""The section on groups and savings of a household's page: a template with its context."""

from __future__ import annotations

from typing import Any

from tdcs.entrustment.queries.groups import memberships_of, profiles_on
from tdcs.entrustment.queries.savings import accounts_of
from tdcs.entrustment.queries.scope import seen_of


def household_section(request: Any, household: Any) -> tuple[str, dict[str, Any]]:
    """Memberships and savings accounts of a household, for its page."""
    members = list(memberships_of(household))
    names = {m.pk: profiles_on([m.group_id], m.starts_on)[m.group_id].name for m in members}
    may = request.user.may("entrustment.view")
    seen = seen_of(request.user, (m.group_id for m in members)) if may else set()
    context = {
        "memberships": [(m, names[m.pk], m.group_id in seen) for m in members],
        "accounts": [] if not seen else list(accounts_of(household)),
    }
    return "entrustment/_household.html", context
