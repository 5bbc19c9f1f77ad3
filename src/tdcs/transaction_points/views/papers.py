"""Papers of a session: notice, posting list, minutes, a group's list of what falls due."""

from __future__ import annotations

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock, trail
from tdcs.entrustment.queries.groups import profile_on
from tdcs.http import official, refusing
from tdcs.loans.queries.scope import visible_lending_groups
from tdcs.transaction_points.composing.papers import (
    due_list,
    minutes,
    posting_list,
    schedule_notice,
)
from tdcs.transaction_points.models import TransactionSession
from tdcs.transaction_points.queries.due import due_lines, session_for
from tdcs.transaction_points.queries.sessions import session_row
from tdcs.transaction_points.queries.summary import figures_of, group_lines
from tdcs.transaction_points.rules.scoring import score
from tdcs.transaction_points.views.schedule import session_or_404


def _name(kind: str, session: TransactionSession) -> str:
    return f"{kind}-{session.point.code}-{session.held_on:%Y%m%d}".lower()


@requires("points.view")
@require_GET
@refusing
def notice(request: PersonRequest, pk: int, fmt: str) -> HttpResponse:
    """The notice to the commune and the groups."""
    session = session_or_404(request, pk)
    made = schedule_notice(session_row(session), group_lines(session), on=clock.today())
    return official(made, fmt, _name("thong-bao-phien", session))


@requires("points.view")
@require_GET
@refusing
def posting(request: PersonRequest, pk: int, fmt: str) -> HttpResponse:
    """What must hang at the point."""
    session = session_or_404(request, pk)
    made = posting_list(session_row(session), on=clock.today())
    return official(made, fmt, _name("niem-yet", session))


@requires("loans.view")
@require_GET
@refusing
def session_minutes(request: PersonRequest, pk: int, fmt: str) -> HttpResponse:
    """The minutes with figures, cash, score and conclusions."""
    session = session_or_404(request, pk)
    figures = figures_of(session)
    made = minutes(session_row(session), figures, score(figures), on=clock.today())
    return official(made, fmt, _name("bien-ban-phien", session))


@requires("loans.view")
@require_GET
@refusing
def group_due_list(request: PersonRequest, pk: int, group: int, fmt: str) -> HttpResponse:
    """What falls due of one group at a session."""
    session = session_or_404(request, pk)
    found = get_object_or_404(visible_lending_groups(request.user), pk=group)
    if not session_for(session, group):
        raise Http404(str(group))
    on = clock.today()
    profile = profile_on(found, session.held_on)
    lines = due_lines(group, session.held_on)
    made = due_list(lines, group=f"{profile.name} ({found.code})", session=session, on=on)
    answer = official(made, fmt, f"den-han-{found.code}-{session.held_on:%Y%m%d}")
    answer["Cache-Control"] = "no-store"
    with transaction.atomic():
        trail.record(
            action="points.print_due_list",
            subject=found,
            by=request.user,
            on=on,
            data={"session": session.pk, "format": fmt, "loans": len(lines)},
        )
    return answer
