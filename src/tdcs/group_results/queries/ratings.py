"""Groups and their ratings of a month, as far as a person sees them."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import QuerySet

from tdcs.access.models import User
from tdcs.core import clock
from tdcs.entrustment.models import GroupRating, SavingsGroup
from tdcs.entrustment.queries.groups import groups_on
from tdcs.entrustment.queries.scope import changeable_groups, visible_groups
from tdcs.group_results.queries.month import next_month


def groups_in_scope(user: User, month: date) -> QuerySet[SavingsGroup]:
    """Groups in a person's scope today that lived in the month."""
    return groups_on(month).filter(pk__in=visible_groups(user, clock.today()).values("pk"))


def groups_to_rate(user: User, month: date) -> QuerySet[SavingsGroup]:
    """Groups of the person's office that lived on the month's last day."""
    return changeable_groups(user) & groups_on(next_month(month) - timedelta(days=1))


def ratings_in_scope(user: User, month: date, grade: str = "") -> QuerySet[GroupRating]:
    """The month's ratings of groups in scope, all or those of a grade, the weakest first."""
    groups = visible_groups(user, clock.today())
    rows = GroupRating.objects.filter(month=month, group__in=groups).select_related("group")
    if grade:
        rows = rows.filter(grade=grade)
    return rows.order_by("total", "group__code")
