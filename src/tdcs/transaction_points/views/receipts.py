"""Whoever holds a receipt asks whether it is true and in the book; nobody signs in for it."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tdcs.access import limits
from tdcs.access.gate import open_to_all
from tdcs.core.errors import Refusal
from tdcs.transaction_points.errors import NotAReceipt, ReceiptNotSigned
from tdcs.transaction_points.queries.receipts import ReceiptStatus, device_of, status_of
from tdcs.transaction_points.rules.receipts import Statement, read
from tdcs.transaction_points.services.keys import is_signed
from tdcs.transaction_points.states import ReceiptState

# A commune's sixty groups stand behind one address on the day of their session.
_MOST: Final = 300
_WHILE: Final = 3600
# The shape of a state on screen.
_MARKS: Final = {
    ReceiptState.PENDING: "soon",
    ReceiptState.RECEIVED: "soon",
    ReceiptState.WAITING: "soon",
    ReceiptState.BOOKED: "done",
    ReceiptState.DIFFERS: "late",
    ReceiptState.VOIDED: "late",
    ReceiptState.REVERSED: "late",
    ReceiptState.REFUSED: "late",
}


@open_to_all
@require_GET
def check_page(request: HttpRequest) -> HttpResponse:
    """The statement of a receipt and whether it is in the book; no name, nothing else of the loan."""
    client = str(request.META.get("REMOTE_ADDR", ""))
    if not limits.within(what="receipt", who=client, most=_MOST, seconds=_WHILE):
        return HttpResponse(status=429, headers={"Retry-After": str(_WHILE)})
    code = request.GET.get("b", "").strip()
    context: dict[str, object] = {"code": code}
    if code:
        try:
            statement, status = _checked(code)
            context |= {
                "statement": statement,
                "status": status,
                "mark": _MARKS[status.state],
                "words": _(status.state.label),
            }
        except Refusal as refusal:
            language = get_language() or "vi"
            context["refused"] = refusal.sentence(language)
            context["next_step"] = refusal.next_step(language)
    answer = render(request, "transaction_points/receipt.html", context)
    answer["Cache-Control"] = "no-store"
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _checked(code: str) -> tuple[Statement, ReceiptStatus]:
    """Raises NotAReceipt, ReceiptNotSigned."""
    found = read(code)
    if found is None:
        raise NotAReceipt
    device = device_of(found.statement)
    if device is None or not is_signed(device.signing_key, found.content, found.signature):
        raise ReceiptNotSigned
    return found.statement, status_of(found.statement, device)
