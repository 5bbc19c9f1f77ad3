"""The rating of a month, once it is over; it can be made again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import date

import narwhals as nw
from django.db import transaction

from tdcs.access.models import User
from tdcs.core import trail
from tdcs.entrustment.errors import MonthOpen
from tdcs.entrustment.models import GroupRating
from tdcs.entrustment.queries.groups import groups_on
from tdcs.entrustment.queries.scope import changeable_groups
from tdcs.group_results.queries.month import figures_of, first_of, next_month
from tdcs.group_results.rules.rating import rated, regime_of
from tdcs.loans.queries.reported import groups_reported


def rate_month(
    *, month: date, groups: Collection[int] | None = None, by: User | None, on: date
) -> Counter[str]:
    """Rate the groups that live on the month's last day and that the person keeps; how many got each grade.

    Groups whose loans extracts report are left out: no extract says what was paid at a session, or which instalment fell due.
    Raises MonthOpen, NoParametersOnDay.
    """
    first, after = first_of(month), next_month(month)
    if on < after:
        raise MonthOpen(month=f"{first:%m/%Y}")
    regime = regime_of(first)
    with transaction.atomic():
        rows = groups_on(after.fromordinal(after.toordinal() - 1))
        rows = rows.exclude(pk__in=groups_reported())
        if groups is not None:
            rows = rows.filter(pk__in=groups)
        if by is not None:
            rows = rows.filter(pk__in=changeable_groups(by, on).values("pk"))
        ids = sorted(rows.values_list("pk", flat=True))
        found = rated(nw.from_native(figures_of(ids, first), eager_only=True), regime)
        made = [
            GroupRating(
                group_id=row["group"],
                month=first,
                figures={name: row[name] for name in regime.figures()},
                points={one.code: row[f"points_{one.code}"] for one in regime.criteria},
                total=row["total"],
                grade=row["grade"],
                basis=row["basis"],
                law_hash=row["law_hash"],
                rated_on=on,
            )
            for row in found.rows(named=True)
        ]
        GroupRating.objects.bulk_create(
            made,
            batch_size=2000,
            update_conflicts=True,
            unique_fields=["group", "month"],
            update_fields=["figures", "points", "total", "grade", "basis", "law_hash", "rated_on"],
        )
        grades = Counter(row.grade for row in made)
        trail.record(
            action="entrustment.rate",
            subject=f"{first:%m/%Y}",
            by=by,
            on=on,
            data={"groups": len(made), **grades, "law": regime.law_hash},
        )
    return grades
