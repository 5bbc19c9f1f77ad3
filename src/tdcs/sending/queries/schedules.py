"""Schedules and what they sent."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet

from tdcs.sending.models import ReportSchedule, ReportSending, SendingState


def schedules() -> QuerySet[ReportSchedule]:
    """Every schedule, the newest first, with when it last sent and what failed."""
    rows = ReportSchedule.objects.select_related("made_by").annotate(
        people=Count("recipients", distinct=True),
        last_sent_at=Max("sendings__sent_at"),
        failed=Count("sendings", filter=Q(sendings__state=SendingState.FAILED), distinct=True),
    )
    return rows.order_by("-pk")


def schedule_of(key: int) -> ReportSchedule | None:
    """One schedule."""
    return schedules().filter(pk=key).first()


def sendings_of(schedule: ReportSchedule) -> QuerySet[ReportSending]:
    """What a schedule sent, the newest first."""
    rows = ReportSending.objects.filter(schedule=schedule)
    return rows.select_related("recipient__person", "tried_by").order_by("-pk")


def waiting_sendings(now: datetime) -> list[int]:
    """The keys of what is to be sent now."""
    rows = ReportSending.objects.filter(state=SendingState.QUEUED, next_try_at__lte=now)
    return list(rows.order_by("pk").values_list("pk", flat=True))
