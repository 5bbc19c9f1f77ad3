"""Reports on schedule: the list, a new one, one with what it sent."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.http import mark_taken, refusing, show_error, show_success
from tdcs.http.shown_tables import page_of
from tdcs.sending.forms import ScheduleForm
from tdcs.sending.models import ReportSchedule, ScheduleState, SendingState
from tdcs.sending.queries.schedules import schedule_of, schedules, sendings_of
from tdcs.sending.services import mailing
from tdcs.sending.services.schedules import make_schedule, set_schedule_state

_PAGE: Final = 50
_STATES: Final = {
    "pause": ScheduleState.PAUSED,
    "resume": ScheduleState.ACTIVE,
    "end": ScheduleState.ENDED,
}


@requires("sending.schedule")
@require_GET
def list_page(request: PersonRequest) -> HttpResponse:
    """Every schedule."""
    page = page_of(request, schedules(), _PAGE)
    return render(request, "sending/schedules.html", {"page": page})


@requires("sending.schedule")
@require_http_methods(["GET", "POST"])
def new_page(request: PersonRequest) -> HttpResponse:
    """A new schedule; what was typed stays when it is refused."""
    form = ScheduleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = make_schedule(draft=form.draft(), by=request.user, on=clock.today())
        except Refusal as refusal:
            show_error(request, refusal)
        else:
            mark_taken(request)
            return redirect("sending:schedule", pk=made.pk)
    return render(request, "sending/schedule_new.html", {"form": form})


@requires("sending.schedule")
@require_GET
def schedule_page(request: PersonRequest, pk: int) -> HttpResponse:
    """One schedule: to whom, and what became of each sending."""
    schedule = _schedule(pk)
    page = page_of(request, sendings_of(schedule), _PAGE)
    language = (get_language() or "vi")[:2]
    context = {
        "schedule": schedule,
        "recipients": schedule.recipients.all(),
        "page": page,
        "rows": [(row, row.why.get(language, "")) for row in page],
    }
    return render(request, "sending/schedule.html", context)


@requires("sending.schedule")
@require_POST
@refusing
def act(request: PersonRequest, pk: int) -> HttpResponse:
    """Pause, take up again, end, or try it on oneself."""
    schedule, verb, on = _schedule(pk), request.POST.get("verb", ""), clock.today()
    if verb == "try":
        row = mailing.try_schedule(schedule=schedule, by=request.user, on=on)
        if row.state == SendingState.SENT:
            show_success(request, _("Đã gửi thử đến %(to)s.") % {"to": request.user.email})
    elif verb in _STATES:
        set_schedule_state(schedule=schedule, state=_STATES[verb], by=request.user, on=on)
        show_success(request, _("Đã lưu."))
    else:
        raise Http404(verb)
    return redirect("sending:schedule", pk=pk)


def _schedule(pk: int) -> ReportSchedule:
    found = schedule_of(pk)
    if found is None:
        raise Http404(pk)
    return found
