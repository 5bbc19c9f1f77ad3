"""An import taken, left or undone."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.http import refusing, show_success
from tdcs.imports.services import commit, drop, undo
from tdcs.imports.views.imports import import_or_404


@requires("imports.load")
@require_POST
@refusing
def commit_import(request: PersonRequest, pk: int) -> HttpResponse:
    """The extracts count from now on."""
    done = commit(
        imported=import_or_404(request, pk),
        leave_out=request.POST.get("leave_out") == "1",
        monitor=request.POST.get("monitor") == "1",
        by=request.user,
        on=clock.today(),
        key=request.POST.get("key", ""),
    )
    show_success(request, _("Đã ghi nhận %(taken)s sao kê, thay %(replaced)s sao kê cũ.") % done)
    if done.get("booked"):
        show_success(
            request, _("Đã ghi sổ theo dõi %(booked)s sao kê; chỉ tiêu đã có số liệu.") % done
        )
    return redirect("imports:import", pk=pk)


@requires("imports.load")
@require_POST
@refusing
def undo_import(request: PersonRequest, pk: int) -> HttpResponse:
    """What was replaced counts again."""
    done = undo(
        imported=import_or_404(request, pk),
        why=request.POST.get("why", ""),
        by=request.user,
        on=clock.today(),
        key=request.POST.get("key", ""),
    )
    show_success(
        request, _("Đã hoàn tác %(undone)s sao kê, dùng lại %(restored)s sao kê trước.") % done
    )
    return redirect("imports:import", pk=pk)


@requires("imports.load")
@require_POST
@refusing
def drop_import(request: PersonRequest, pk: int) -> HttpResponse:
    """The import is left as it is."""
    drop(imported=import_or_404(request, pk), by=request.user, on=clock.today())
    show_success(request, _("Đã bỏ lượt nhập."))
    return redirect("imports:overview")
