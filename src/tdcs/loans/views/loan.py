"""One loan: its story, its schedule, how it stands on a day, and why."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.documents.forms import address_of, forms
from tdcs.entrustment.queries.groups import profile_on
from tdcs.households.queries.finding import heads_and_places
from tdcs.households.queries.scans import scans_of
from tdcs.http import parse_day
from tdcs.http.kept import form_key, kept_page, only
from tdcs.loans.models import ChangeRequest, Loan, LoanScan
from tdcs.loans.queries.changes import requests_until
from tdcs.loans.queries.events import Beside, records_beside, recoveries_until
from tdcs.loans.queries.inheriting import borrowers_before
from tdcs.loans.queries.loan_timeline import LoanTimeline, loan_timeline
from tdcs.loans.queries.offers import monthly_percent
from tdcs.loans.queries.reasons import explain, law_unchanged
from tdcs.loans.queries.scope import sees_group
from tdcs.loans.states import EventKind
from tdcs.loans.views.event_rows import Shown, listed
from tdcs.loans.views.lookups import loan_or_404
from tdcs.loans.views.part_rows import instalments, stretch_rows
from tdcs.loans.views.why_parts import because
from tdcs.organisations.queries import names_on
from tdcs.programmes.rules import programmes

# What may be asked for a loan that owes, in the order of the law's patience.
ASKED: Final = ("reschedule", "extend", "freeze", "write_off")
_RISK: Final = ("01/XLN", "02/XLN")


@requires("loans.view")
@kept_page(settled=("ledger_journalentry", "ledger_book"))
@require_GET
def loan_page(request: PersonRequest, pk: int) -> HttpResponse:
    """A loan at the end of a day (``on``, today when it is not named)."""
    loan = loan_or_404(request, pk)
    only(request, loan=loan.pk, group=loan.group_id)
    today = clock.today()
    on = max(min(parse_day(request.GET.get("on")) or today, today), loan.disbursed_on)
    story, beside = loan_timeline(loan, on), records_beside(loan)
    why = explain(story)
    context = {
        **_who(loan, on),
        **_scans(request, loan, beside),
        "owner": loan,
        "takeovers": borrowers_before(loan, on) if beside.transfers else [],
        **_papers(request, story, requests_until(loan, on) if beside.requests else []),
        "loan": loan,
        "story": story,
        "now": story.now,
        "parts": instalments(story.parts),
        "stretches": stretch_rows(story.stretches),
        "why": why,
        "because": because(why),
        "monthly": monthly_percent(story.now.rate_ppm),
        "law_unchanged": law_unchanged(loan),
        "on": on,
        "past": on < today,
        "shown_day": on,
        "acts": _acts(request, loan, story) if on == today and not loan.reported else {},
        "runs": listed(
            story.runs,
            Shown(
                EVENT_MARKS,
                request.user.may("loans.reverse") and on == today and not loan.reported,
                request.user.may("ledger.view"),
            ),
        ),
        "may_ledger": request.user.may("ledger.view"),
        "may_refund": request.user.may("loans.collect")
        and on == today
        and not (loan.balance or loan.reported),
        "refund_key": form_key(request),
        "written": _written(request, loan, on) if loan.written_off else None,
    }
    return render(request, "loans/loan.html", context)


def _written(request: PersonRequest, loan: Loan, on: date) -> dict[str, Any]:
    """What came back of the principal written off by a day, and the keys with which the person may take or take back more."""
    rows = recoveries_until(loan, on)
    left = loan.written_off - sum(row.amount for row in rows)
    now = on == clock.today()
    back = {row.reverses_id for row in rows}
    may_take = now and left > 0 and request.user.may("loans.collect")
    may_reverse = now and request.user.may("loans.reverse")
    return {
        "rows": [
            (
                row,
                f"recover-back-{row.pk}-{form_key(request)}"
                if may_reverse and row.amount > 0 and row.pk not in back
                else "",
            )
            for row in rows
        ],
        "left": left,
        "key": f"recover-{form_key(request)}" if may_take else "",
    }


# Kind of event → shape and colour of its mark in the story.
EVENT_MARKS: Final = {
    "disbursement": "out",
    "principal": "in",
    "interest": "in",
    "refund_interest": "out",
    "freeze": "cold",
    "write_off": "off",
    "reverse": "off",
}


def _scans(request: PersonRequest, loan: Loan, beside: Beside) -> dict[str, Any]:
    """What a loan's page shows of its papers."""
    user = request.user
    return {
        "scans": scans_of(loan) if beside.scans else [],
        "scan_kinds": LoanScan.Kind.choices,
        "may_scan": user.may("loans.scan"),
        "may_read_scan": user.may("loans.read_scan"),
        "add_scan_url": reverse("loans:add_scan", args=[loan.pk]),
        "scan_urls": "loans",
    }


def _who(loan: Loan, on: date) -> dict[str, Any]:
    units = {loan.office_id}
    if loan.source.investor_id is not None:
        units.add(loan.source.investor_id)
    names = names_on(on, units)
    programme = programmes().get(loan.programme)
    group = programme.groups.get(loan.target_group) if programme else None
    return {
        "face": heads_and_places([loan.household_id], on, with_kinds=False)[loan.household_id],
        "office": names[loan.office_id],
        "investor": names.get(loan.source.investor_id or 0, ""),
        "group_name": profile_on(loan.group, on).name if loan.group else "",
        "programme": programme,
        "target": group[0] if group else "",
    }


def _acts(request: PersonRequest, loan: Loan, story: LoanTimeline) -> dict[str, Any]:
    """What the person may do with the loan now."""
    user, owes = request.user, story.now.balance > 0 or story.now.interest_due > 0
    may_ask = user.may("loans.ask_change") and story.now.balance > 0
    labels = dict(EventKind.choices)
    return {
        "collect": user.may("loans.collect") and owes,
        "ask": [(kind, labels[kind]) for kind in ASKED] if may_ask else [],
    }


def _papers(
    request: PersonRequest, story: LoanTimeline, requests: list[ChangeRequest]
) -> dict[str, Any]:
    """The forms that apply: those of a debt while it is owed, those of risk when there is one, the group's sheet."""
    loan = story.loan
    owes = story.now.balance > 0
    risky = bool(story.now.frozen) or any(r.kind in ("freeze", "write_off") for r in requests)
    papers: list[tuple[str, str, str]] = []
    if loan.reported_on(story.on):
        # The contract is the bank's: what is followed by extracts has no paper of ours.
        return {"papers": papers, "requests": [_asked(row) for row in requests]}
    for form in forms().values():
        if "loan" not in form.subjects:
            continue
        if form.number in ("08/TD", "09/TD", "14/TD") and not owes:
            continue
        if form.number in _RISK and not risky:
            continue
        url = reverse("loans:loan_form", args=[loan.pk, address_of(form.number), "docx"])
        papers.append((form.number, form.title.replace("\n", " "), url.removesuffix("docx/")))
    group = loan.group
    if group is not None and sees_group(request.user, group):
        sheet = reverse("loans:group_sheet", args=[group.pk, "docx"]).removesuffix("docx/")
        papers.append(("13/TD", _("Bảng kê thu của tổ"), sheet))
    return {"papers": papers, "requests": [_asked(row) for row in requests]}


def _asked(row: ChangeRequest) -> tuple[ChangeRequest, str, list[tuple[str, str]]]:
    marks = {"asked": "submitted", "approved": "approved", "refused": "rejected"}
    wanted = {"reschedule": ("08/TD",), "extend": ("09/TD",)}.get(row.kind, _RISK)
    links = [
        (number, reverse("loans:request_form", args=[row.pk, address_of(number), "docx"]))
        for number in wanted
        if number in forms()
    ]
    return row, marks[row.state], links
