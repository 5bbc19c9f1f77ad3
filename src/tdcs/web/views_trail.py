"""The trail, newest first: who did what to which object, in words, with filters, links and a file of what was found."""

from __future__ import annotations

from typing import Final

from django.apps import apps
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tdcs.access.gate import PersonRequest, may_open, requires
from tdcs.access.models import User
from tdcs.audit.actions import action_words
from tdcs.audit.checks import chain_holds
from tdcs.audit.models import AuditLine
from tdcs.audit.queries import TrailFilter, find_lines, known_actions, known_subject_types
from tdcs.core.typed import parse_day
from tdcs.http import sheet
from tdcs.http.shown_tables import without_file

_PER_PAGE: Final = 100
_FINDINGS_SHOWN: Final = 5
# What an auditor works through by hand; more is a matter for `tdcs verify` and the database.
MOST_EXPORTED: Final = 20_000
# The page of an object of the trail, by its model; what has no page of its own is named without a link.
PAGES: Final = {
    "access.user": "access:people",
    "entrustment.group": "entrustment:group",
    "entrustment.savingsaccount": "entrustment:account",
    "households.household": "households:household",
    "households.povertyreview": "households:review",
    "ledger.entryrequest": "ledger:request",
    "ledger.journalentry": "ledger:entry",
    "loans.loanapplication": "loans:application",
    "loans.appraisalmeeting": "loans:meeting",
    "loans.loan": "loans:loan",
    "organisations.organisation": "organisations:unit",
    "plans.obligation": "plans:obligation",
    "plans.unitreport": "plans:report",
    "plans.task": "plans:task",
}
_WITHOUT_KEY: Final = frozenset({"access:people"})


@requires("audit.view")
@require_GET
def lines(request: PersonRequest) -> HttpResponse:
    """Lines by action, person, object and business day; the chain is proved when asked for."""
    asked = _asked(request)
    rows = find_lines(asked)
    page = Paginator(rows, _PER_PAGE).get_page(request.GET.get("page"))
    exportable = page.paginator.count <= MOST_EXPORTED
    if (export := request.GET.get("export", "")) and exportable:
        return _exported(rows, export)
    context = {
        "page": page,
        "rows": [(line, action_words(line.action), _address(line, request.user)) for line in page],
        "actions": sorted(
            ((code, action_words(code)) for code in known_actions()), key=lambda pair: pair[1]
        ),
        "kinds": [(code, kind_words(code)) for code in known_subject_types()],
        "asked": asked,
        "exportable": exportable,
        "most": MOST_EXPORTED,
        "findings": list(chain_holds())[:_FINDINGS_SHOWN] if "prove" in request.GET else None,
    }
    drawn = render(request, "audit/lines.html", context)
    return drawn if exportable else without_file(drawn)


def kind_words(subject_type: str) -> str:
    """A model's name as people know it; the label where the program no longer has the model."""
    try:
        words = str(apps.get_model(subject_type)._meta.verbose_name)
    except (LookupError, ValueError):
        return subject_type
    return words[:1].upper() + words[1:]


def _asked(request: HttpRequest) -> TrailFilter:
    get = request.GET
    return TrailFilter(
        action=get.get("action", ""),
        actor=get.get("actor", "").strip(),
        subject=get.get("subject", "").strip(),
        subject_type=get.get("kind", ""),
        since=parse_day(get.get("from")),
        until=parse_day(get.get("to")),
    )


def _exported(rows: QuerySet[AuditLine], kind: str) -> HttpResponse:
    header = (
        "Lúc",
        "Ngày nghiệp vụ",
        "Người",
        "Việc",
        "Loại",
        "Đối tượng",
        "Lý do",
        "Nơi truy cập",
    )
    body = [
        (
            f"{timezone.localtime(line.recorded_at):%d/%m/%Y %H:%M:%S}",
            line.business_date,
            line.actor_words,
            action_words(line.action),
            kind_words(line.subject_type),
            line.subject_words,
            line.why,
            line.origin,
        )
        for line in rows
    ]
    return sheet(kind, "nhat-ky", [_(words) for words in header], body)


def _address(line: AuditLine, reader: User) -> str:
    """The object's page, for who may open it."""
    name = PAGES.get(line.subject_type, "")
    if not name:
        return ""
    address = reverse(name) if name in _WITHOUT_KEY else reverse(name, args=[line.subject_id])
    return address if may_open(reader, address) else ""
