"""The yearly poverty review: lists, one list with its comparison, import, submission, approval."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.documents.reading.guarded import read_rows_guarded
from tdcs.documents.reading.rows import pasted_rows
from tdcs.households.annex import SHEET_HEADER, committee_of, decision_document, sheet_rows
from tdcs.households.errors import OutsideYourArea, ReviewRowsRefused
from tdcs.households.forms import ApproveForm, LineForm, OpenReviewForm
from tdcs.households.models import PovertyReview, ReviewLine
from tdcs.households.queries.reviews import (
    TABS,
    hands,
    left_out,
    line_of,
    lines_for,
    list_rows,
    review_day,
    summary,
    visible_reviews,
)
from tdcs.households.queries.scope import area_names, decided_communes
from tdcs.households.services import reviews
from tdcs.households.services.checking import Decision
from tdcs.households.services.importing import SAMPLE, import_lines
from tdcs.households.services.reviews import Measures
from tdcs.households.standards import CHANGE_NAMES, RESULT_NAMES, kinds
from tdcs.households.views.requested import FormFrame, decided_choices, with_form
from tdcs.http import official, parse_int, refusing, sheet, show_success
from tdcs.http.shown_tables import page_of
from tdcs.organisations.queries import area_of

PAGE = 100


def review_or_404(request: PersonRequest, pk: int) -> PovertyReview:
    """A review of a commune in scope."""
    return get_object_or_404(visible_reviews(request.user), pk=pk)


def own_or_404(request: PersonRequest, pk: int) -> PovertyReview:
    """A review of the person's own commune."""
    row = review_or_404(request, pk)
    if row.area_id not in decided_communes(request.user):
        raise Http404(pk)
    return row


def _crumbs(row: PovertyReview) -> list[tuple[str, str]]:
    return [
        (_("Rà soát hộ nghèo"), reverse("households:reviews")),
        (
            f"{area_names({row.area_id}, clock.today())[row.area_id]} {row.year}",
            reverse("households:review", args=[row.pk]),
        ),
    ]


@requires("households.view")
@require_GET
def reviews_page(request: PersonRequest) -> HttpResponse:
    """The reviews in scope with what they say."""
    page = page_of(request, visible_reviews(request.user), PAGE)
    names = area_names({row.area_id for row in page}, clock.today())
    context = {
        "page": page,
        "rows": [(row, names[row.area_id], summary(row)) for row in page],
        "may_open": request.user.may("households.review") and bool(decided_choices(request)),
    }
    return render(request, "households/reviews.html", context)


@requires("households.review")
@require_http_methods(["GET", "POST"])
def open_page(request: PersonRequest) -> HttpResponse:
    """Open a review of the own commune."""
    on = clock.today()
    form = OpenReviewForm(
        request.POST or None, communes=decided_choices(request), initial={"year": on.year}
    )

    def deed(data: dict[str, Any]) -> HttpResponse:
        row = reviews.open_review(
            area=area_of(data["area"]), year=data["year"], by=request.user, on=on
        )
        show_success(
            request, _("Đã mở đợt rà soát; các hộ đang nghèo, cận nghèo đã có trong danh sách.")
        )
        return redirect("households:review", pk=row.pk)

    return with_form(
        request,
        form,
        deed,
        frame=FormFrame(
            heading=_("Mở đợt rà soát hộ nghèo"),
            button=_("Mở đợt rà soát"),
            crumbs=[(_("Rà soát hộ nghèo"), reverse("households:reviews"))],
            lede=_("Rà soát định kỳ từ 01/9 đến 14/12 (QĐ 24/2021/QĐ-TTg)."),
        ),
    )


@requires("households.view")
@require_GET
def review_page(request: PersonRequest, pk: int) -> HttpResponse:
    """What changed since last year, tab by tab."""
    row = review_or_404(request, pk)
    return render(request, "households/review.html", review_context(request, row))


def review_context(request: PersonRequest, row: PovertyReview) -> dict[str, Any]:
    """What the page of a review shows."""
    tab = request.GET.get("tab", "")
    tab = tab if tab in (*TABS, *RESULT_NAMES, "todo") else ""
    told = summary(row)
    own = row.area_id in decided_communes(request.user)
    draft, day = row.state == "draft", review_day(row.year, clock.today())
    page = page_of(request, list_rows(row, tab), PAGE)
    works = own and request.user.may("households.review")
    lines = lines_for(row.area, day)
    return {
        "row": row,
        "name": area_names({row.area_id}, clock.today())[row.area_id],
        "told": told,
        "tabs": [(code, CHANGE_NAMES[code], told.changes.get(code, 0)) for code in TABS],
        "results": RESULT_NAMES,
        "changes": CHANGE_NAMES,
        "tab": tab,
        "page": page,
        "standards": lines.values(),
        "out": left_out(row, day).count() if draft else 0,
        "may_edit": works and draft,
        "may_submit": works and draft and told.lines > 0,
        "may_recall": works and row.state == "submitted",
        "may_approve": own
        and row.state == "submitted"
        and request.user.may("households.approve_review"),
        "made_it": request.user.pk in hands(row),
    }


@requires("households.view")
@require_GET
def export(request: PersonRequest, pk: int, fmt: str) -> HttpResponse:
    """The list (.xlsx, .csv), the empty form to fill in (mau), or the decision with its annex (.docx, .pdf)."""
    row = review_or_404(request, pk)
    name = f"ra-soat-{row.area.code}-{row.year}"
    if fmt in ("docx", "pdf"):
        return official(decision_document(row), fmt, f"quyet-dinh-{name}")
    if fmt == "mau":
        lines = [
            (r["line"].household.code, "", r["face"].head, r["face"].hamlet) for r in list_rows(row)
        ]
        return sheet("xlsx", f"mau-{name}", SAMPLE, lines)
    if fmt not in ("xlsx", "csv"):
        raise Http404(fmt)
    return sheet(fmt, name, SHEET_HEADER, sheet_rows(list_rows(row)))


@requires("households.review")
@require_http_methods(["GET", "POST"])
def import_page(request: PersonRequest, pk: int) -> HttpResponse:
    """A file or pasted cells; every wrong row at once, nothing half saved."""
    row = own_or_404(request, pk)
    context: dict[str, Any] = {"row": row, "crumbs": _crumbs(row), "sample": SAMPLE}
    if request.method == "POST":
        words, file = request.POST.get("words", ""), request.FILES.get("file")
        try:
            rows = read_rows_guarded(file.read()) if file else pasted_rows(words)
            count = import_lines(review=row, rows=rows, by=request.user, on=clock.today())
        except ReviewRowsRefused as wrong:
            context |= {"refusal": wrong, "wrong": wrong, "words": words}
        except Refusal as wrong:
            context |= {"refusal": wrong, "words": words}
        else:
            show_success(request, _("Đã nhập %(n)d hộ.") % {"n": count})
            return redirect("households:review", pk=row.pk)
    return render(request, "households/import.html", context)


@requires("households.review")
@require_http_methods(["GET", "POST"])
def line_page(request: PersonRequest, pk: int) -> HttpResponse:
    """One household's measures by hand."""
    row, on = own_or_404(request, pk), clock.today()
    initial: dict[str, Any] = {"code": request.GET.get("code", ""), "measured_on": on}
    known = line_of(row, initial["code"])
    if known is not None and known.income_per_head is not None:
        initial |= {
            "income": known.income_per_head,
            "deprivations": known.deprivations,
            "measured_on": known.measured_on,
            "note": known.note,
        }
    form = LineForm(request.POST or None, initial=initial)

    def deed(data: dict[str, Any]) -> HttpResponse:
        line = reviews.put_line(
            review=row,
            household=data["code"],
            measures=Measures(
                income_per_head=data["income"],
                deprivations=data["deprivations"],
                measured_on=data["measured_on"],
                note=data["note"],
            ),
            by=request.user,
            on=on,
        )
        said = {"code": data["code"].code, "result": RESULT_NAMES[line.result]}
        show_success(request, _("Hộ %(code)s: %(result)s.") % said)
        return redirect("households:review", pk=row.pk)

    return with_form(
        request,
        form,
        deed,
        frame=FormFrame(
            heading=_("Nhập kết quả rà soát một hộ"),
            button=_("Lưu kết quả"),
            crumbs=_crumbs(row),
            lede=_("Hộ nghèo: thu nhập đến chuẩn và thiếu hụt từ 3 chỉ số; dưới 3 là cận nghèo."),
        ),
    )


@requires("households.review")
@require_POST
@refusing
def act(request: PersonRequest, pk: int) -> HttpResponse:
    """Add listed households, take one off, submit, take back."""
    row, on, by = own_or_404(request, pk), clock.today(), request.user
    verb = request.POST.get("verb")
    if verb == "add":
        count = reviews.add_listed(review=row, by=by, on=on)
        show_success(request, _("Đã thêm %(n)d hộ.") % {"n": count})
    elif verb == "remove":
        line = get_object_or_404(ReviewLine, review=row, pk=parse_int(request.POST.get("line")))
        reviews.remove_line(line=line, by=by, on=on)
        show_success(request, _("Đã bỏ hộ khỏi danh sách."))
    elif verb == "submit":
        reviews.submit(review=row, by=by, on=on)
        show_success(request, _("Đã trình danh sách."))
    elif verb == "recall":
        reviews.recall(review=row, by=by, on=on)
        show_success(request, _("Đã rút danh sách về."))
    return redirect("households:review", pk=row.pk)


@requires("households.approve_review")
@require_http_methods(["GET", "POST"])
def approve_page(request: PersonRequest, pk: int) -> HttpResponse:
    """Recognise the list by decision, with what will follow named in numbers."""
    row, on = own_or_404(request, pk), clock.today()
    told, unit = summary(row), committee_of(row)
    if unit is None:
        raise OutsideYourArea
    form = ApproveForm(request.POST or None, initial={"decided_on": on})
    counts = {
        "listed": told.listed_now,
        "poor": told.results.get("poor", 0),
        "near": told.results.get("near_poor", 0),
        "new": told.entered,
        "out": told.escaped,
    }

    def deed(data: dict[str, Any]) -> HttpResponse:
        held = reviews.approve(
            review=row,
            decision=Decision(data["number"], data["decided_on"], unit),
            effective_on=data["effective_on"],
            by=request.user,
            on=on,
        )
        said = {"n": told.listed_now, "day": f"{held.effective_on:%d/%m/%Y}"}
        show_success(request, _("Đã phê duyệt: %(n)d hộ trong danh sách từ ngày %(day)s.") % said)
        return redirect("households:review", pk=row.pk)

    lede = _(
        "%(poor)d hộ nghèo, %(near)d hộ cận nghèo; %(new)d hộ vào danh sách, %(out)d hộ ra khỏi "
        "danh sách và được ghi mới thoát nghèo %(months)d tháng."
    )
    return with_form(
        request,
        form,
        deed,
        frame=FormFrame(
            heading=_("Phê duyệt kết quả rà soát %(year)d") % {"year": row.year},
            button=_("Phê duyệt danh sách"),
            crumbs=_crumbs(row),
            lede=lede % {**counts, "months": kinds()["newly_escaped"].months},
            confirm=_(
                "Phê duyệt %(listed)d hộ (%(poor)d nghèo, %(near)d cận nghèo), %(out)d hộ thoát?"
            )
            % counts,
        ),
    )
