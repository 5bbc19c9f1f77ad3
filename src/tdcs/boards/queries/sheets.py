"""What a conclusion sheet says besides the indicators: the commune of a session, and what its groups owe next month."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TypedDict

from django.db import connection

from tdcs.organisations.models import (
    Kind,
    Level,
    OrganisationProfile,
    TransactionPointProfile,
    living_on,
)
from tdcs.transaction_points.models import TransactionSession
from tdcs.transaction_points.queries.points import groups_at


class GroupPlan(TypedDict):
    """A group and the principal that falls due in the month after the session; dong."""

    code: str
    loans: int
    principal: int


def commune_of(session: TransactionSession) -> int:
    """The area in which the session's point lies."""
    rows = TransactionPointProfile.objects.filter(
        living_on(session.held_on), point=session.point_id
    )
    return int(rows.values_list("area_id", flat=True)[0])


def committee_of(area: int, on: date) -> int | None:
    """The People's Committee of a commune."""
    rows = OrganisationProfile.objects.filter(
        living_on(on),
        area=area,
        organisation__kind=Kind.PEOPLE_COMMITTEE,
        organisation__level=Level.COMMUNE,
    )
    return rows.values_list("organisation_id", flat=True).order_by("organisation_id").first()


_DUE = """
    SELECT l.group_id, count(DISTINCT l.id), sum(i.principal)::bigint
      FROM loans_instalment i JOIN loans_loan l ON l.id = i.loan_id
     WHERE l.group_id = ANY(%(groups)s) AND l.balance > 0
       AND i.due_on >= %(since)s AND i.due_on < %(until)s
     GROUP BY 1
"""


def next_month(session: TransactionSession) -> list[GroupPlan]:
    """What the groups of the point have to pay back in the month after the session."""
    groups = {group.pk: group.code for group in groups_at(session.point_id, session.held_on)}
    first = (session.held_on.replace(day=1) + timedelta(days=32)).replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    with connection.cursor() as cursor:
        cursor.execute(_DUE, {"groups": list(groups), "since": first, "until": after})
        found = cursor.fetchall()
    made: list[GroupPlan] = [
        {"code": groups[group], "loans": count, "principal": amount or 0}
        for group, count, amount in found
    ]
    return sorted(made, key=lambda row: row["code"])
