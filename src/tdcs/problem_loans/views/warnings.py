"""The warnings by unit and kind; one warning with what was noted."""

from __future__ import annotations

from typing import Final

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.closing.queries import shown_day
from tdcs.core import clock
from tdcs.http import FORMATS, paper, parse_day, parse_int, refusing, sheet, show_success
from tdcs.problem_loans.models import EarlyWarning
from tdcs.problem_loans.queries import warnings as queries
from tdcs.problem_loans.queries.dossiers import household_to_open
from tdcs.problem_loans.queries.scope import notes_for, visible_warnings
from tdcs.problem_loans.rules.thresholds import threshold
from tdcs.problem_loans.rules.words import next_step
from tdcs.problem_loans.services import warning as services

PAGE: Final = 50
# Level → how it is marked and called.
LEVELS: Final = {
    1: ("open", _("Theo dõi")),
    2: ("soon", _("Cần xem")),
    3: ("late", _("Nghiêm trọng")),
    4: ("late", _("Rất nghiêm trọng")),
}


@requires("warnings.view")
@require_GET
def list_page(request: PersonRequest) -> HttpResponse:
    """Warnings in scope, by unit and kind."""
    on, asked = clock.today(), _asked(request)
    rows = queries.found(request.user, asked, on)
    if request.GET.get("export") in FORMATS:
        return _export(request, list(rows[: queries.MOST]))
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    units = queries.by_unit(request.user, on)
    raised, closed = queries.raised_on(), shown_day(on)
    context = {
        "page": page,
        "rows": [(row, *LEVELS[row.warning.level])
                 for row in queries.lines(list(page), request.user, on)],
        "counts": queries.counts_by_kind(request.user, asked, on),
        "asked": asked,
        "units": units,
        "offices": [(one.office, one.name) for one in units],
        "places": EarlyWarning.Place.choices,
        "stages": _stages(),
        "levels": [(level, words) for level, (mark, words) in LEVELS.items()],
        "raised": raised,
        "behind": closed is not None and (raised is None or raised < closed),
        "closed": closed,
        "may_raise": request.user.may("warnings.raise"),
    }  # fmt: skip
    return render(request, "problem_loans/warnings.html", context)


def _stages() -> list[tuple[str, str]]:
    return [
        (queries.NEW, _("Chưa xem xét")),
        (queries.DUE, _("Việc hẹn đã đến ngày")),
        (queries.ENDED, _("Đã hết")),
    ]


def _asked(request: PersonRequest) -> queries.WarningFilter:
    given = request.GET
    stage = given.get("stage", "")
    return queries.WarningFilter(
        kind=given.get("kind", "")[:24],
        place=given.get("place", "")[:10],
        level=parse_int(given.get("level")) or 0,
        office=parse_int(given.get("office")) or 0,
        commune=parse_int(given.get("commune")) or 0,
        stage=stage if stage in dict(_stages()) else queries.OPEN,
    )


def _export(request: PersonRequest, rows: list[EarlyWarning]) -> HttpResponse:
    header = (_("Loại cảnh báo"), _("Mức"), _("Đối tượng"), _("Xã, phường"), _("Phòng giao dịch"),
              _("Lý do"), _("Từ ngày"), _("Xem xét ngày"), _("Ngày hẹn"))  # fmt: skip
    lines = [
        (one.kind, LEVELS[one.warning.level][1], one.subject, one.commune, one.office, one.why,
         one.warning.first_on, one.warning.noted_on, one.warning.next_on)
        for one in queries.lines(rows, request.user, clock.today())
    ]  # fmt: skip
    around = paper(request, _("Danh sách cảnh báo sớm"), on=queries.raised_on())
    return sheet(request.GET["export"], "canh-bao-som", header, lines, around)


@requires("warnings.raise")
@require_POST
@refusing
def compute(request: PersonRequest) -> HttpResponse:
    """Warn by the last closed day."""
    done = services.raise_warnings(by=request.user, on=clock.today())
    words = _("Số liệu ngày %(day)s: %(new)s cảnh báo mới, %(still)s còn, %(over)s đã hết.")
    given = {"day": f"{done.day:%d/%m/%Y}", "new": done.new, "still": done.still, "over": done.over}
    show_success(request, words % given)
    return redirect("problem_loans:warnings")


@requires("warnings.view")
@require_GET
def warning_page(request: PersonRequest, pk: int) -> HttpResponse:
    """One warning: why, by which figures, what was noted, what comes next."""
    on = clock.today()
    row = get_object_or_404(visible_warnings(request.user, on), pk=pk)
    language = get_language() or "vi"
    (line,) = queries.lines([row], request.user, on)
    others = list(queries.earlier(row)[:20])
    by = threshold(row.last_on, row.kind, row.place)
    context = {
        "line": line,
        "row": row,
        "mark": LEVELS[row.level],
        "advice": next_step(row.kind, language),
        "threshold": by,
        "notes": row.notes.select_related("by").order_by("-pk"),
        "others": queries.lines(others, request.user, on),
        "may_note": row.ended_on is None and notes_for(request.user, row),
        "may_open": row.household_id is not None
        and request.user.may("problem_loans.work")
        and household_to_open(request.user, row.household_id, on) is not None,
        "today": on,
    }
    return render(request, "problem_loans/warning.html", context)


@requires("warnings.note")
@require_POST
@refusing
def note_warning(request: PersonRequest, pk: int) -> HttpResponse:
    """What was found out about a warning, and the next step."""
    row = get_object_or_404(visible_warnings(request.user, clock.today()), pk=pk)
    services.note(
        warning=row,
        words=request.POST.get("words", ""),
        next_step=request.POST.get("next_step", ""),
        next_on=parse_day(request.POST.get("next_on")),
        by=request.user,
        on=clock.today(),
    )
    show_success(request, _("Đã ghi kết quả xem xét."))
    return redirect("problem_loans:warning", pk=pk)
