"""The register: list, export, one letter, a new line."""

from __future__ import annotations

from typing import Final

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.http import back, parse_day, parse_int, refusing, sheet, show_error, show_success
from tdcs.http.table_columns import as_chosen
from tdcs.letters import ports
from tdcs.letters.forms import LetterForm
from tdcs.letters.models import About, Direction, RegisteredLetter
from tdcs.letters.queries.register import (
    HEADER,
    LetterFilters,
    answers_for,
    find_letters,
    sheet_rows,
    visible_letters,
)
from tdcs.letters.services import entering, handling

PAGE: Final = 50
# Where a letter made by the system leads: a route, whether it takes the row's key, and who may open it.
_ROUTES: Final = {
    About.TASK: ("plans:task", "plans.view", ()),
    About.DIRECTIVE: ("plans:directive", "plans.view", ()),
    About.REMINDER: ("plans:letter", "plans.view", ("pdf",)),
    About.REPORT: ("plans:report", "plans.view", ()),
    About.UNIT_PLAN: ("plans:unit_plan", "plans.view", ()),
    About.SCHEME: ("scheme:version", "scheme.view", ()),
    About.BOARD: ("boards:meeting", "boards.view", ()),
}


def _asked(request: PersonRequest) -> LetterFilters:
    asked = request.GET
    return LetterFilters(
        words=asked.get("q", "").strip()[:100],
        direction=asked.get("direction", ""),
        since=parse_day(asked.get("since")),
        until=parse_day(asked.get("until")),
        task=parse_int(asked.get("task")) or None,
        overdue=asked.get("overdue") == "1",
        below=asked.get("below") == "1",
    )


@requires("letters.view")
@require_GET
def list_page(request: PersonRequest) -> HttpResponse:
    """Letters in and out that fit the filters, or the same as a workbook."""
    asked, on = _asked(request), clock.today()
    rows = find_letters(request.user, asked, on)
    if request.GET.get("export") in ("xlsx", "csv"):
        return sheet(
            request.GET["export"],
            "so-van-ban",
            *as_chosen(request, "letters", HEADER, sheet_rows(rows)),
        )
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "asked": asked,
        "on": on,
        "directions": [(Direction.IN, _("Đến")), (Direction.OUT, _("Đi"))],
        "tasks": ports.tasks(),
    }
    return render(request, "letters/list.html", context)


@requires("letters.view")
@require_GET
def letter_page(request: PersonRequest, pk: int) -> HttpResponse:
    """One letter of a register in scope."""
    row = get_object_or_404(visible_letters(request.user), pk=pk)
    writes = handling.writes_into(request.user, row)
    context = {
        "row": row,
        "writes": writes,
        "link": _link(request, row),
        "task": dict(ports.tasks()).get(row.about_key or 0) if row.about == About.TASK else "",
        "on": clock.today(),
        "answers": answers_for(row) if writes and row.direction == Direction.IN else [],
        "answered": row.answers.order_by("pk"),
    }
    return render(request, "letters/letter.html", context)


def _link(request: PersonRequest, row: RegisteredLetter) -> str:
    """The page of what the letter is about, for who may open it."""
    found = _ROUTES.get(About(row.about))
    if found is None or not request.user.may(found[1]):
        return ""
    return reverse(found[0], args=[row.about_key, *found[2]])


@requires("letters.register")
@require_http_methods(["GET", "POST"])
def enter_page(request: PersonRequest) -> HttpResponse:
    """A letter on paper into the register of the own unit."""
    form = LetterForm(
        request.POST or None,
        tasks=list(ports.tasks()),
        initial={"direction": request.GET.get("direction", Direction.IN)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = entering.enter_by_hand(typed=form.typed(), by=request.user, on=clock.today())
        except Refusal as refusal:
            show_error(request, refusal)
        else:
            show_success(request, _("Đã vào sổ, thứ tự %(n)d.") % {"n": made.sequence})
            return redirect("letters:letter", pk=made.pk)
    return render(request, "letters/enter.html", {"form": form})


@requires("letters.register")
@require_POST
@refusing
def act(request: PersonRequest, pk: int) -> HttpResponse:
    """Acknowledge, set by when it is answered, or name the letter that answers it."""
    row = get_object_or_404(visible_letters(request.user), pk=pk)
    by, on, verb = request.user, clock.today(), request.POST.get("verb")
    if verb == "acknowledge":
        handling.acknowledge(letter=row, by=by, on=on)
        show_success(request, _("Đã xác nhận nhận văn bản."))
    elif verb == "due":
        due_on = parse_day(request.POST.get("due_on"))
        handling.set_answer_due(letter=row, due_on=due_on, by=by, on=on)
        show_success(request, _("Đã ghi hạn trả lời."))
    else:
        chosen = get_object_or_404(visible_letters(by), pk=parse_int(request.POST.get("answer")))
        handling.answer(letter=row, answered_by=chosen, by=by, on=on)
        show_success(request, _("Đã ghi văn bản trả lời."))
    return back(request, reverse("letters:letter", args=[pk]))
