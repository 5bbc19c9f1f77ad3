"""Taking money in: what was typed is checked against every rule at once, shown, and booked under one key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.documents.numbers import dong_in_words
from tdcs.http import show_success
from tdcs.http.kept import form_key
from tdcs.loans.errors import LoanUnknown, SheetAgain, SheetRefused
from tdcs.loans.forms.applications import words_of
from tdcs.loans.forms.collecting import COLUMNS, Typed, read_sheet
from tdcs.loans.models import Loan
from tdcs.loans.queries.sheets import (
    SheetLine,
    accounts_of,
    lines_of,
    loans_with,
    open_or_typed,
    receipt_of,
)
from tdcs.loans.services.collecting import Sheet, collect_sheet, faults_of
from tdcs.loans.services.results import Collected
from tdcs.loans.views import sheet_rows
from tdcs.loans.views.lookups import loan_or_404

LABELS: Final = {"interest": "Lãi", "principal": "Gốc", "savings": "Tiền gửi"}


@dataclass(frozen=True, slots=True)
class Row:
    """A line with what stands in its fields and what is wrong with them."""

    line: SheetLine
    cells: tuple[tuple[str, str, str], ...]
    faults: tuple[str, ...]
    interest: int
    principal: int
    savings: int

    @property
    def total(self) -> int:
        return self.interest + self.principal + self.savings

    @property
    def interest_left(self) -> int:
        return self.line.interest_due - self.interest

    @property
    def balance_left(self) -> int:
        return self.line.balance - self.principal


class CollectionForm:
    """One sheet before a teller: its loans, what was typed, every fault, the key of the form."""

    def __init__(
        self, request: PersonRequest, loans: QuerySet[Loan], office: int, group: int | None
    ) -> None:
        self.request, self.on, self.office, self.group = request, clock.today(), office, group
        sent = request.method == "POST"
        self.typed: Typed = read_sheet(request.POST) if sent else Typed()
        # What was typed is judged, or answered as it was the first time, also when the loan has been settled since.
        self._shown = open_or_typed(loans, list(self.typed.words))
        self.key = request.POST.get("key", "") if sent else f"sheet-{form_key(request)}"
        self.faults: dict[int, list[str]] = {}
        self.strangers: list[str] = []
        self.whole: list[str] = []
        self.again: SheetAgain | None = None

    @cached_property
    def lines(self) -> dict[int, SheetLine]:
        """The lines as they stand; a sheet that is only posted never asks for them."""
        return {line.loan: line for line in lines_of(self._shown, self.on)}

    @cached_property
    def accounts(self) -> dict[int, int | None]:
        """Loan → the savings account on its line, in the order of the sheet."""
        return accounts_of(self._shown)

    @property
    def sheet(self) -> Sheet:
        lines = self.typed.collections(self.accounts)
        return Sheet(self.key, self.office, self.group, tuple(lines))

    def check(self) -> bool:
        """Whether nothing is wrong; every fault of every line is kept for the page."""
        for loan, wrong in self.typed.wrong.items():
            if loan in self.accounts:
                said = [f"{_(LABELS[name])}: {words}" for name, words in wrong.items()]
                self.faults.setdefault(loan, []).extend(said)
        self._require_known()
        sheet = self.sheet
        if sheet.lines:
            self._keep(sheet, faults_of(sheets=[sheet], on=self.on).get(0, []))
        elif not self.faults and not self.strangers:
            self.whole.append(_("Chưa nhập số tiền nào."))
        return not (self.faults or self.strangers or self.whole)

    def _require_known(self) -> None:
        """A loan that is not on this sheet, whoever put it into the form, is named by what was sent, no more."""
        for loan in self.typed.words:
            if loan not in self.accounts:
                self.strangers.append(words_of(LoanUnknown(number=loan)))

    def _keep(self, sheet: Sheet, rows: list[tuple[int, Refusal]]) -> None:
        for at, refusal in rows:
            words = words_of(refusal)
            if at and sheet.lines[at - 1].loan_id in self.accounts:
                self.faults.setdefault(sheet.lines[at - 1].loan_id, []).append(words)
            else:
                self.whole.append(words)

    def post(self, sure: bool) -> Collected | None:
        """The entry's answer, or None with the faults kept, or with the equal sheet of the day when not ``sure``."""
        sheet = self.sheet
        self._require_known()
        if self.strangers or self.typed.wrong or not sheet.lines:
            self.check()
            return None
        try:
            return collect_sheet(sheet=sheet, by=self.request.user, on=self.on, sure=sure)
        except SheetAgain as again:
            self.again = again
        except SheetRefused as refused:
            self._keep(sheet, refused.rows)
        except Refusal as refusal:
            self.whole.append(words_of(refusal))
        return None

    def rows(self) -> list[Row]:
        """The lines as the page shows them."""
        found = []
        for loan, line in self.lines.items():
            words = self.typed.words.get(loan, {})
            wrong = self.typed.wrong.get(loan, {})
            cells = tuple((name, words.get(name, ""), wrong.get(name, "")) for name in COLUMNS)
            dong = [self.typed.dong.get(loan, {}).get(name, 0) for name in COLUMNS]
            found.append(Row(line, cells, tuple(self.faults.get(loan, ())), *dong))
        return found

    def context(self) -> dict[str, Any]:
        rows, sums = self.rows(), self.typed.sums()
        return {
            "till": self,
            "again": words_of(self.again) if self.again else "",
            "rows": rows,
            # Made where a page shows it.
            "body": lambda: sheet_rows.body(rows, self.request.user.may("loans.collect")),
            "typed_rows": [row for row in rows if row.total],
            "bad": [row for row in rows if row.faults],
            "sums": sums,
            "in_words": dong_in_words(sums["total"]),
            "on": self.on,
            "stamp": f"{self.on}:{[(line.loan, line.balance) for line in self.lines.values()]}",
            "balance": sum(line.balance for line in self.lines.values()),
            "interest_due": sum(line.interest_due for line in self.lines.values()),
            "principal_due": sum(line.principal_due for line in self.lines.values()),
        }


def require_teller(request: PersonRequest) -> None:
    """Who reads a sheet may not take money in; a teller may."""
    if not request.user.may("loans.collect"):
        raise PermissionDenied("loans.collect")


def serve(
    till: CollectionForm, page: str, more: Callable[[], dict[str, Any]], where: str, pk: int
) -> HttpResponse:
    """The form, its confirmation, or the booking; ``where`` is the route of the result, ``more`` what a page also shows."""
    request, step = till.request, till.request.POST.get("step", "")
    if request.method == "POST":
        require_teller(request)
    if step in ("post", "post-again"):
        answer = till.post(sure=step == "post-again")
        if answer is not None:
            if answer.get("again"):
                show_success(
                    request,
                    _("Bảng kê này đã được hạch toán trước đó; đây là kết quả của lần đầu."),
                )
            return redirect(where, pk=pk, entry=answer["entry"])
        if till.again is not None:
            return render(request, "loans/collect_confirm.html", till.context() | more())
    elif step == "check" and till.check():
        return render(request, "loans/collect_confirm.html", till.context() | more())
    return render(request, page, till.context() | more())


@requires("loans.collect")
@require_http_methods(["GET", "POST"])
def collect_page(request: PersonRequest, pk: int) -> HttpResponse:
    """Interest, principal and savings of one borrower at the counter."""
    loan = loan_or_404(request, pk)
    till = CollectionForm(request, loans_with(pk), loan.office_id, None)

    def more() -> dict[str, Any]:
        return {"loan": loan, "title": loan.borrower.full_name, "line": till.lines.get(pk)}

    return serve(till, "loans/collect.html", more, "loans:collected", pk)


@requires("loans.view")
@require_GET
def collected_page(request: PersonRequest, pk: int, entry: int) -> HttpResponse:
    """What was booked of one borrower."""
    loan = loan_or_404(request, pk)
    more = {"loan": loan, "title": loan.borrower.full_name, "after": loan}
    return receipt(request, entry, Q(pk=pk), more)


def receipt(request: PersonRequest, entry: int, loans: Q, more: dict[str, Any]) -> HttpResponse:
    """An entry's lines and sums with its number and papers."""
    found = receipt_of(request.user, entry, loans)
    if found is None:
        raise Http404(entry)
    context = {"found": found, "in_words": dong_in_words(found.total), **more}
    return render(request, "loans/collect_done.html", context)
