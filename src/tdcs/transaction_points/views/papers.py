"""Papers of a session: notice, posting list, minutes, a group's list of what falls due."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import Final

from django.db import transaction
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock, trail
from tdcs.documents.official import OfficialDocument, to_docx
from tdcs.entrustment.models import SavingsGroup
from tdcs.entrustment.queries.groups import profile_on
from tdcs.http import attachment, official, refusing
from tdcs.jobs.exports import later
from tdcs.loans.views.lookups import group_or_404
from tdcs.transaction_points.composing.papers import (
    due_list,
    minutes,
    posting_list,
    schedule_notice,
)
from tdcs.transaction_points.models import TransactionSession
from tdcs.transaction_points.queries.due import due_lines, groups_to_list, session_for
from tdcs.transaction_points.queries.sessions import point_names, session_row
from tdcs.transaction_points.queries.summary import figures_of, group_lines
from tdcs.transaction_points.rules.scoring import score
from tdcs.transaction_points.views.schedule import session_or_404

# A group's document takes as long as so many rows of a list.
_ROWS: Final = 60


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
    found = group_or_404(request, group)
    if not session_for(session, group):
        raise Http404(str(group))
    on = clock.today()
    made, lines = _due_list(session, found, on)
    answer = official(made, fmt, f"den-han-{found.code}-{session.held_on:%Y%m%d}")
    answer["Cache-Control"] = "no-store"
    with transaction.atomic():
        trail.record(
            action="points.print_due_list",
            subject=found,
            by=request.user,
            on=on,
            data={"session": session.pk, "format": fmt, "loans": lines},
        )
    return answer


def _due_list(
    session: TransactionSession, group: SavingsGroup, on: date
) -> tuple[OfficialDocument, int]:
    """A group's list and how many loans are on it."""
    lines = due_lines(group.pk, session.held_on)
    name = f"{profile_on(group, session.held_on).name} ({group.code})"
    return due_list(lines, group=name, session=session, on=on), len(lines)


@requires("loans.view")
@require_GET
@refusing
def due_lists(request: PersonRequest, pk: int) -> HttpResponse:
    """The lists of all groups of a session, a document for each, in one file; many are made in the background."""
    session, on = session_or_404(request, pk), clock.today()
    groups = groups_to_list(request.user, session)
    if not groups:
        raise Http404("groups")
    title = f"{point_names([session])[session.pk]}, {session.held_on:%d/%m/%Y}"
    if answer := later(request, title=title, rows=len(groups) * _ROWS):
        return answer
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made, transaction.atomic():
        for group in groups:
            document, loans = _due_list(session, group, on)
            made.writestr(f"den-han-{group.code}.docx", to_docx(document))
            data = {"session": session.pk, "format": "zip", "loans": loans}
            trail.record(
                action="points.print_due_list", subject=group, by=request.user, on=on, data=data
            )
    answer = attachment(buffer.getvalue(), "application/zip", f"{_name('den-han', session)}.zip")
    answer["Cache-Control"] = "no-store"
    return answer
