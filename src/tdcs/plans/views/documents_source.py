"""Beside the review: the page's picture, the head of the document, words taught, a second reading."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.documents.reading.guarded import draw_page_guarded
from tdcs.plans.queries.plans import versions
from tdcs.plans.services import headers, learning
from tdcs.plans.views.requested import parse_day, refusing, show_success


@requires("plans.import")
@require_GET
def picture(request: PersonRequest, pk: int, page: int) -> HttpResponse:
    """A page of the draft's PDF as it looks on paper."""
    version = get_object_or_404(versions(), pk=pk)
    if version.document is None:
        raise Http404("no document")
    try:
        drawn = draw_page_guarded(bytes(version.document.content), page)
    except Refusal as refusal:
        raise Http404(refusal.code) from refusal
    answer = HttpResponse(drawn, content_type="image/png")
    # The bytes of a document never change, and nobody but this person's browser may keep them.
    answer["Cache-Control"] = "private, max-age=3600"
    return answer


@requires("plans.import")
@require_POST
@refusing
def review_header(request: PersonRequest, pk: int) -> HttpResponse:
    """Save the corrected head of a draft."""
    version, post = get_object_or_404(versions(), pk=pk), request.POST
    headers.update_header(
        version=version,
        draft=headers.HeaderDraft(
            number=post.get("number", ""),
            issued_on=parse_day(post.get("issued_on")),
            title=post.get("title", ""),
            issuer=post.get("issuer", ""),
            signer=post.get("signer", ""),
        ),
        by=request.user,
        on=clock.today(),
    )
    show_success(request, _("Đã lưu phần đầu văn bản."))
    return redirect("plans:review", pk=pk)


@requires("plans.import")
@require_POST
@refusing
def teach(request: PersonRequest, pk: int) -> HttpResponse:
    """Say what a label or a column's heading means; on demand read the document again with it."""
    version, post, today = get_object_or_404(versions(), pk=pk), request.POST, clock.today()
    if post.get("words", "").strip() or post.get("verb") != "again":
        learning.teach_word(
            version=version,
            kind=post.get("kind", ""),
            words=post.get("words", ""),
            means=post.get("means", ""),
            by=request.user,
            on=today,
        )
        show_success(request, _("Đã ghi nhớ cho các văn bản sau của cơ quan này."))
    if post.get("verb") == "again":
        version = learning.read_again(version=version, by=request.user, on=today)
        show_success(
            request, _("Đã đọc lại: %(n)d nhiệm vụ.") % {"n": len(version.reading["tasks"])}
        )
    return redirect("plans:review", pk=version.pk)
