"""Tasks that the branch assigns by hand beside the plan."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from tdcs.access.models import User
from tdcs.core import clock, trail
from tdcs.organisations.models import Organisation
from tdcs.plans.errors import AnswerIncomplete
from tdcs.plans.models import Directive, Obligation, ObligationState, Plan, ProgressEntry
from tdcs.plans.queries.plans import require_open
from tdcs.plans.services.notices import notify


def assign(
    *,
    plan: Plan,
    title: str,
    text: str,
    period: str,
    period_start: date,
    due_on: date,
    organisations: Iterable[Organisation],
    asks: dict[str, Any],
    by: User,
    on: date,
) -> Directive:
    """Give a task to units. ``asks``: asks_words, asks_figure, asks_file, figure_label, figure_unit.

    Raises AnswerIncomplete when nothing is asked, nobody is named or the title is empty.
    """
    units = list(organisations)
    missing = [
        words
        for there, words in (
            (title.strip(), "tên việc"),
            (units, "đơn vị nhận việc"),
            (
                any(asks.get(f"asks_{what}") for what in ("words", "figure", "file")),
                "nội dung phải báo cáo",
            ),
            (due_on >= period_start, "hạn sau ngày bắt đầu"),
        )
        if not there
    ]
    if missing:
        raise AnswerIncomplete(what=", ".join(missing))
    with transaction.atomic():
        require_open(plan, due_on.year)
        made = Directive.objects.create(
            plan=plan,
            title=title.strip()[:200],
            text=text.strip(),
            period=period,
            period_start=period_start,
            period_end=max(due_on, period_start) + timedelta(days=1),
            due_on=due_on,
            issued_on=on,
            issued_by=by,
            **asks,
        )
        Obligation.objects.bulk_create(
            Obligation(
                plan=plan,
                directive=made,
                organisation=unit,
                holder=unit,
                role="perform",
                year=due_on.year,
                period_start=made.period_start,
                period_end=made.period_end,
                due_on=due_on,
            )
            for unit in sorted(units, key=lambda u: u.pk)
        )
        for row in made.obligations.all():
            notify(
                organisation=row.holder_id,
                words=f"Việc mới: {made.title}, hạn {due_on:%d/%m/%Y}",
                url=f"/ke-hoach/viec/{row.pk}/",
            )
        trail.record(action="plans.assign", subject=made, by=by, on=on, data={"units": len(units)})
    return made


def withdraw(*, directive: Directive, why: str, by: User, on: date) -> int:
    """Take a directive back: what is not yet accepted is no longer owed. Returns how many."""
    with transaction.atomic():
        rows = list(
            directive.obligations.select_for_update()
            .exclude(state__in=(ObligationState.ACCEPTED, ObligationState.WITHDRAWN))
            .order_by("pk")
        )
        require_open(directive.plan, directive.due_on.year)
        for row in rows:
            row.state = ObligationState.WITHDRAWN
            row.save(update_fields=["state"])
            ProgressEntry.objects.create(
                obligation=row,
                verb="withdraw",
                on=on,
                at=clock.now(),
                by=by,
                organisation_id=row.holder_id,
                words=why,
            )
        directive.withdrawn_on = on
        directive.save(update_fields=["withdrawn_on"])
        trail.record(action="plans.withdraw", subject=directive, by=by, on=on, why=why)
    return len(rows)
