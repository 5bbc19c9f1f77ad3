"""Public reconciliation: campaigns, their loans, results singly or as a file, cases."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import amounts, clock
from tdcs.http import FORMATS, official, paper, parse_day, parse_int, refusing, sheet, show_success
from tdcs.organisations.queries import names_on, organisation_of
from tdcs.oversight.composing.reconciling import list_to_sign
from tdcs.oversight.errors import NoInspectingBody, OversightFieldWrong
from tdcs.oversight.models import ReconciledLoan, ReconciliationCampaign, ReconciliationCase
from tdcs.oversight.queries.coverage import said_of
from tdcs.oversight.queries.reconciling import (
    NOT_REVIEWED,
    PAGE,
    campaign_in,
    campaign_rows,
    case_of,
    line_in,
    lines_of_campaign,
    own_offices,
    result_rows,
    steps_of_case,
)
from tdcs.oversight.queries.scope import acts_for
from tdcs.oversight.rules import settings
from tdcs.oversight.services import reconciling as service
from tdcs.oversight.services.reading_results import HEADINGS, read_results
from tdcs.oversight.services.reconciling import SignedResult
from tdcs.oversight.states import CASE_MOVES, CampaignState, CaseState


def campaign_or_404(request: PersonRequest, pk: int) -> ReconciliationCampaign:
    """A campaign in scope."""
    found = campaign_in(request.user, pk, clock.today())
    if found is None:
        raise Http404(str(pk))
    return found


def line_or_404(request: PersonRequest, pk: int) -> ReconciledLoan:
    """A loan of a campaign in scope."""
    found = line_in(request.user, pk, clock.today())
    if found is None:
        raise Http404(str(pk))
    return found


def _results() -> list[tuple[str, str]]:
    return [
        (row["code"], f"{row['code']} {said_of(row['vi'], row['en'])}")
        for row in settings.results()
    ]


@requires("oversight.view")
@require_GET
@refusing
def list_page(request: PersonRequest) -> HttpResponse:
    """Campaigns in scope, and the offices for which one may be opened."""
    on = clock.today()
    context = {
        "rows": campaign_rows(request.user, on),
        "offices": own_offices(request.user, on) if request.user.may("oversight.plan") else [],
        "year": on.year,
    }
    return render(request, "oversight/campaigns.html", context)


@requires("oversight.plan")
@require_POST
@refusing
def open_new(request: PersonRequest) -> HttpResponse:
    """This year's campaign of an office."""
    on, office = clock.today(), organisation_of(parse_int(request.POST.get("office")))
    if office is None:
        raise NoInspectingBody(unit="–")
    made = service.open_campaign(office=office, year=on.year, by=request.user, on=on)
    show_success(request, _("Đã mở đợt đối chiếu."))
    return redirect("oversight:campaign", pk=made.pk)


@requires("oversight.view")
@require_GET
@refusing
def campaign_page(request: PersonRequest, pk: int) -> HttpResponse:
    """One campaign: results beside the last round's, its loans; as a file to be filled in."""
    row, on = campaign_or_404(request, pk), clock.today()
    result, cases = request.GET.get("result", ""), request.GET.get("cases") == "1"
    lines = lines_of_campaign(row, result=result, cases=cases)
    fmt = request.GET.get("format", "")
    if fmt in FORMATS:
        return _to_fill_in(request, row, lines, fmt)
    acts = acts_for(request.user, row.office_id)
    running = row.state == CampaignState.OPEN
    context = {
        "campaign": row,
        "name": names_on(on, [row.office_id]).get(row.office_id, ""),
        "results": result_rows(row),
        "lines": lines[:PAGE],
        "count": len(lines),
        "choices": _results(),
        "result": result,
        "cases": cases,
        "words": dict(_results()),
        "may_record": acts and running and request.user.may("oversight.inspect"),
        "may_close": acts and running and request.user.may("oversight.plan"),
    }
    return render(request, "oversight/campaign.html", context)


def _to_fill_in(
    request: PersonRequest, row: ReconciliationCampaign, lines: list[ReconciledLoan], fmt: str
) -> HttpResponse:
    header = [
        "Tổ", "Người vay", HEADINGS["number"], "Gốc Ngân hàng", "Lãi Ngân hàng", "Tiền gửi Ngân hàng",
        *(HEADINGS[name] for name in ("principal", "interest", "savings", "result", "kind", "signed_on", "words")),
    ]  # fmt: skip
    rows = [
        (
            one.loan.group.code if one.loan.group else "", one.loan.borrower.full_name, one.loan.number,
            one.bank_principal, one.bank_interest, one.bank_savings, one.told_principal, one.told_interest,
            one.told_savings, one.result, _kind_of(one), one.signed_on, one.words,
        )
        for one in lines
    ]  # fmt: skip
    title = _("Đối chiếu công khai năm %(year)s") % {"year": row.year}
    around = paper(request, title, on=row.as_of, signers=(_("Người lập biểu"),))
    return sheet(fmt, f"doi-chieu-{row.year}-{row.pk}", header, rows, around)


def _kind_of(line: ReconciledLoan) -> str:
    case = getattr(line, "case", None)
    return str(case.get_kind_display()) if case else ""


@requires("oversight.inspect")
@require_POST
@refusing
def take_file(request: PersonRequest, pk: int) -> HttpResponse:
    """A workbook with results: all of it, or every bad row by name."""
    row, sent = campaign_or_404(request, pk), request.FILES.get("file")
    told = read_results(sent.read() if sent else b"")
    if not told:
        raise OversightFieldWrong(field="tệp", why="không có dòng nào ghi mã kết quả")
    count = service.record_results(campaign=row, rows=told, by=request.user, on=clock.today())
    show_success(request, _("Đã ghi kết quả %(count)s khoản vay.") % {"count": count})
    return redirect("oversight:campaign", pk=pk)


@requires("oversight.plan")
@require_POST
@refusing
def close_one(request: PersonRequest, pk: int) -> HttpResponse:
    """The campaign ends."""
    row = campaign_or_404(request, pk)
    service.close_campaign(campaign=row, by=request.user, on=clock.today())
    show_success(request, _("Đã kết thúc đợt đối chiếu."))
    return redirect("oversight:campaign", pk=pk)


@requires("oversight.view")
@require_GET
@refusing
def sign_list(request: PersonRequest, pk: int, fmt: str) -> HttpResponse:
    """Form 15/TD: the list that borrowers sign."""
    row = campaign_or_404(request, pk)
    answer = official(list_to_sign(row, lines_of_campaign(row)), fmt, f"15-td-{row.year}-{pk}")
    answer["Cache-Control"] = "no-store"
    return answer


@requires("oversight.view")
@require_GET
@refusing
def line_page(request: PersonRequest, pk: int) -> HttpResponse:
    """One loan: what the bank says, what the borrower signs, the case with its steps."""
    line = line_or_404(request, pk)
    case, person = case_of(line), request.user
    acts = acts_for(person, line.campaign.office_id)
    context: dict[str, Any] = {
        "line": line,
        "case": case,
        "steps": steps_of_case(case),
        "step_words": {verb: move.label for verb, move in CASE_MOVES.items()},
        "choices": [pair for pair in _results() if pair[0] != NOT_REVIEWED],
        "kinds": ReconciliationCase.Kind.choices,
        "words": dict(_results()),
        "today": clock.today(),
        "may_record": acts
        and line.campaign.state == CampaignState.OPEN
        and person.may("oversight.inspect"),
        "may_examine": acts
        and case is not None
        and case.state != CaseState.DECIDED
        and person.may("oversight.inspect"),
        "may_decide": acts
        and case is not None
        and case.state == CaseState.EXAMINED
        and person.may("oversight.approve"),
    }
    return render(request, "oversight/line.html", context)


@requires("oversight.inspect")
@require_POST
@refusing
def record_one(request: PersonRequest, pk: int) -> HttpResponse:
    """One borrower's signed result."""
    line, result = line_or_404(request, pk), request.POST.get("result", "")
    # The form comes with the bank's figures; nobody who was not met has signed them.
    given = {} if result == service.ABSENT else request.POST
    told = SignedResult(
        number=line.loan.number,
        result=result,
        principal=_dong(given.get("principal", "")),
        interest=_dong(given.get("interest", "")),
        savings=_dong(given.get("savings", "")),
        signed_on=parse_day(request.POST.get("signed_on")),
        kind=request.POST.get("kind", ""),
        words=request.POST.get("words", ""),
    )
    service.record_results(campaign=line.campaign, rows=[told], by=request.user, on=clock.today())
    show_success(request, _("Đã ghi kết quả đối chiếu."))
    return redirect("oversight:line", pk=pk)


def _dong(words: str) -> int | None:
    if not words.strip():
        return None
    try:
        return amounts.dong(words)
    except amounts.NotAnAmount:
        raise OversightFieldWrong(field="số tiền", why="không đọc được") from None


@requires("oversight.inspect")
@require_POST
@refusing
def examine(request: PersonRequest, pk: int) -> HttpResponse:
    """A case is examined."""
    return _moved(request, pk, "examine")


@requires("oversight.approve")
@require_POST
@refusing
def decide(request: PersonRequest, pk: int) -> HttpResponse:
    """A case is decided."""
    return _moved(request, pk, "decide")


def _moved(request: PersonRequest, pk: int, verb: str) -> HttpResponse:
    case = case_of(line_or_404(request, pk))
    if case is None:
        raise Http404(str(pk))
    words = request.POST.get("words", "")
    service.move_case(case=case, verb=verb, words=words, by=request.user, on=clock.today())
    show_success(request, _("Đã ghi bước xử lý."))
    return redirect("oversight:line", pk=pk)
