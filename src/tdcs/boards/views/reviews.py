"""Who answers for each unit, yearly self-reviews, conclusion sheets after sessions."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.access.queries import may_see, own_organisation
from tdcs.boards.composing.reviews import conclusion_sheet, self_review
from tdcs.boards.models import SelfReview
from tdcs.boards.queries import reviews as queries
from tdcs.boards.rules.settings import head_duties
from tdcs.boards.services import reviews
from tdcs.boards.states import ReviewState
from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.core.typed import parse_year
from tdcs.http import official, parse_int, refusing, show_error, show_success
from tdcs.http.shown_tables import page_of
from tdcs.organisations.queries import names_on, organisation_of


@requires("boards.view")
@require_GET
def heads_page(request: PersonRequest) -> HttpResponse:
    """Each unit in scope and who answers for it today."""
    rows = queries.head_rows(request.user, clock.today())
    context = {
        "page": page_of(request, rows, 60),
        "missing": sum(row.holder is None for row in rows),
        "duties": head_duties(),
    }
    return render(request, "boards/heads.html", context)


@requires("boards.view")
@require_GET
def head_page(request: PersonRequest, pk: int) -> HttpResponse:
    """The head of a unit, those before, what the plan gives him, his self-reviews."""
    on, unit = clock.today(), organisation_of(pk)
    if unit is None or not may_see(request.user, unit):
        raise Http404(pk)
    year = parse_year(request.GET.get("year"), on.year)
    given = queries.given_to(pk, year, on)
    context = {
        "unit": unit,
        "name": names_on(on, {pk})[pk],
        "holdings": queries.holdings_of(pk),
        "given": given,
        "late": sum(one.standing == "late" for one in given),
        "year": year,
        "duties": head_duties(),
        "reviews": queries.reviews_of(request.user, unit),
        "may_appoint": request.user.may("boards.prepare"),
        "reads_plan": request.user.may("plans.view"),
    }
    return render(request, "boards/head.html", context)


@requires("boards.view")
@require_GET
def reviews_page(request: PersonRequest) -> HttpResponse:
    """Self-reviews of a year in scope."""
    on = clock.today()
    year = parse_year(request.GET.get("year"), on.year)
    rows = queries.reviews_of_year(request.user, year)
    names = names_on(on, {row.organisation_id for row in rows})
    home = own_organisation(request.user)
    context = {
        "rows": [(row, names[row.organisation_id]) for row in rows],
        "year": year,
        "years": range(on.year, on.year - 4, -1),
        "home": home,
        "may_answer": request.user.may("boards.answer") and home is not None,
    }
    return render(request, "boards/reviews.html", context)


@requires("boards.answer")
@require_POST
@refusing
def open_review(request: PersonRequest) -> HttpResponse:
    """The own unit's self-review of a year, prefilled."""
    on, home = clock.today(), own_organisation(request.user)
    if home is None:
        raise Http404
    year = parse_year(request.POST.get("year"), on.year)
    made = reviews.open_review(organisation=home, year=year, by=request.user, on=on)
    return redirect("boards:review", pk=made.pk)


def _review(request: PersonRequest, pk: int) -> SelfReview:
    return get_object_or_404(queries.visible_reviews(request.user), pk=pk)


@requires("boards.view")
@require_GET
def review_page(request: PersonRequest, pk: int) -> HttpResponse:
    """One self-review: read, or written while it is a draft."""
    row = _review(request, pk)
    context = {
        "row": row,
        "name": names_on(clock.today(), {row.organisation_id})[row.organisation_id],
        "may_write": request.user.may("boards.answer") and row.state == ReviewState.DRAFT,
    }
    return render(request, "boards/review.html", context)


@requires("boards.answer")
@require_POST
@refusing
def save_review(request: PersonRequest, pk: int) -> HttpResponse:
    """Keep the words, or issue the review."""
    row, on, sent = _review(request, pk), clock.today(), request.POST
    if sent.get("verb") == "issue":
        reviews.issue_review(review=row, number=sent.get("number", ""), by=request.user, on=on)
        show_success(request, _("Đã ban hành bản tự kiểm điểm."))
        return redirect("boards:review", pk=pk)
    words = reviews.Words(
        results=sent.get("results", ""),
        findings=sent.get("findings", ""),
        followed=sent.get("followed", ""),
        causes=sent.get("causes", ""),
        measures=sent.get("measures", ""),
    )
    revision = parse_int(sent.get("revision"))
    reviews.save_review(review=row, words=words, revision=revision, by=request.user, on=on)
    show_success(request, _("Đã lưu bản tự kiểm điểm."))
    return redirect("boards:review", pk=pk)


@requires("boards.view")
@require_GET
def review_file(request: PersonRequest, pk: int, fmt: str) -> HttpResponse:
    """The self-review as .docx or PDF."""
    row = _review(request, pk)
    return official(self_review(row), fmt, f"tu-kiem-diem-{row.year}")


@requires("boards.view")
@require_GET
def sheets_page(request: PersonRequest) -> HttpResponse:
    """Conclusion sheets in scope, and sessions that have none yet."""
    on = clock.today()
    page = page_of(request, queries.visible_sheets(request.user), 60)
    names = names_on(on, {row.organisation_id for row in page})
    may_write = request.user.may("boards.prepare")
    context = {
        "page": page,
        "rows": [(row, names[row.organisation_id]) for row in page],
        "waiting": queries.sessions_without_sheet(request.user, on) if may_write else [],
    }
    return render(request, "boards/sheets.html", context)


@requires("boards.prepare")
@require_http_methods(["GET", "POST"])
def draw_sheet(request: PersonRequest, pk: int) -> HttpResponse:
    """The conclusions of the review after a session."""
    session, on = queries.session_of(request.user, pk), clock.today()
    if session is None:
        raise Http404(pk)
    if request.method == "POST":
        try:
            made = reviews.draw_sheet(
                session=session,
                present=request.POST.get("present", ""),
                conclusions=request.POST.get("conclusions", ""),
                by=request.user,
                on=on,
            )
        except Refusal as refusal:
            show_error(request, refusal)
        else:
            show_success(request, _("Đã lập thông báo kết luận giao ban."))
            return redirect("boards:sheet", pk=made.pk)
    context = {"session": session, "given": request.POST}
    return render(request, "boards/draw_sheet.html", context)


@requires("boards.view")
@require_GET
def sheet_page(request: PersonRequest, pk: int) -> HttpResponse:
    """One conclusion sheet."""
    row = get_object_or_404(queries.visible_sheets(request.user), pk=pk)
    name = names_on(clock.today(), {row.organisation_id})[row.organisation_id]
    return render(request, "boards/sheet.html", {"row": row, "name": name})


@requires("boards.view")
@require_GET
def sheet_file(request: PersonRequest, pk: int, fmt: str) -> HttpResponse:
    """The conclusion sheet as .docx or PDF."""
    row = get_object_or_404(queries.visible_sheets(request.user), pk=pk)
    return official(conclusion_sheet(row), fmt, f"ket-luan-giao-ban-{row.on:%Y-%m}")
