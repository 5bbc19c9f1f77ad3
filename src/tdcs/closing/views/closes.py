"""The closes of days, one of them, and the button."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.closing.models import CloseRun
from tdcs.closing.moved import Moved
from tdcs.closing.queries import runs as seen
from tdcs.closing.services import close_day, next_day
from tdcs.closing.views.wording import COUNTS, MARKS, MONTH, STANDS, figure, step
from tdcs.households.queries.scope import area_names
from tdcs.http import parse_day as day_given
from tdcs.http import refusing, show_success
from tdcs.http.shown_tables import page_of
from tdcs.organisations.queries import names_on

PAGE = 31
# More moved figures than a page bears; the run keeps up to 2.000.
MOVED_SHOWN = 200


@requires("closing.view")
@require_GET
def list_page(request: PersonRequest) -> HttpResponse:
    """The closed days, the last first, with what they come to in the person's scope."""
    scope = seen.within(request.user)
    page = page_of(request, seen.latest_runs(), PAGE)
    upcoming = next_day()
    last = seen.run_of(upcoming.last) if upcoming.last else None
    totals = seen.totals_of([*page, *([last] if last else [])], scope)
    context = {
        "page": page,
        "rows": [
            (run, MARKS[run.state], totals.get(run.day), sum(run.seconds.values())) for run in page
        ],
        "upcoming": upcoming,
        "may_close": seen.may_close(request.user),
        "whole": not scope,
        "last": totals.get(upcoming.last) if upcoming.last else None,
    }
    return render(request, "closing/list.html", context)


@requires("closing.view")
@require_GET
def run_page(request: PersonRequest, pk: int) -> HttpResponse:
    """One close: control totals, what late events moved, what was posted, what it cost."""
    run = get_object_or_404(seen.latest_runs(), pk=pk)
    scope = seen.within(request.user)
    totals = seen.totals_of([run], scope).get(run.day) or {}
    moved = seen.moved_of(run, scope)
    context: dict[str, Any] = {
        "run": run,
        "mark": MARKS[run.state],
        "shown_day": run.day,
        "whole": not scope,
        "totals": totals,
        "columns": [
            (_("Cuối ngày"), _figures(totals, STANDS)),
            (_("Trong tháng đến ngày này"), _figures(totals, MONTH)),
        ],
        "alerts": [words for words in run.notes if words.startswith("Chưa")],
        "moved": _named(run, moved[:MOVED_SHOWN]),
        "moved_count": len(moved),
        "entries": _entries(run, request),
        "steps": [(step(code), seconds) for code, seconds in run.seconds.items()],
        "seconds": sum(run.seconds.values()),
        "before": seen.run_before(run),
        "after": seen.run_after(run),
        "may_again": seen.may_close(request.user) and run.state != CloseRun.State.RUNNING,
    }
    return render(request, "closing/run.html", context)


def _figures(totals: dict[str, int], codes: tuple[str, ...]) -> list[tuple[str, int, bool]]:
    return [(figure(code), totals[code], code in COUNTS) for code in codes if code in totals]


def _named(run: CloseRun, moved: list[Moved]) -> list[tuple[Any, ...]]:
    offices = names_on(run.day, {row[1] for row in moved})
    areas = area_names({row[2] for row in moved}, run.day)
    return [
        (offices.get(office, office), areas.get(area, area), figure(code), old, new, new - old)
        for _day, office, area, code, old, new in moved
    ]


def _entries(run: CloseRun, request: PersonRequest) -> list[tuple[Any, ...]]:
    entries = seen.entries_of(run, request.user)
    offices = names_on(run.day, {entry.book.organisation_id for entry in entries})
    return [
        (entry, offices[entry.book.organisation_id], sum(p.debit for p in entry.postings.all()))
        for entry in entries
    ]


@requires("closing.close")
@require_POST
@refusing
def close(request: PersonRequest) -> HttpResponse:
    """Close the day of the form; a day closed before is made once more."""
    given = day_given(request.POST.get("day"))
    if given is None:
        raise Http404("day")
    answer = close_day(day=given, by=request.user)
    words = (
        _("Ngày %(day)s đã khóa trước đó; làm lại cho số liệu y nguyên.")
        if answer.again
        else _("Đã khóa sổ ngày %(day)s: %(rows)s khoản vay, %(entries)s bút toán.")
    )
    values = {"day": f"{given:%d/%m/%Y}", "rows": answer.rows, "entries": len(answer.entries)}
    show_success(request, words % values)
    if answer.days:
        late = _("%(n)s diễn biến ghi muộn: đã khóa lại %(days)s ngày trước.")
        show_success(request, late % {"n": answer.late, "days": len(answer.days)})
    run = seen.run_of(given)
    return redirect("closing:run", run.pk) if run else redirect("closing:list")
