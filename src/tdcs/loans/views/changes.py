"""Asking for a change of a loan with the law in view, and deciding it: never the same person."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.documents.forms import address_of, forms
from tdcs.documents.numbers import grouped
from tdcs.http import paper, parse_int, sheet, show_success
from tdcs.ledger.models import Operation
from tdcs.ledger.services import idempotent
from tdcs.loans.forms.applications import words_of
from tdcs.loans.forms.changes import AskForm, DecideForm
from tdcs.loans.models import ChangeRequest, Loan
from tdcs.loans.queries.changes import (
    MARKS,
    PAPERS,
    ChangeFilters,
    allowed,
    effects,
    find_requests,
    open_requests,
    other_requests,
)
from tdcs.loans.queries.folding import LoanBalance, balances_on
from tdcs.loans.queries.scope import visible_loans, visible_requests
from tdcs.loans.services.changing import (
    ASKED,
    ChangeDecision,
    ChangeDraft,
    ask_change,
    decide_change,
    foresee_change,
)
from tdcs.loans.states import EventKind
from tdcs.organisations.queries import names_on
from tdcs.programmes.rules import programmes

PAGE: Final = 50
KINDS: Final = [(kind, EventKind(kind).label) for kind in ASKED]
_HEADER: Final = (
    "Ngày đề nghị",
    "Loại",
    "Số khế ước",
    "Người vay",
    "Phòng giao dịch",
    "Số tiền (đồng)",
    "Kỳ hạn",
    "Đến ngày",
    "Thiệt hại (%)",
    "Nguyên nhân",
    "Trạng thái",
    "Số quyết định",
    "Ngày quyết định",
)


@requires("loans.ask_change")
@require_http_methods(["GET", "POST"])
def ask_page(request: PersonRequest, pk: int, kind: str) -> HttpResponse:
    """What the law allows this loan, then the form; a double click makes one request."""
    if kind not in ASKED:
        raise Http404(kind)
    rows = visible_loans(request.user).select_related("borrower", "household", "group")
    loan: Loan = get_object_or_404(rows, pk=pk)
    on = clock.today()
    may = allowed(loan, kind, on)
    now = balances_on([loan], on)[loan.pk]
    due = max(now.interest_due, 0)
    whole_of = due if kind == "write_off_interest" else now.balance
    first = {"key": f"ask-{uuid4()}", "amount": grouped(whole_of), "interest": grouped(due)}
    form = AskForm(
        request.POST or None,
        kind=kind,
        allowed=may,
        balance=now.balance,
        interest_due=due,
        initial=first,
    )
    if request.method == "POST" and form.is_valid():
        try:
            return _ask(request, loan, kind, dict(form.cleaned_data), on)
        except Refusal as refusal:
            form.add_error(None, words_of(refusal))
    context = {
        "loan": loan,
        "now": now,
        "kind": kind,
        "label": EventKind(kind).label,
        "kinds": KINDS,
        "allowed": may,
        "form": form,
        "on": on,
        "open": open_requests(loan),
        "papers": _paper_names(kind),
    }
    return render(request, "loans/change_ask.html", context)


def _ask(
    request: PersonRequest, loan: Loan, kind: str, data: dict[str, Any], on: date
) -> HttpResponse:
    key = data.pop("key")

    def work(_operation: Operation) -> dict[str, Any]:
        return {
            "request": ask_change(
                loan=loan, change=ChangeDraft(kind=kind, **data), by=request.user, on=on
            ).pk
        }

    asked = {"loan": loan.pk, "kind": kind, **data}
    answer = idempotent(
        key=key, action="loans.ask_change", request=asked, by=request.user, on=on, work=work
    )
    if not answer.get("again"):
        show_success(request, _("Đã gửi đề nghị; chờ người có thẩm quyền duyệt."))
    return redirect("loans:request", pk=answer["request"])


@requires("loans.view")
@require_GET
def list_page(request: PersonRequest) -> HttpResponse:
    """Requests in scope; those that wait unless told otherwise."""
    on, asked = clock.today(), request.GET
    states = dict(ChangeRequest.State.choices)
    state = asked.get("state", "" if asked.get("q") else "asked")
    filters = ChangeFilters(
        state=state if state in states else "",
        kind=asked.get("kind", "") if asked.get("kind") in ASKED else "",
        words=asked.get("q", "").strip()[:100],
        office=parse_int(asked.get("office")),
    )
    rows = find_requests(request.user, filters, on).select_related(
        "loan__borrower", "loan__household", "asked_by", "decided_by"
    )
    offices = _offices(request, on)
    if asked.get("export"):
        return _export(request, rows, dict(offices))
    page = Paginator(rows, PAGE).get_page(asked.get("page"))
    context = {
        "page": page,
        "f": filters,
        "states": ChangeRequest.State.choices,
        "kinds": KINDS,
        "offices": offices,
        "names": dict(offices),
        "marks": MARKS,
        "on": on,
        "may_decide": request.user.may("loans.decide_change"),
    }
    return render(request, "loans/changes.html", context)


def _offices(request: PersonRequest, on: date) -> list[tuple[int, str]]:
    seen = visible_requests(request.user, on).order_by()
    ids = list(seen.values_list("loan__office_id", flat=True).distinct())
    names = names_on(on, ids)
    return sorted(((key, names[key]) for key in ids), key=lambda row: (row[1], row[0]))


def _export(
    request: PersonRequest, rows: QuerySet[ChangeRequest], offices: dict[int, str]
) -> HttpResponse:
    lines = [
        (
            row.asked_on,
            row.get_kind_display(),
            row.loan.number,
            row.loan.borrower.full_name,
            offices.get(row.loan.office_id, ""),
            row.amount,
            row.due_on,
            row.until_on,
            row.loss_percent,
            row.cause,
            row.get_state_display(),
            row.decision_number,
            row.decided_on,
        )
        for row in rows
    ]
    around = paper(request, _("Danh sách đề nghị xử lý nợ"))
    return sheet(request.GET["export"], "de-nghi-xu-ly-no", _HEADER, lines, around)


@requires("loans.view")
@require_http_methods(["GET", "POST"])
def request_page(request: PersonRequest, pk: int) -> HttpResponse:
    """A request, what it would do, its papers; the decision for whoever may take it."""
    row = _request_or_404(request, pk)
    form = DecideForm(initial={"key": f"decide-{uuid4()}"})
    if request.method == "POST":
        if not request.user.may("loans.decide_change"):
            raise PermissionDenied("loans.decide_change")
        approve = request.POST.get("verb") == "approve"
        form = DecideForm(request.POST, approve=approve)
        if form.is_valid():
            try:
                return _decide(request, row, form.cleaned_data, approve=approve)
            except Refusal as refusal:
                form.add_error(None, words_of(refusal))
                row = _request_or_404(request, pk)
    return render(request, "loans/change.html", _context(request, row, form))


def _request_or_404(request: PersonRequest, pk: int) -> ChangeRequest:
    near = ("loan__borrower", "loan__household", "loan__group", "asked_by", "decided_by", "event")
    return get_object_or_404(visible_requests(request.user).select_related(*near), pk=pk)


def _decide(
    request: PersonRequest, row: ChangeRequest, data: dict[str, Any], *, approve: bool
) -> HttpResponse:
    decide_change(
        request=row,
        decision=ChangeDecision(
            approve=approve, number=data["decision_number"], words=data["words"]
        ),
        by=request.user,
        on=clock.today(),
        key=data["key"],
    )
    show_success(
        request, _("Đã duyệt; khoản vay đã thay đổi.") if approve else _("Đã từ chối đề nghị.")
    )
    return redirect("loans:request", pk=row.pk)


def _context(request: PersonRequest, row: ChangeRequest, form: DecideForm) -> dict[str, Any]:
    on = clock.today()
    waits = row.state == ChangeRequest.State.ASKED
    now = balances_on([row.loan], on)[row.loan_id]
    found, refused = _foreseen(row, now, on) if waits else ([], "")
    own = row.asked_by_id == request.user.pk
    may = request.user.may("loans.decide_change")
    return {
        "row": row,
        "loan": row.loan,
        "now": now,
        "on": on,
        "mark": MARKS[row.state],
        "office": names_on(on, [row.loan.office_id])[row.loan.office_id],
        "programme": programmes()[row.loan.programme].name,
        "effects": found,
        "refused": refused,
        "allowed": allowed(row.loan, row.kind, on) if waits else None,
        "form": form,
        "waits": waits,
        "may_decide": waits and may and not own,
        "own": waits and may and own,
        "papers": _papers(row),
        "others": other_requests(row),
        "marks": MARKS,
        "may_unmask": request.user.may("households.unmask"),
    }


def _foreseen(
    row: ChangeRequest, now: LoanBalance, on: date
) -> tuple[list[tuple[str, int | date, int | date]], str]:
    """What approving today would change, or why it would be refused."""
    try:
        return effects(now, foresee_change(request=row, on=on)), ""
    except Refusal as refusal:
        return [], words_of(refusal)


def _paper_names(kind: str) -> list[tuple[str, str]]:
    known = forms()
    return [(n, known[n].title.replace("\n", " ")) for n in PAPERS[kind] if n in known]


def _papers(row: ChangeRequest) -> list[tuple[str, str, str]]:
    """Number, title and address (without the format) of the papers of a request."""
    return [
        (
            number,
            title,
            reverse("loans:request_form", args=[row.pk, address_of(number), "docx"]).removesuffix(
                "docx/"
            ),
        )
        for number, title in _paper_names(row.kind)
    ]
