"""Decrees that change running loans: how each stands in the book, what it will do or did, and the two persons' buttons."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db import connection
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.closing.composing.decrees import percent_words
from tdcs.closing.errors_decrees import DecreeNotAsked
from tdcs.closing.queries.decree_book import (
    BookDecree,
    application_of,
    decrees_of_the_book,
    rates_changed,
    visible_credits,
)
from tdcs.closing.queries.decrees import foresee
from tdcs.closing.queries.runs import within
from tdcs.closing.services.decrees import ask_decree, carry_out, decide_decree, may_take_part
from tdcs.core import clock, remembered
from tdcs.core.errors import Refusal
from tdcs.households.queries.scope import area_names
from tdcs.http import paper, reading, refusing, sheet, show_success
from tdcs.loans.models import Loan
from tdcs.programmes.models import DecreeApplication
from tdcs.programmes.rules import programmes

PAGE = 50
# State → the class that gives its shape and colour.
MARKS = {"": "late", "asked": "soon", "confirmed": "soon", "done": "done"}
State = DecreeApplication.State


@requires("closing.view")
@require_GET
def list_page(request: PersonRequest) -> HttpResponse:
    """Every text of the law that changes running loans, with its first day and its state in this book."""
    rows = [(row, MARKS[row.state]) for row in decrees_of_the_book()]
    return render(request, "closing/decrees.html", {"rows": rows, "today": clock.today()})


@requires("closing.view")
@require_GET
def decree_page(request: PersonRequest, document: str) -> HttpResponse:
    """One decree: rates, effects by programme and commune, buttons, and once it is carried out its credits by loan."""
    row = decree_or_404(document)
    application = application_of(document)
    effects = _effects(row, application)
    scope = within(request.user)
    parts = _parts(effects, scope)
    credits = visible_credits(request.user, application) if application else []
    words = request.GET.get("q", "").strip()[:60]
    if words:
        credits = [pair for pair in credits if _matches(pair[0], words)]
    if request.GET.get("export") in ("xlsx", "csv"):
        return _export(request, row, parts, credits)
    context = {
        "row": row,
        "mark": MARKS[row.state],
        "application": application,
        "effects": effects,
        "whole": not scope,
        "parts": parts,
        "rates": [
            (_programme(one.programme), percent_words(one.before), percent_words(one.after))
            for one in _rates(document)
        ],
        "page": Paginator(credits, PAGE).get_page(request.GET.get("page")),
        "credit_total": sum(amount for _loan, amount in credits),
        "q": words,
        "key": uuid.uuid4(),
        "may_ask": may_take_part(request.user, "law.ask_decree"),
        "may_decide": may_take_part(request.user, "law.decide_decree"),
        "sees_loans": request.user.may("loans.view"),
        "own": application is not None and application.asked_by_id == request.user.pk,
    }
    return render(request, "closing/decree.html", context)


def decree_or_404(document: str) -> BookDecree:
    """A decree of the law that changes running loans."""
    row = next((row for row in decrees_of_the_book() if row.document == document), None)
    if row is None:
        raise Http404(document)
    return row


def _effects(row: BookDecree, application: DecreeApplication | None) -> dict[str, Any] | None:
    """What was shown to whoever decided; before anybody asked, what it would do today, if it does anything."""
    if application is not None:
        found = dict(application.effects)
    else:
        seen = _foreseen(row.document)
        if seen is None:
            return None
        found = seen
    days = ("on", "first", "closed_first", "closed_last")
    return {
        name: date.fromisoformat(value) if name in days and value else value
        for name, value in found.items()
    }


def _foreseen(document: str) -> dict[str, object] | None:
    """What taking it up today would do, None when nothing; reckoned again only once a table that it was read from has changed."""
    if connection.in_atomic_block:
        # What a transaction has not committed has no version yet.
        return _reckoned(document)
    with remembered.during(reading.begin()):
        return remembered.answer(("closing.foresee", document), lambda: _reckoned(document))


def _reckoned(document: str) -> dict[str, object] | None:
    try:
        return foresee(document, clock.today()).as_json()
    except Refusal:
        return None


def _rates(document: str) -> list[Any]:
    try:
        return rates_changed(document)
    except Refusal:
        return []


def _programme(code: str) -> str:
    known = programmes().get(code)
    return known.name if known else code


def _parts(effects: dict[str, Any] | None, scope: Any) -> list[tuple[str, str, list[list[Any]]]]:
    """(key, heading, rows) of the effects' tables that the person may see, rows with a name for their code."""
    if not effects:
        return []
    communes = effects["communes"]
    if "commune" in scope:
        communes = [row for row in communes if row[0] in scope["commune"]]
    elif scope:
        communes = []
    names = area_names({row[0] for row in communes}, effects["on"])
    places = [[names.get(row[0], _("Chưa rõ địa bàn")), *row[1:]] for row in communes]
    by_programme = (
        [] if scope else [[_programme(row[0]), *row[1:]] for row in effects["programmes"]]
    )
    return [
        ("programmes", _("Theo chương trình"), _with_total(by_programme)),
        ("communes", _("Theo xã, phường"), _with_total(places)),
    ]


def _with_total(rows: list[list[Any]]) -> list[list[Any]]:
    if not rows:
        return []
    sums = [sum(row[at] for row in rows) for at in range(1, 5)]
    return [*rows, [_("Cộng"), *sums]]


def _matches(loan: Loan, words: str) -> bool:
    low = words.lower()
    group = loan.group.code if loan.group else ""
    return low in loan.number or low in loan.borrower.full_name.lower() or low == group


def _export(
    request: PersonRequest,
    row: BookDecree,
    parts: Sequence[tuple[str, str, list[list[Any]]]],
    credits: list[tuple[Loan, int]],
) -> HttpResponse:
    fmt, what = request.GET["export"], request.GET.get("table", "")
    if what == "credits":
        header = [
            _("Khế ước"), _("Người vay"), _("Tổ"), _("Lãi thu thừa (đồng)"), _("Còn lại (đồng)"),
        ]  # fmt: skip
        cells = [
            (
                loan.number,
                loan.borrower.full_name,
                loan.group.code if loan.group else "",
                amount,
                loan.interest_credit,
            )
            for loan, amount in credits
        ]
        around = paper(request, _("Lãi thu thừa, %(document)s") % {"document": row.document})
        return sheet(fmt, f"lai-thua-{row.document}", header, cells, around)
    found = next((rows for key, _heading, rows in parts if key == what), None)
    if found is None:
        raise Http404(what)
    header = [
        _("Tên"), _("Khoản vay"), _("Dư nợ (đồng)"), _("Lãi 30 ngày trước (đồng)"), _("Lãi 30 ngày sau (đồng)"),
    ]  # fmt: skip
    around = paper(request, _("Ảnh hưởng đến khoản vay, %(document)s") % {"document": row.document})
    return sheet(fmt, f"{what}-{row.document}", header, found, around)


@requires("law.ask_decree")
@require_POST
@refusing
def ask(request: PersonRequest, document: str) -> HttpResponse:
    """Ask that the book take the decree up."""
    row = decree_or_404(document)
    key = request.POST.get("key", "")
    ask_decree(document=row.document, by=request.user, on=clock.today(), key=f"page:{key}:ask")
    show_success(request, _("Đã đề nghị áp dụng; người khác xác nhận."))
    return redirect(reverse("closing:decree", args=[row.document]))


@requires("law.decide_decree")
@require_POST
@refusing
def decide(request: PersonRequest, document: str) -> HttpResponse:
    """Confirm and carry out, or refuse."""
    row, application = decree_or_404(document), application_of(document)
    if application is None:
        raise DecreeNotAsked(document=document)
    on, confirm = clock.today(), request.POST.get("confirm") == "1"
    decide_decree(
        application=application,
        confirm=confirm,
        by=request.user,
        on=on,
        key=f"page:{request.POST.get('key', '')}:decide",
        words=request.POST.get("words", ""),
    )
    if not confirm:
        show_success(request, _("Đã ghi không xác nhận."))
        return redirect(reverse("closing:decrees"))
    return _carried(request, row, on)


@requires("law.decide_decree")
@require_POST
@refusing
def resume(request: PersonRequest, document: str) -> HttpResponse:
    """Finish what was confirmed and cut short."""
    return _carried(request, decree_or_404(document), clock.today())


def _carried(request: PersonRequest, row: BookDecree, on: date) -> HttpResponse:
    answer = carry_out(document=row.document, by=request.user, on=on)
    words = _(
        "Đã áp dụng: %(loans)s khoản vay, khóa lại %(days)s ngày, lãi thu thừa của %(credits)s khoản."
    )
    values = {
        "loans": answer.result.get("loans", 0),
        "days": len(answer.days),
        "credits": answer.result.get("credits", 0),
    }
    show_success(request, words % values)
    return redirect(reverse("closing:decree", args=[row.document]))
