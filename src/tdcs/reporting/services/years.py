"""Close a reporting year, or open it again with a reason."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from tdcs.access.models import User
from tdcs.core import trail
from tdcs.plans.errors import ReasonMissing, YearNotOpen
from tdcs.plans.models import Plan, ReportingYear
from tdcs.plans.queries.plans import require_open
from tdcs.reporting.queries.consolidation import open_matters

__all__ = ["close_year", "reopen_year", "require_open"]


def close_year(*, plan: Plan, year: int, by: User | None, on: date) -> ReportingYear:
    """After this, nothing of the year changes; what is still open stays as it is, counted in the trail.

    Raises YearNotOpen, YearClosed.
    """
    with transaction.atomic():
        row = require_open(plan, year)
        left = open_matters(plan, year)
        row.closed_on = on
        row.save(update_fields=["closed_on"])
        trail.record(
            action="plans.close_year", subject=plan, by=by, on=on, data={"year": year, **left}
        )
    return row


def reopen_year(*, plan: Plan, year: int, why: str, by: User | None, on: date) -> ReportingYear:
    """Open a closed year again; the reason stays in the trail. Raises ReasonMissing, YearNotOpen."""
    if not why.strip():
        raise ReasonMissing
    with transaction.atomic():
        row = ReportingYear.objects.select_for_update().filter(plan=plan, year=year).first()
        if row is None:
            raise YearNotOpen(year=year)
        if row.closed_on is None:
            return row
        row.closed_on = None
        row.save(update_fields=["closed_on"])
        trail.record(
            action="plans.reopen_year", subject=plan, by=by, on=on, why=why, data={"year": year}
        )
    return row
