"""From monitor to record: who may begin, what began, the month in parallel, the minutes."""

from __future__ import annotations

from typing import Final

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.core.typed import parse_day
from tdcs.http import official, paper, refusing, sheet, show_success
from tdcs.http.kept import form_key
from tdcs.imports.minutes import NAMES, SUMS, minutes_document
from tdcs.imports.models import CutOver
from tdcs.imports.queries.cutting_over import (
    Difference,
    candidates,
    cut_overs_of,
    differences,
    last_closed,
    office_to_begin,
    parallel_extract,
)
from tdcs.imports.services import cut_over, sign_cut_over, undo_cut_over
from tdcs.organisations.queries import names_on

PAGE: Final = 100
_DOUBLED: Final = [f"{name} ({where})" for name in NAMES.values() for where in ("sao kê", "sổ")]


@requires("imports.view")
@require_GET
def cut_overs(request: PersonRequest) -> HttpResponse:
    """Offices that follow extracts and may begin, and the cut-overs made."""
    waiting = candidates(request.user)
    rows = list(cut_overs_of(request.user))
    keys = [one.office for one in waiting] + [row.office_id for row in rows]
    names = names_on(clock.today(), keys)
    context = {
        "waiting": [(names.get(one.office, ""), one) for one in waiting],
        "rows": [(names.get(row.office_id, ""), row) for row in rows],
        "may_begin": request.user.may("imports.cut_over"),
        "key": form_key(request),
    }
    return render(request, "imports/cut_overs.html", context)


@requires("imports.cut_over")
@require_POST
@refusing
def start(request: PersonRequest) -> HttpResponse:
    """The book of an office begins."""
    office = office_to_begin(request.user, request.POST.get("office", ""))
    day = parse_day(request.POST.get("day")) or clock.today()
    done = cut_over(
        office=office,
        day=day,
        by=request.user,
        on=clock.today(),
        key=f"cut-over-{request.POST.get('key', '')}-{office.pk}"[:80],
    )
    show_success(request, _("Đã mở sổ với %(loans)s khoản vay.") % done)
    return redirect("imports:cut_over", pk=done["cut_over"])


@requires("imports.view")
@require_GET
def cut_over_page(request: PersonRequest, pk: int) -> HttpResponse:
    """The opening book, the differences by loan, the minutes; ``export`` gives the differences."""
    row = _row(request, pk)
    extract = None if row.undone_at else parallel_extract(row)
    found = differences(row, extract) if extract is not None else []
    if request.GET.get("export"):
        header = ["Số khế ước", *_DOUBLED]
        cells: list[list[str | int]] = [[one.contract, *_figures(one)] for one in found]
        around = paper(request, _("Chênh lệch giữa sao kê và sổ"))
        return sheet(request.GET["export"], "chenh-lech", header, cells, around)
    may = request.user.may("imports.cut_over") and row.undone_at is None
    context = {
        "row": row,
        "name": names_on(clock.today(), [row.office_id]).get(row.office_id, ""),
        "sums": [(words, row.sums[name]) for name, words in SUMS if name in row.sums],
        "compared": extract,
        "count": len(found),
        "page": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "heads": NAMES,
        "may_undo": may and last_closed() < row.first_day,
        "may_sign": may
        and extract is not None
        and row.signed_at is None
        and row.started_by_id != request.user.pk,
        "key": form_key(request),
    }
    return render(request, "imports/cut_over.html", context)


@requires("imports.cut_over")
@require_POST
@refusing
def sign(request: PersonRequest, pk: int) -> HttpResponse:
    """Another person signs the minutes."""
    key = f"sign-cut-over-{request.POST.get('key', '')}"[:80]
    sign_cut_over(made=_row(request, pk), by=request.user, on=clock.today(), key=key)
    show_success(request, _("Đã ký biên bản."))
    return redirect("imports:cut_over", pk=pk)


@requires("imports.cut_over")
@require_POST
@refusing
def undo(request: PersonRequest, pk: int) -> HttpResponse:
    """The office follows extracts again."""
    key = f"undo-cut-over-{request.POST.get('key', '')}"[:80]
    why = request.POST.get("why", "")
    undo_cut_over(made=_row(request, pk), why=why, by=request.user, on=clock.today(), key=key)
    show_success(request, _("Đã hoàn tác; đơn vị theo dõi theo sao kê như trước."))
    return redirect("imports:cut_over", pk=pk)


@requires("imports.view")
@require_GET
@refusing
def minutes(request: PersonRequest, pk: int) -> HttpResponse:
    """The minutes as .docx."""
    row = _row(request, pk)
    extract = row.compared or parallel_extract(row)
    found = differences(row, extract) if extract is not None else []
    document = minutes_document(row, extract, found, clock.today())
    return official(document, "docx", f"bien-ban-ghi-so-{row.first_day:%Y-%m-%d}")


def _figures(one: Difference) -> list[int]:
    return [figure for _, said, ours in one.pairs for figure in (said, ours)]


def _row(request: PersonRequest, pk: int) -> CutOver:
    return get_object_or_404(cut_overs_of(request.user), pk=pk)
