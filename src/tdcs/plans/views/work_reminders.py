"""Reminders: who is late or soon, remind now, official letters, what was sent."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.core.text import fold
from tdcs.documents.official import to_docx, to_pdf
from tdcs.http.shown_tables import page_of
from tdcs.jobs.exports import later
from tdcs.organisations.queries import names_on, organisations_of
from tdcs.plans.composing.framing import Signing
from tdcs.plans.composing.letters import letter_document
from tdcs.plans.errors import NobodyToRemind
from tdcs.plans.forms.work import LetterForm
from tdcs.plans.models import Channel, DeliveryState, Letter, Plan
from tdcs.plans.queries.deliveries import UNREAD, administrators, deliveries, reached
from tdcs.plans.queries.obligations import GROUP_TITLES, chosen_obligations, map_day
from tdcs.plans.queries.plans import is_closed, years_of
from tdcs.plans.queries.reminders import (
    Debtor,
    chosen_letters,
    debtors,
    history,
    letters_of,
    presses,
    visible_letters,
)
from tdcs.plans.rules.timeliness import LADDER
from tdcs.plans.services import reminders
from tdcs.plans.views.requested import (
    back,
    file_name,
    official,
    parse_day,
    parse_int,
    refusing,
    scope_of,
    show_error,
    show_success,
    year_of_request,
)

# A zip of PDFs is set page by page; more than this at once would keep the reader waiting.
MOST_PDF = 40
# A letter takes as long as so many rows of a list.
LETTER_ROWS = 50
PAGE_UNITS = 150
# Units whose names a message holds; the rest is a number.
MOST_NAMED = 8
_STATE_WORDS = (
    (DeliveryState.SENT, gettext_noop("Đã gửi")),
    (DeliveryState.QUEUED, gettext_noop("Đang gửi")),
    (DeliveryState.FAILED, gettext_noop("Không gửi được")),
    (DeliveryState.NOBODY, gettext_noop("Không có người nhận")),
)


@requires("plans.remind")
@require_GET
def reminders_page(request: PersonRequest) -> HttpResponse:
    """Who has not reported, by group; choose, then remind or write."""
    scope = scope_of(request)
    if not scope.plans:
        return render(request, "plans/no_plan.html")
    plans = scope.plans
    year = year_of_request(request, plans)
    late_only = request.GET.get("only", "") == "late"
    group, words = request.GET.get("group", ""), request.GET.get("unit", "")[:80]
    found = debtors(plans, year, request.user, late_only=late_only)
    shown = [
        one
        for one in found
        if group in ("", one.group) and (not words or fold(words) in fold(one.name))
    ]
    page = page_of(request, shown, PAGE_UNITS)
    letters = letters_of(plans, year, request.user)[:40]
    names = names_on(map_day(year), [letter.organisation_id for letter in letters])
    context = {
        "scope": scope,
        "year": year,
        "years": years_of(plans),
        "closed": is_closed(plans, year),
        "late_only": late_only,
        "group": group,
        "unit": words,
        "groups": [
            (code, _(t)) for code, t in GROUP_TITLES.items() if any(d.group == code for d in found)
        ],
        "page": page,
        "debtors": [(one, _section(one)) for one in page],
        "late_units": sum(one.late > 0 for one in found),
        "late": sum(one.late for one in found),
        "soon": sum(one.soon for one in found),
        "history": history(plans, year),
        "channels": {code: _(label) for code, label in Channel.choices},
        "letters": [(letter, names[letter.organisation_id]) for letter in letters],
        "form": LetterForm(),
        "ladder": LADDER,
    }
    return render(request, "plans/reminders.html", context)


def _section(one: Debtor) -> str:
    """Under which heading a unit stands: its group among the late ones, or among those whose day is near."""
    words = _("%(group)s: quá hạn") if one.late else _("%(group)s: sắp đến hạn")
    return words % {"group": _(GROUP_TITLES[one.group])}


@requires("plans.remind")
@require_POST
@refusing
def remind(request: PersonRequest) -> HttpResponse:
    """Remind the chosen units, or write a letter to each. ``id``: single obligations instead of units."""
    plans = scope_of(request).plans
    year = year_of_request(request, plans)
    units = [parse_int(key) for key in request.POST.getlist("unit")]
    keys = [parse_int(key) for key in request.POST.getlist("id")]
    channel = request.POST.get("channel", "")
    if not units and not keys:
        show_success(request, _("Chưa chọn đơn vị nào để nhắc."))
        return back(request)
    if channel == Channel.LETTER:
        return _write(request, plans, year, units)
    told = reminders.remind_units(
        plans=[plan for plan in plans if not is_closed(plan, year)],
        obligations=chosen_obligations(plans, year, keys=keys, units=units),
        channel=channel if channel in (Channel.IN_APP, Channel.EMAIL) else Channel.IN_APP,
        by=request.user,
        on=clock.today(),
    )
    if told.nobody:
        show_error(request, _nobody(told.nobody))
    if told.units or not told.nobody:
        show_success(
            request,
            _("Đã nhắc %(n)d đơn vị.") % {"n": len(told.units)}
            if told.units
            else _("Hôm nay các đơn vị này đã được nhắc qua kênh này rồi."),
        )
    return back(request)


def _nobody(units: frozenset[int]) -> NobodyToRemind:
    names = sorted(names_on(clock.today(), list(units)).values())
    more = f"… (+{len(names) - MOST_NAMED})" if len(names) > MOST_NAMED else ""
    return NobodyToRemind(
        count=len(names),
        units=", ".join(names[:MOST_NAMED]) + more,
        admins=", ".join(administrators(clock.today())) or "–",
    )


@requires("plans.remind")
@require_GET
def deliveries_page(request: PersonRequest) -> HttpResponse:
    """Whom the reminders reached: read or not, sent or failed, and units without anybody."""
    scope = scope_of(request)
    if not scope.plans:
        return render(request, "plans/no_plan.html")
    day, state = parse_day(request.GET.get("on", "")), request.GET.get("state", "")
    state = state if state in (UNREAD, *DeliveryState.values) else ""
    rows = deliveries(scope.plans, request.user, on=day, state=state)
    page = page_of(request, rows, PAGE_UNITS)
    names = names_on(clock.today(), [row.organisation_id for row in page])
    context = {
        "scope": scope,
        "page": page,
        "rows": [(row, names[row.organisation_id]) for row in page],
        "on": day,
        "state": state,
        "states": [(UNREAD, _("Chưa đọc")), *((code, _(t)) for code, t in _STATE_WORDS)],
        "reached": reached(scope.plans, request.user),
        "channels": {code: _(label) for code, label in Channel.choices},
        "admins": administrators(clock.today()),
    }
    return render(request, "plans/deliveries.html", context)


def _write(
    request: PersonRequest, plans: tuple[Plan, ...], year: int, units: list[int]
) -> HttpResponse:
    """One letter to each unit about each plan of which it owes something, numbered on from the number given."""
    form = LetterForm(request.POST)
    given = form.cleaned_data if form.is_valid() else {}
    number = given.get("number", "")
    pressing = [
        (plan, unit)
        for unit in organisations_of(units)
        for plan in plans
        if len(plans) == 1 or presses(plan, year, unit, clock.today())
    ]
    with transaction.atomic():
        made = [
            reminders.write_letter(
                plan=plan,
                organisation=unit,
                year=year,
                signing=Signing(
                    number=_numbered(number, at),
                    signer=given.get("signer", ""),
                    signer_title=given.get("signer_title", ""),
                ),
                by=request.user,
                on=clock.today(),
            )
            for at, (plan, unit) in enumerate(pressing)
        ]
    show_success(request, _("Đã lập %(n)d công văn đôn đốc.") % {"n": len(made)})
    return redirect(back(request).url.split("#")[0] + "#cong-van")


def _numbered(number: str, at: int) -> str:
    digits = number.partition("/")[0].strip()
    if not digits.isascii() or not digits.isdigit():
        return number
    return str(int(digits) + at) + number[len(digits) :]


@requires("plans.view")
@require_GET
def letter_file(request: PersonRequest, pk: int, fmt: str) -> HttpResponse:
    """A reminder letter as .docx or PDF, for the branch and the unit it went to."""
    letter = get_object_or_404(visible_letters(request.user), pk=pk)
    return official(letter_document(letter), fmt, _file_name(letter))


@requires("plans.remind")
@require_GET
@refusing
def letters_zip(request: PersonRequest, fmt: str) -> HttpResponse:
    """Chosen letters in one archive."""
    keys = [parse_int(key) for key in request.GET.getlist("id")]
    letters = list(chosen_letters(request.user, keys))
    if not letters or fmt not in ("docx", "pdf") or (fmt == "pdf" and len(letters) > MOST_PDF):
        raise Http404(fmt)
    rows = len(letters) * LETTER_ROWS
    if leads_to_job := later(request, title=_("Công văn đôn đốc (zip)"), rows=rows):
        return leads_to_job
    response = HttpResponse(_zipped(letters, fmt), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="cong-van-don-doc-{fmt}.zip"'
    return response


def _zipped(letters: Iterable[Letter], fmt: str) -> bytes:
    render_as = to_docx if fmt == "docx" else to_pdf
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for letter in letters:
            archive.writestr(f"{_file_name(letter)}.{fmt}", render_as(letter_document(letter)))
    return buffer.getvalue()


def _file_name(letter: Letter) -> str:
    name = names_on(letter.issued_on, [letter.organisation_id])[letter.organisation_id]
    return f"{file_name(f'cong-van-don-doc-{letter.pk}', letter.plan)}-{slugify(fold(name))}"[:110]
