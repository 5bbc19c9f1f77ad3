"""Messages to borrowers: the dry run, what was sent, consent, and the gateway's callback."""

from __future__ import annotations

import json
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tdcs.access.gate import PersonRequest, open_to_all, requires
from tdcs.core import clock
from tdcs.households.models import Person
from tdcs.http import parse_day, parse_int, refusing, show_success
from tdcs.http.shown_tables import page_of
from tdcs.sending import gateway
from tdcs.sending.models import MessageBatch, MessageKind, MessageState
from tdcs.sending.queries.messages import (
    DUE_WITHIN,
    MessageRequest,
    batch_of,
    batches,
    consents_of,
    dry_run,
    messages_of,
)
from tdcs.sending.services import messages as services
from tdcs.sending.texts import bounds

_PAGE: Final = 100
_MOST_BODY: Final = 16_384
# Seconds by which the gateway's clock may differ; what is older may be somebody's copy.
_MOST_AGE: Final = 300
KINDS: Final = (
    (MessageKind.DUE_SOON, gettext_noop("Sắp đến hạn trả nợ")),
    (MessageKind.OVERDUE, gettext_noop("Nợ quá hạn")),
    (MessageKind.SESSION_CHANGED, gettext_noop("Đổi ngày giao dịch xã")),
)
WHY: Final = {
    "no_consent": gettext_noop("chưa đồng ý nhận tin"),
    "no_phone": gettext_noop("chưa có số điện thoại"),
    "daily": gettext_noop("hôm nay đã có tin"),
    "too_long": gettext_noop("tin quá dài"),
    "tls": gettext_noop("chứng thư của cổng không hợp lệ"),
    "redirect": gettext_noop("cổng chuyển sang địa chỉ khác, không đi theo"),
    "unreachable": gettext_noop("không nối được cổng"),
    "unknown": gettext_noop("cổng không trả lời, không rõ đã gửi chưa"),
    "not_delivered": gettext_noop("không đến máy người nhận"),
}
STATES: Final = {
    MessageState.QUEUED: gettext_noop("chờ gửi"),
    MessageState.SENDING: gettext_noop("đang gửi"),
    MessageState.SENT: gettext_noop("đã gửi"),
    MessageState.DELIVERED: gettext_noop("đã đến máy"),
    MessageState.FAILED: gettext_noop("không gửi được"),
}


def _asked(request: PersonRequest) -> MessageRequest:
    given = request.POST if request.method == "POST" else request.GET
    kind = given.get("kind", "")
    days = parse_int(given.get("days")) or DUE_WITHIN
    return MessageRequest(
        kind=MessageKind(kind) if kind in MessageKind.values else MessageKind.DUE_SOON,
        days=min(max(days, 1), 60),
        group=given.get("group", "").strip()[:10],
        day=parse_day(given.get("day", "")),
    )


@requires("sending.message")
@require_GET
@refusing
def messages_page(request: PersonRequest) -> HttpResponse:
    """The dry run of what is chosen, and the batches before."""
    asked = _asked(request)
    found = dry_run(request.user, asked, clock.today())
    page = page_of(request, found.messages, _PAGE)
    context = {
        "asked": asked,
        "kinds": [(code, _(words)) for code, words in KINDS],
        "found": found,
        "page": page,
        "left_out": [(name, _(WHY[why])) for name, why in found.left_out[:_PAGE]],
        "on": gateway.is_on(),
        "bounds": bounds(),
        "batches": [
            (one, _(dict(KINDS)[MessageKind(one.kind)])) for one in batches(request.user)[:20]
        ],
    }
    return render(request, "sending/messages.html", context)


@requires("sending.message")
@require_POST
@refusing
def send_messages(request: PersonRequest) -> HttpResponse:
    """Put what the dry run shows into the queue."""
    batch = services.make_batch(asked=_asked(request), by=request.user, on=clock.today())
    show_success(
        request,
        _("Đã lập đợt %(n)d tin; chờ người thứ hai xác nhận.") % {"n": batch.count}
        if batch.needs_second
        else _("Đã đưa %(n)d tin vào hàng chờ gửi.") % {"n": batch.count},
    )
    return redirect("sending:batch", pk=batch.pk)


@requires("sending.message")
@require_GET
def batch_page(request: PersonRequest, pk: int) -> HttpResponse:
    """One batch with what became of each message."""
    batch = _batch(request, pk)
    page = page_of(request, messages_of(batch), _PAGE)
    context = {
        "batch": batch,
        "title": _(dict(KINDS)[MessageKind(batch.kind)]),
        "page": page,
        "rows": [
            (
                row,
                _(STATES[MessageState(row.state)]),
                _(WHY[row.why]) if row.why in WHY else row.why,
            )
            for row in page
        ],
    }
    return render(request, "sending/batch.html", context)


@requires("sending.confirm")
@require_POST
@refusing
def confirm(request: PersonRequest, pk: int) -> HttpResponse:
    """A second person lets a large batch go."""
    services.confirm_batch(batch=_batch(request, pk), by=request.user, on=clock.today())
    show_success(request, _("Đã xác nhận; tin sẽ đi trong giờ được gửi."))
    return redirect("sending:batch", pk=pk)


@requires("sending.message")
@require_http_methods(["GET", "POST"])
@refusing
def consents_page(request: PersonRequest, household: int) -> HttpResponse:
    """Who of a household agreed to messages."""
    rows = consents_of(request.user, household, clock.today())
    if rows is None:
        raise Http404(household)
    if request.method == "POST":
        key = parse_int(request.POST.get("person"))
        if key not in {row.person for row in rows}:
            raise Http404(key)
        agreed = request.POST.get("verb") == "agree"
        person = get_object_or_404(Person, pk=key)
        services.set_consent(person=person, agreed=agreed, by=request.user, on=clock.today())
        return redirect("sending:consents", household=household)
    return render(request, "sending/consents.html", {"rows": rows, "household": household})


@csrf_exempt
@open_to_all
@require_POST
def callback(request: HttpRequest) -> HttpResponse:
    """The gateway says what became of a message: signed, recent, one message each."""
    moment = request.headers.get("X-TDCS-Timestamp", "")
    body = request.read(_MOST_BODY + 1)
    if not gateway.takes_callbacks():
        raise Http404("callback")
    recent = moment.isascii() and moment.isdigit() and len(moment) < 12
    recent = recent and abs(clock.now().timestamp() - int(moment)) <= _MOST_AGE
    signature = request.headers.get("X-TDCS-Signature", "")
    if len(body) > _MOST_BODY or not recent or not gateway.is_signed(moment, body, signature):
        return JsonResponse({"error": "signature"}, status=403)
    try:
        given = json.loads(body)
        number, state = str(given["id"])[:80], str(given["state"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return JsonResponse({"error": "body"}, status=400)
    if state not in (MessageState.DELIVERED, MessageState.FAILED) or not number:
        return JsonResponse({"error": "body"}, status=400)
    delivered = state == MessageState.DELIVERED
    known = services.note_delivery(number=number, delivered=delivered, on=clock.today())
    # One that ended before is answered alike, so that the gateway asks no more.
    return JsonResponse({"noted": known})


def _batch(request: PersonRequest, pk: int) -> MessageBatch:
    found = batch_of(request.user, pk)
    if found is None:
        raise Http404(pk)
    return found
