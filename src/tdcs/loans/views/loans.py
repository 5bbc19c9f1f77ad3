"""The list of loans, its totals, its export."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tdcs.access.gate import PersonRequest, requires
from tdcs.capital.queries import source_names
from tdcs.core import clock, progress
from tdcs.households.queries.scope import communes_in_scope
from tdcs.http import paper, parse_int, refusing, sheet
from tdcs.http.kept import kept_page, only_chosen
from tdcs.http.table_columns import as_chosen
from tdcs.jobs.exports import later
from tdcs.loans.models import Loan
from tdcs.loans.queries.finding import (
    LoanFilters,
    LoanLine,
    find_loans,
    lines_of,
    page_of,
    totals_of,
)
from tdcs.loans.queries.scope import offices_with_loans
from tdcs.loans.states import ENDED_STATES, LoanState
from tdcs.organisations.queries import names_on
from tdcs.programmes.rules import programmes

# More rows than anybody reads; the whole book is a matter of the snapshots (Parquet).
MOST_EXPORTED: Final = 20_000
_SLICE: Final = 2_000
_STATES: Final = {"all", *LoanState.values}
_HEADER = (
    "Số khế ước",
    "Mã hộ",
    "Người vay",
    "Xã, phường",
    "Ấp, khu phố",
    "Mã tổ",
    "Tổ",
    "Chương trình",
    "Nguồn vốn",
    "Ngày giải ngân",
    "Hạn cuối",
    "Đã giải ngân (đồng)",
    "Dư nợ (đồng)",
    "Quá hạn (đồng)",
    "Lãi thu được (đồng)",
    "Tình trạng",
)


# Filters that choose by the row of the loan; the others ask the instalments and freezes of every loan for the day.
_BY_STATE_ALONE: Final = ("", "all", *ENDED_STATES)


@requires("loans.view")
@kept_page()
@require_GET
@refusing
def list_page(request: PersonRequest) -> HttpResponse:
    """Loans in scope; filters and place are in the address, nothing is counted to show a page."""
    on, filters = clock.today(), _filters(request)
    rows = find_loans(request.user, filters, on)
    if request.GET.get("export"):
        return _export(request, rows, on)
    page = page_of(
        rows, before=parse_int(request.GET.get("before")), after=parse_int(request.GET.get("after"))
    )
    if filters.state in _BY_STATE_ALONE:
        only_chosen(request, loan=[row.pk for row in page.rows])
    context = {
        "page": page,
        "lines": lines_of(page.rows, on),
        "f": filters,
        "on": on,
        "states": LoanState.choices,
        "programmes": [(code, one.short) for code, one in programmes().items()],
        "communes": communes_in_scope(request.user, on),
        "offices": _offices(request, on),
        "sources": source_names(),
    }
    return render(request, "loans/loans.html", context)


@requires("loans.view")
@kept_page()
@require_GET
def totals(request: PersonRequest) -> HttpResponse:
    """What the loans of the same filters come to: a piece that follows the list, so that the list never waits for it."""
    on = clock.today()
    sums = totals_of(find_loans(request.user, _filters(request), on), on)
    return render(request, "loans/_loans_totals.html", {"sums": sums})


def _filters(request: PersonRequest) -> LoanFilters:
    asked = request.GET
    return LoanFilters(
        words=asked.get("q", "").strip()[:100],
        state=asked.get("state", "") if asked.get("state") in _STATES else "",
        programme=asked.get("programme", "") if asked.get("programme") in programmes() else "",
        office=parse_int(asked.get("office")),
        commune=parse_int(asked.get("commune")),
        group=asked.get("group", "").strip()[:10],
        source=parse_int(asked.get("source")),
    )


def _offices(request: PersonRequest, on: date) -> list[tuple[int, str]]:
    """Offices with a loan in scope, by name."""
    ids = offices_with_loans(request.user, on)
    names = names_on(on, ids)
    return sorted(((key, names[key]) for key in ids), key=lambda row: (row[1], row[0]))


def _export(request: PersonRequest, rows: QuerySet[Loan], on: date) -> HttpResponse:
    if (count := rows.count()) > MOST_EXPORTED:
        words = _("Danh sách có hơn 20.000 khoản vay; lọc bớt rồi xuất.")
        messages.error(request, words)
        params = request.GET.copy()
        params.pop("export", None)
        return redirect(f"{request.path}?{params.urlencode()}")
    if leads_to_job := later(request, title=_("Danh sách khoản vay"), rows=count):
        return leads_to_job
    near = rows.select_related("household", "borrower", "group", "source")
    found = list(near.order_by("-pk")[:MOST_EXPORTED])
    cells: list[tuple[Any, ...]] = []
    for start in range(0, len(found), _SLICE):
        progress.say(90 * start // len(found), _("Đang ghi từng khoản vay"))
        cells += [_cells(line) for line in lines_of(found[start : start + _SLICE], on)]
    around = paper(request, _("Danh sách khoản vay"), on=on)
    return sheet(
        request.GET["export"], "khoan-vay", *as_chosen(request, "loans", _HEADER, cells), around
    )


def _cells(line: LoanLine) -> tuple[Any, ...]:
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
        row.source.name,
        row.disbursed_on,
        row.final_due_on,
        row.disbursed_total,
        row.balance,
        line.overdue,
        line.due,
        LoanState(line.state).label,
    )
