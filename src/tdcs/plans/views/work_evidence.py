"""Evidence beside an obligation: in by hand, out as a download."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.documents.accepting import MAX_BYTES
from tdcs.plans.errors import BadEvidence
from tdcs.plans.models import Evidence, Obligation
from tdcs.plans.queries.obligations import visible_obligations
from tdcs.plans.services import evidence
from tdcs.plans.views.kept_files import KeptFile, hand_out
from tdcs.plans.views.requested import show_error, show_success
from tdcs.plans.views.work_one import answer, workable_or_404


@requires("plans.work")
@require_POST
def add_evidence(request: PersonRequest, pk: int) -> HttpResponse:
    """A file or a link."""
    row = workable_or_404(request, pk)
    try:
        _add(request, row)
    except Refusal as refusal:
        show_error(request, refusal)
        return answer(request, row, entered=request.POST.dict())
    show_success(request, _("Đã thêm minh chứng."))
    return answer(request, row, changed=True)


def _add(request: PersonRequest, row: Obligation) -> None:
    on, by, title = clock.today(), request.user, request.POST.get("title", "")
    files, url = request.FILES.getlist("file"), request.POST.get("url", "")
    for upload in files:
        # Refused by its size before it is read into memory.
        if (upload.size or 0) > MAX_BYTES:
            raise BadEvidence(why=_("tệp quá 20 MB"))
        evidence.add_file(
            obligation=row,
            title=title if len(files) == 1 else "",
            filename=upload.name or "",
            content=upload.read(),
            by=by,
            on=on,
        )
    if url.strip():
        evidence.add_link(obligation=row, title=title, url=url, by=by, on=on)
    elif not files:
        raise BadEvidence(why=_("chưa chọn tệp, chưa nhập liên kết"))


@requires("plans.work")
@require_POST
def remove_evidence(request: PersonRequest, pk: int, key: int) -> HttpResponse:
    """Take a proof back; it stays in the trail."""
    row = workable_or_404(request, pk)
    found = get_object_or_404(Evidence, pk=key, obligation=row, removed_at__isnull=True)
    why = request.POST.get("why", "") or _("đơn vị gỡ")
    try:
        evidence.remove_evidence(evidence=found, why=why, by=request.user, on=clock.today())
    except Refusal as refusal:
        show_error(request, refusal)
        return answer(request, row)
    show_success(request, _("Đã gỡ minh chứng."))
    return answer(request, row, changed=True)


@requires("plans.view")
@require_GET
def evidence_file(request: PersonRequest, pk: int, key: int) -> HttpResponse | FileResponse:
    """The file itself, always as a download, never shown inside the site."""
    row = get_object_or_404(visible_obligations(request.user), pk=pk)
    found = get_object_or_404(Evidence, pk=key, obligation=row, removed_at__isnull=True)
    if not found.file:
        raise Http404(key)
    return hand_out(
        request,
        kept=KeptFile(
            file=found.file,
            sha256=found.sha256,
            title=found.title,
            filename=evidence.handed_out_as(found),
        ),
        subject=row,
        on=clock.today(),
    )
