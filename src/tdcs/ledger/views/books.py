"""Books, their trial balance, accounts, cash and closing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.http import paper, parse_day, parse_int, refusing, sheet, show_success
from tdcs.jobs.exports import later
from tdcs.ledger import queries, services
from tdcs.ledger.models import Account, Book
from tdcs.ledger.queries import Part, Statement
from tdcs.organisations.queries import names_on

_TRIAL_HEADER = (
    "Số hiệu",
    "Tài khoản",
    "Dư đầu kỳ, Nợ",
    "Dư đầu kỳ, Có",
    "Phát sinh Nợ",
    "Phát sinh Có",
    "Dư cuối kỳ, Nợ",
    "Dư cuối kỳ, Có",
)
_STATEMENT_HEADER = ("Ngày", "Bút toán", "Diễn giải", "Chi tiết", "Nợ", "Có", "Số dư")


def book_or_404(request: PersonRequest, pk: int) -> Book:
    """A book in the person's scope."""
    return get_object_or_404(queries.visible_books(request.user), pk=pk)


def named(books: Sequence[Book]) -> list[tuple[Book, str]]:
    """Books with their offices' names."""
    names = names_on(clock.today(), [book.organisation_id for book in books])
    return [(book, names[book.organisation_id]) for book in books]


def name_of(book: Book) -> str:
    """The office of a book."""
    return named([book])[0][1]


def _signers() -> tuple[str, ...]:
    """Who signs a statement of the books."""
    return _("Người lập biểu"), _("Kế toán trưởng"), _("Giám đốc")


def _period(request: PersonRequest) -> tuple[date, date]:
    """From and to in the address; this month up to today when they are not there."""
    until = min(parse_day(request.GET.get("to")) or clock.today(), clock.today())
    since = parse_day(request.GET.get("from")) or until.replace(day=1)
    return min(since, until), until


@requires("ledger.view")
@require_GET
def books_page(request: PersonRequest) -> HttpResponse:
    """The books in scope: how far they are written, closed, and what cash they hold."""
    books = named(list(queries.visible_books(request.user)))
    cash = queries.cash_of_books([book.pk for book, _name in books])
    rows = [(book, name, cash.get(book.pk, 0)) for book, name in books]
    context = {
        "rows": rows,
        "cash": sum(cash.values()),
        "entries": sum(book.last_number for book, _name in books),
    }
    return render(request, "ledger/books.html", context)


@requires("ledger.view")
@require_GET
def trial_balance_page(request: PersonRequest) -> HttpResponse:
    """Opening, debit, credit and closing of every account, of one book or all in scope."""
    books = named(list(queries.visible_books(request.user)))
    chosen = (
        book_or_404(request, parse_int(request.GET["book"])) if request.GET.get("book") else None
    )
    keys = [chosen.pk] if chosen else [book.pk for book, _name in books]
    since, until = _period(request)
    found = queries.trial_balance(keys, since, until)
    if request.GET.get("export"):
        rows = [line for part in (found.inside, found.outside) for line in _lines(part)]
        title = _("Bảng cân đối tài khoản từ %(since)s đến %(until)s") % {
            "since": f"{since:%d/%m/%Y}",
            "until": f"{until:%d/%m/%Y}",
        }
        title += f", {name_of(chosen)}" if chosen else ""
        around = paper(request, title, on=until, signers=_signers())
        return sheet(request.GET["export"], "can-doi-tai-khoan", _TRIAL_HEADER, rows, around)
    context = {
        "books": books,
        "chosen": chosen,
        "statements": chosen or (books[0][0] if len(books) == 1 else None),
        "since": since,
        "until": until,
        "shown_day": until,
        "parts": [(_("Trong bảng"), found.inside), (_("Ngoại bảng"), found.outside)],
    }
    return render(request, "ledger/trial_balance.html", context)


def _lines(part: Part) -> list[tuple[Any, ...]]:
    rows = [
        (
            row.code,
            row.name,
            row.opening_debit,
            row.opening_credit,
            row.debit,
            row.credit,
            row.closing_debit,
            row.closing_credit,
        )
        for row in part.rows
    ]
    if rows:
        rows.append(
            (
                "",
                "Cộng",
                part.opening_debit,
                part.opening_credit,
                part.debit,
                part.credit,
                part.closing_debit,
                part.closing_credit,
            )
        )
    return rows


@requires("ledger.view")
@require_GET
@refusing
def statement_page(request: PersonRequest, book: int, code: str) -> HttpResponse:
    """What came and went on one account of a book."""
    return _statement(request, book_or_404(request, book), get_object_or_404(Account, code=code))


@requires("ledger.view")
@require_GET
@refusing
def cash_page(request: PersonRequest, book: int) -> HttpResponse:
    """The cash book of an office."""
    account = get_object_or_404(Account, code=queries.CASH)
    return _statement(request, book_or_404(request, book), account, cash=True)


def _statement(
    request: PersonRequest, book: Book, account: Account, *, cash: bool = False
) -> HttpResponse:
    since, until = _period(request)
    export = request.GET.get("export")
    page = parse_int(request.GET.get("page"), 1)
    found = queries.statement(book=book, account=account, since=since, until=until, page=page)
    if export:
        title = _("Sổ quỹ") if cash else _("Sổ tài khoản %(code)s") % {"code": account.code}
        if leads_to_job := later(request, title=title, rows=found.count):
            return leads_to_job
        found = queries.statement(book=book, account=account, since=since, until=until, page=None)
        name = "so-quy" if cash else f"tai-khoan-{account.code}"
        words = _("Sổ quỹ tiền mặt")
        if not cash:
            words = _("Sổ chi tiết tài khoản %(code)s") % {"code": account.code}
        title = _("%(book)s, %(office)s, từ %(since)s đến %(until)s") % {
            "book": words,
            "office": name_of(book),
            "since": f"{since:%d/%m/%Y}",
            "until": f"{until:%d/%m/%Y}",
        }
        around = paper(request, title, on=until, signers=_signers())
        return sheet(export, name, _STATEMENT_HEADER, _moves(found, since, until), around)
    context = {
        "book": book,
        "office": name_of(book),
        "account": account,
        "cash": cash,
        "since": since,
        "until": until,
        "shown_day": until,
        "s": found,
        "before": found.page - 1,
        "after": found.page + 1 if found.page < found.pages else 0,
    }
    return render(request, "ledger/statement.html", context)


def _moves(found: Statement, since: date, until: date) -> list[tuple[Any, ...]]:
    return [
        (since, None, "Số dư đầu kỳ", None, None, None, found.opening),
        *(
            (move.on, move.number, move.words, move.subject, move.debit, move.credit, move.balance)
            for move in found.moves
        ),
        (
            until,
            None,
            "Cộng phát sinh, số dư cuối kỳ",
            None,
            found.debit,
            found.credit,
            found.closing,
        ),
    ]


@requires("ledger.close")
@require_http_methods(["GET", "POST"])
@refusing
def close_page(request: PersonRequest, book: int) -> HttpResponse:
    """Close a book through a day: first what that day shows, then the deed."""
    row = book_or_404(request, book)
    office = name_of(row)
    yesterday = clock.today() - timedelta(days=1)
    if request.method == "POST":
        through = parse_day(request.POST.get("through")) or clock.today()
        services.close_through(book=row, through=through, by=request.user, on=clock.today())
        show_success(
            request,
            _("Đã khóa kỳ kế toán %(office)s đến hết ngày %(day)s.")
            % {"office": office, "day": f"{through:%d/%m/%Y}"},
        )
        return redirect("ledger:close", row.pk)
    through = min(parse_day(request.GET.get("through")) or yesterday, yesterday)
    found = queries.trial_balance([row.pk], through.replace(day=1), through)
    context = {
        "book": row,
        "office": office,
        "through": through,
        "may_close": row.closed_through is None or through > row.closed_through,
        "agrees": found.inside.agrees and found.outside.agrees,
        "t": found,
    }
    return render(request, "ledger/close.html", context)
