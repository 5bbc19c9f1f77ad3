"""The list of applications, and one step for several of them at once."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.households.queries.scope import communes_in_scope
from tdcs.http import paper, parse_int, sheet, show_success
from tdcs.loans.models import LoanApplication
from tdcs.loans.queries.applications import (
    FORWARD,
    ApplicationFilters,
    ApplicationLine,
    chosen_applications,
    dated,
    find_applications,
    lines_of,
    steps_for,
    takes,
    verbs_of,
    waiting_counts,
)
from tdcs.loans.queries.scope import visible_applications
from tdcs.loans.services.applications import advance
from tdcs.loans.states import MOVES, ApplicationState
from tdcs.organisations.queries import names_on
from tdcs.programmes.rules import programmes

PAGE: Final = 50
# A list of the commune or of a day's approvals; more is chosen page by page.
_MANY: Final = 200
TURNS: Final = ("mine", "open", "rest", "all")
_NEAR: Final = ("household", "borrower", "group", "office", "source")
_HEADER = (
    "Số hồ sơ",
    "Mã hộ",
    "Người vay",
    "Xã, phường",
    "Ấp, khu phố",
    "Mã tổ",
    "Tổ",
    "Chương trình",
    "Số tiền đề nghị (đồng)",
    "Số tiền phê duyệt (đồng)",
    "Thời hạn (tháng)",
    "Mục đích",
    "Ngày đề nghị",
    "Trạng thái",
    "Bước tiếp theo",
    "Chờ từ ngày",
)


@requires("loans.view")
@require_GET
def list_page(request: PersonRequest) -> HttpResponse:
    """Applications in scope; without filters what waits for the person. ApplicationFilters are in the address."""
    on, verbs = clock.today(), verbs_of(request.user)
    filters = _filters(request, "mine" if verbs else "open")
    rows = find_applications(request.user, filters, on).select_related(*_NEAR)
    if request.GET.get("export"):
        return _export(request, rows, on)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    lines = lines_of(page, on)
    seen = visible_applications(request.user, on)
    many = [line for line in lines if _in_bulk(request, line.row)] if verbs else []
    context = {
        "page": page,
        "lines": lines,
        "f": filters,
        "on": on,
        "steps": _waiting(request, on),
        "turns": _turns(bool(verbs)),
        "states": ApplicationState.choices,
        "programmes": [(code, one.short) for code, one in programmes().items()],
        "communes": communes_in_scope(request.user, on),
        "offices": _offices(seen, on),
        "many": {line.row.pk for line in many},
        "may_apply": request.user.may("loans.apply"),
    }
    return render(request, "loans/applications.html", context)


def _filters(request: PersonRequest, turn: str) -> ApplicationFilters:
    asked = request.GET
    # Who names a state or looks for somebody means all of them, unless told otherwise.
    narrowed = any(asked.get(name) for name in ("q", "state", "group"))
    given = asked.get("turn", "all" if narrowed else turn)
    states = dict(ApplicationState.choices)
    return ApplicationFilters(
        turn=given if given in TURNS else turn,
        words=asked.get("q", "").strip()[:100],
        state=asked.get("state", "") if asked.get("state") in states else "",
        programme=asked.get("programme", "") if asked.get("programme") in programmes() else "",
        office=parse_int(asked.get("office")),
        commune=parse_int(asked.get("commune")),
        group=asked.get("group", "").strip()[:10],
    )


def _turns(acts: bool) -> list[tuple[str, str]]:
    turns = [
        ("open", _("Đang xử lý")),
        ("rest", _("Còn giải ngân tiếp")),
        ("all", _("Tất cả")),
    ]
    return [("mine", _("Chờ tôi")), *turns] if acts else turns


def _waiting(request: PersonRequest, on: date) -> list[tuple[str, str, int]]:
    """State, step and how many wait for the person there."""
    counts = waiting_counts(request.user, on)
    return [
        (state, MOVES[FORWARD[state]].label, counts[state])
        for state in FORWARD
        if counts.get(state)
    ]


def _offices(seen: QuerySet[LoanApplication], on: date) -> list[tuple[int, str]]:
    """Offices that have an application in scope."""
    ids = list(seen.order_by().values_list("office_id", flat=True).distinct())
    names = names_on(on, ids)
    return sorted(((key, names[key]) for key in ids), key=lambda row: (row[1], row[0]))


def _in_bulk(request: PersonRequest, row: LoanApplication) -> bool:
    """Whether the next step of an application may be taken together with others: every one but paying out."""
    verb = FORWARD.get(row.state, "disburse")
    return verb != "disburse" and takes(request.user, verb)


def _export(request: PersonRequest, rows: QuerySet[Any], on: date) -> HttpResponse:
    lines = [_cells(line) for line in lines_of(rows, on)]
    around = paper(request, _("Danh sách hồ sơ vay vốn"), on=on)
    return sheet(request.GET["export"], "ho-so-vay", _HEADER, lines, around)


def _cells(line: ApplicationLine) -> tuple[Any, ...]:
    row = line.row
    return (
        row.number,
        row.household.code,
        row.borrower.full_name,
        line.face.commune,
        line.face.hamlet,
        row.group.code if row.group else "",
        line.group or _("trực tiếp"),
        line.programme,
        row.amount,
        row.approved_amount,
        row.term_months,
        row.purpose,
        row.asked_on,
        row.get_state_display(),
        line.next,
        row.since if line.next else None,
    )


@requires("loans.view")
@require_POST
def bulk(request: PersonRequest) -> HttpResponse:
    """The next step of every chosen application: shown first, done when it is confirmed, each refusal named."""
    verbs = [verb for verb in verbs_of(request.user) if verb != "disburse"]
    if not verbs:
        raise PermissionDenied("loans")
    keys = [parse_int(key) for key in request.POST.getlist("id")][:_MANY]
    chosen = chosen_applications(request.user, keys).select_related(*_NEAR)
    rows = list(dated(chosen).order_by("pk"))
    if not rows:
        show_success(request, _("Chưa chọn hồ sơ nào."))
        return redirect("loans:applications")
    if request.POST.get("sure") == "1":
        return _results(request, rows)
    return _ask(request, rows)


def _ask(request: PersonRequest, rows: list[Any]) -> HttpResponse:
    """What is about to be done, and to which the step is closed."""
    ready: dict[str, list[ApplicationLine]] = {}
    shut: list[tuple[ApplicationLine, str]] = []
    for line in lines_of(rows, clock.today()):
        why = _why_not(request, line.row)
        if why:
            shut.append((line, why))
        else:
            ready.setdefault(line.verb, []).append(line)
    context = {
        "ready": [
            (verb, MOVES[verb].label, lines, sum(line.row.amount for line in lines))
            for verb, lines in ready.items()
        ],
        "shut": shut,
        "count": sum(len(lines) for lines in ready.values()),
    }
    return render(request, "loans/applications_bulk.html", context)


def _why_not(request: PersonRequest, row: LoanApplication) -> str:
    """Why the next step of an application cannot be taken by the person; "" when it can."""
    verb = FORWARD.get(row.state, "")
    step = next((s for s in steps_for(request.user, row) if s.verb == verb), None)
    if step is not None and verb != "disburse":
        return step.blocked.sentence(get_language() or "vi") if step.blocked else ""
    if not verb or row.state == ApplicationState.DISBURSED:
        return _("Hồ sơ đã xong, không còn bước nào.")
    return _("Đang chờ bước “%(v)s”, không làm ở đây.") % {"v": MOVES[verb].label}


def _results(request: PersonRequest, rows: list[Any]) -> HttpResponse:
    """Each in a transaction of its own: what one refuses, the others do not suffer from."""
    language, words = get_language() or "vi", request.POST.get("words", "").strip()
    count, refused = 0, []
    for row in rows:
        # What was shown is what is done: the step stands in the form, not in the row as it is now.
        verb = request.POST.get(f"verb-{row.pk}", "")
        if verb not in MOVES or verb == "disburse" or not takes(request.user, verb):
            raise PermissionDenied(verb)
        try:
            advance(application=row, verb=verb, by=request.user, on=clock.today(), words=words)
            count += 1
        except Refusal as refusal:
            said = f"{refusal.sentence(language)} {refusal.next_step(language)}".strip()
            refused.append((row, MOVES[verb].label, said, refusal.basis.format(**refusal.params)))
    if count:
        told = ngettext("Đã xử lý %(n)d hồ sơ.", "Đã xử lý %(n)d hồ sơ.", count)
        show_success(request, told % {"n": count})
    if not refused:
        return redirect("loans:applications")
    return render(
        request, "loans/applications_bulk_done.html", {"count": count, "refused": refused}
    )
