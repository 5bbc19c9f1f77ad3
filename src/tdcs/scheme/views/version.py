"""One version: read on paper, submitted, returned, approved and issued, downloaded."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.http import official, refusing, show_success
from tdcs.plans.composing.framing import Signing
from tdcs.plans.composing.letterheads import branch, letterhead
from tdcs.plans.views.paper import paper
from tdcs.reporting.forms import SigningForm, first_error
from tdcs.scheme import services
from tdcs.scheme.composing.document import beside_of, document
from tdcs.scheme.models import SchemeVersion
from tdcs.scheme.queries import schemes as queries
from tdcs.scheme.rules.changes import NAMED


def _version(pk: int) -> SchemeVersion:
    return get_object_or_404(queries.versions(), pk=pk)


@requires("scheme.view")
@require_GET
def version_page(request: PersonRequest, pk: int) -> HttpResponse:
    """The document as it would be printed, with what may be done with it."""
    version, day = _version(pk), clock.today()
    beside = beside_of(version)
    head = letterhead(branch(version.scheme.plan, day), day)
    context = {
        "version": version,
        "scheme": version.scheme,
        "beside": beside,
        "changes": [one for one in beside.changes if one.kind in NAMED] if beside else [],
        "sheet": paper(document(version)),
        "may_write": request.user.may("scheme.write"),
        "may_approve": request.user.may("scheme.approve"),
        "own": request.user.pk in (version.composed_by_id, version.submitted_by_id),
        "signing": {"signer_title": head.signer_title, "symbol": f"ĐA-{head.symbol}"},
        "shown_day": version.figures_on,
    }
    return render(request, "scheme/version.html", context)


@requires("scheme.view")
@require_GET
def version_file(request: PersonRequest, pk: int, fmt: str) -> HttpResponse:
    """The version as .docx or PDF."""
    version = _version(pk)
    return official(document(version), fmt, f"de-an-{version.scheme_id}-ban-{version.sequence}")


@requires("scheme.write")
@require_POST
@refusing
def submit(request: PersonRequest, pk: int) -> HttpResponse:
    """To whoever approves, or back from there."""
    version, on = _version(pk), clock.today()
    verb = request.POST.get("verb")
    if verb == "submit":
        services.submit(version=version, by=request.user, on=on)
        show_success(request, _("Đã trình bản số %(n)d.") % {"n": version.sequence})
    elif verb == "recall":
        services.recall(version=version, by=request.user, on=on)
        show_success(request, _("Đã rút lại bản số %(n)d.") % {"n": version.sequence})
    else:
        raise Http404(verb)
    return redirect("scheme:version", pk=pk)


@requires("scheme.approve")
@require_POST
@refusing
def decide(request: PersonRequest, pk: int) -> HttpResponse:
    """A second person issues the version or sends it back."""
    version, on, verb = _version(pk), clock.today(), request.POST.get("verb")
    if verb == "return":
        why = request.POST.get("why", "")
        services.return_version(version=version, why=why, by=request.user, on=on)
        show_success(request, _("Đã trả lại bản số %(n)d.") % {"n": version.sequence})
    elif verb == "issue":
        form = SigningForm(request.POST)
        if not form.is_valid():
            messages.error(request, first_error(form))
            return redirect("scheme:version", pk=pk)
        signing = Signing(**form.cleaned_data)
        services.issue(version=version, signing=signing, by=request.user, on=on)
        show_success(request, _("Đã ban hành đề án, bản số %(n)d.") % {"n": version.sequence})
    else:
        raise Http404(verb)
    return redirect("scheme:version", pk=pk)
