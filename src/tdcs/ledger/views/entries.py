"""One entry; an entry by hand; its reversal."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.access.queries import own_organisation
from tdcs.core import clock
from tdcs.core.amounts import NotAnAmount, dong
from tdcs.core.errors import Refusal
from tdcs.http import parse_int, refusing, show_error, show_success
from tdcs.ledger import queries, requesting, services
from tdcs.ledger.errors import AmountWrong
from tdcs.ledger.models import Book, JournalEntry, Operation
from tdcs.ledger.rules import Line, template_words
from tdcs.ledger.views.books import book_or_404, name_of, named
from tdcs.organisations.models import Kind, Organisation
from tdcs.organisations.queries import names_on

_LINES = 6
_OFFICES = (Kind.TRANSACTION_OFFICE, Kind.VBSP_BRANCH)


def _entry_or_404(request: PersonRequest, pk: int) -> JournalEntry:
    near = ("book", "operation", "by", "reverses", "reversed_by")
    return get_object_or_404(queries.visible_entries(request.user).select_related(*near), pk=pk)


@requires("ledger.view")
@require_GET
def entry_page(request: PersonRequest, pk: int) -> HttpResponse:
    """Both sides of an entry, who made it, by which order, and its place in the chain."""
    row = _entry_or_404(request, pk)
    lines = list(row.postings.select_related("account").order_by("pk"))
    reversed_by = getattr(row, "reversed_by", None)
    by_hand = row.template == "manual"
    context = {
        "entry": row,
        "office": name_of(row.book),
        "lines": lines,
        "total": sum(line.debit for line in lines),
        "kind": _("Bút toán tay") if by_hand else template_words(row.template),
        "reversed_by": reversed_by,
        "may_reverse": request.user.may("ledger.enter")
        and by_hand
        and reversed_by is None
        and row.reverses_id is None,
    }
    return render(request, "ledger/entry.html", context)


@requires("ledger.enter")
@require_POST
@refusing
def reverse_entry(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask for the reversal of an entry made by hand; what loans and savings posted is reversed there."""
    row = _entry_or_404(request, pk)
    if row.template != "manual" or row.reverses_id is not None:
        raise Http404(pk)
    why = request.POST.get("why", "")
    made = requesting.ask_reversal(entry=row, why=why, by=request.user, on=clock.today())
    show_success(request, _("Đã gửi đề nghị đảo; chờ người thứ hai duyệt."))
    return redirect("ledger:request", made.pk)


@requires("ledger.enter")
@require_http_methods(["GET", "POST"])
def enter_page(request: PersonRequest) -> HttpResponse:
    """An entry by hand is asked for; what was typed stays when it is refused."""
    if request.method == "POST":
        book = _book(request)
        try:
            made = _ask(request, book)
        except Refusal as refusal:
            show_error(request, refusal)
        else:
            show_success(request, _("Đã gửi đề nghị hạch toán; chờ người thứ hai duyệt."))
            return redirect("ledger:request", made)
    return render(request, "ledger/enter.html", _form(request))


def _ask(request: PersonRequest, book: Book) -> int:
    """The request, once for a press of the button."""
    words, lines, on = request.POST.get("words", ""), _typed(request), clock.today()

    def work(_operation: Operation) -> dict[str, int]:
        made = requesting.ask_entry(book=book, words=words, lines=lines, by=request.user, on=on)
        return {"request": made.pk}

    key = f"ledger.ask:{request.user.pk}:{request.POST.get('key', '')[:36]}"
    asked = {"book": book.pk, "words": words.strip(), "lines": [list(line) for line in lines]}
    answer = services.idempotent(
        key=key, action="ledger.ask", request=asked, by=request.user, on=on, work=work
    )
    return int(answer["request"])


def _own_office(request: PersonRequest) -> Organisation | None:
    """The person's own office, if it may keep a book."""
    own = own_organisation(request.user)
    return own if own is not None and own.kind in _OFFICES else None


def _book(request: PersonRequest) -> Book:
    """The chosen book; without a choice that of the own office, opened by its first entry."""
    own = _own_office(request)
    if not request.POST.get("book") and own is not None:
        return services.book_of(own)
    return book_or_404(request, parse_int(request.POST.get("book")))


def _form(request: PersonRequest) -> dict[str, Any]:
    sent = request.POST
    count = max(len(sent.getlist("account")), _LINES, min(parse_int(request.GET.get("lines")), 30))
    fields = ("account", "debit", "credit")
    columns = [(sent.getlist(field) + [""] * count)[:count] for field in fields]
    books = named(list(queries.visible_books(request.user)))
    own = _own_office(request)
    unopened = own is not None and own.pk not in {book.organisation_id for book, _name in books}
    return {
        "books": books,
        "unopened": names_on(clock.today(), [own.pk])[own.pk] if own and unopened else "",
        "book": parse_int(sent.get("book")),
        "accounts": queries.accounts_for_hand_entries(),
        "words": sent.get("words", ""),
        "lines": list(zip(*columns, strict=True)),
        "more": min(count + _LINES, 30),
        # The key stays while the same entry is being corrected: a second press posts nothing twice.
        "key": sent.get("key") or str(uuid.uuid4()),
        "on": clock.today(),
    }


def _typed(request: PersonRequest) -> list[Line]:
    """The lines that hold anything. Raises AmountWrong."""
    sent = request.POST
    rows = zip(sent.getlist("account"), sent.getlist("debit"), sent.getlist("credit"), strict=False)
    return [
        (account, _dong(debit), _dong(credit), None)
        for account, debit, credit in rows
        if account or debit.strip() or credit.strip()
    ]


def _dong(words: str) -> int:
    """A whole number of dong, 0 when empty."""
    if not words.strip():
        return 0
    try:
        return dong(words)
    except NotAnAmount:
        raise AmountWrong from None
