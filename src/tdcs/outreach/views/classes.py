"""Classes: the list with who is trained, a new one, one with its attendance, the code on the wall, checking in."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tdcs.access.gate import PersonRequest, requires
from tdcs.access.queries import own_organisation
from tdcs.core import clock
from tdcs.core.errors import Refusal
from tdcs.documents import qr
from tdcs.http import parse_int, refusing, sheet, show_error, show_success
from tdcs.organisations.queries import names_on
from tdcs.outreach.errors import CheckInRefused
from tdcs.outreach.forms import ClassForm
from tdcs.outreach.models import TrainingClass
from tdcs.outreach.queries import classes as queries
from tdcs.outreach.rules.training import audiences
from tdcs.outreach.services import classes
from tdcs.outreach.services.classes import Called


@requires("outreach.view")
@require_GET
def list_page(request: PersonRequest) -> HttpResponse:
    """Classes in scope, and which part of those who must be trained is."""
    on = clock.today()
    rows = queries.class_rows(request.user)
    names = names_on(on, {row.organisation_id for row, *_ in rows})
    context = {
        "rows": [(names[row.organisation_id], row, *counts) for row, *counts in rows],
        "audiences": queries.trained_by_audience(on),
        "boards": queries.group_boards_trained(on) if request.user.may("outreach.train") else [],
        "may_train": request.user.may("outreach.train"),
    }
    return render(request, "outreach/classes.html", context)


@requires("outreach.train")
@require_http_methods(["GET", "POST"])
def add_page(request: PersonRequest) -> HttpResponse:
    """A new class of the own unit."""
    form, on, home = ClassForm(request.POST or None), clock.today(), own_organisation(request.user)
    if request.method == "POST" and form.is_valid() and home is not None:
        try:
            made = classes.set_up_class(organisation=home, plan=form.plan(), by=request.user, on=on)
        except Refusal as refusal:
            show_error(request, refusal)
        else:
            show_success(request, _("Đã lập lớp; nay gọi học viên."))
            return redirect("outreach:class", pk=made.pk)
    return render(request, "outreach/class_form.html", {"form": form})


def _class(request: PersonRequest, pk: int) -> TrainingClass:
    return get_object_or_404(queries.visible_classes(request.user).distinct(), pk=pk)


@requires("outreach.view")
@require_GET
def class_page(request: PersonRequest, pk: int) -> HttpResponse:
    """One class: sessions, who was called, who was there, what they think."""
    row, on = _class(request, pk), clock.today()
    people = queries.attendance(row)
    names = names_on(on, {one.unit_id for one, _ in people} | {row.organisation_id})
    grades = [one.grade for one, _ in people if one.grade]
    context = {
        "row": row,
        "name": names[row.organisation_id],
        "audience": audiences().get(row.audience),
        "sessions": row.sessions.all(),
        "people": [(one, names[one.unit_id], there) for one, there in people],
        "grades": len(grades),
        "tenths": sum(grades) * 10 // len(grades) if grades else 0,
        "may_train": request.user.may("outreach.train") and not row.cancelled_why,
    }
    return render(request, "outreach/class.html", context)


@requires("outreach.train")
@require_POST
@refusing
def act(request: PersonRequest, pk: int) -> HttpResponse:
    """Call people, take what one thinks of the class, or cancel it."""
    row, by, on, sent = _class(request, pk), request.user, clock.today(), request.POST
    verb = sent.get("verb")
    if verb == "call":
        home = own_organisation(by)
        people = [
            Called(name, role.strip(), home.pk if home else row.organisation_id)
            for line in sent.get("people", "").splitlines()
            for name, _sep, role in [line.partition(",")]
        ]
        if sent.get("boards") == "1":
            told = queries.boards_to_call(by, on)
            people += [Called(name, role, unit, person) for person, name, role, unit in told]
        count = classes.call(training_class=row, people=people, by=by, on=on)
        show_success(request, _("Đã gọi %(n)d học viên.") % {"n": count})
    elif verb == "evaluate":
        one = get_object_or_404(row.attendees, pk=parse_int(sent.get("attendee")))
        classes.evaluate(
            attendee=one,
            grade=parse_int(sent.get("grade")),
            remark=sent.get("remark", ""),
            by=by,
            on=on,
        )
        show_success(request, _("Đã ghi đánh giá."))
    elif verb == "cancel":
        classes.cancel_class(training_class=row, why=sent.get("why", ""), by=by, on=on)
        show_success(request, _("Đã hủy lớp."))
    else:
        raise Http404(verb)
    return redirect("outreach:class", pk=pk)


@requires("outreach.train")
@require_GET
def sheet_file(request: PersonRequest, pk: int) -> HttpResponse:
    """The attendance as a workbook, with each person's own code for the invitation."""
    row, on = _class(request, pk), clock.today()
    people = queries.attendance(row)
    names = names_on(on, {one.unit_id for one, _ in people})
    days = [f"{one.on:%d/%m} {one.starts_at:%H:%M}" for one in row.sessions.all()]
    header = ("Họ và tên", "Chức danh", "Đơn vị", "Mã riêng", *days, "Đánh giá")
    lines = [
        (
            one.full_name,
            one.role,
            names[one.unit_id],
            one.code,
            *("x" if was else "" for was in there),
            one.grade,
        )
        for one, there in people
    ]
    return sheet("xlsx", f"diem-danh-lop-{pk}", header, lines)


@requires("outreach.train")
@require_GET
def session_page(request: PersonRequest, pk: int) -> HttpResponse:
    """What is shown on the wall: the code to scan, and who is there."""
    row = get_object_or_404(queries.visible_sessions(request.user).distinct(), pk=pk)
    context = {"row": row, "names": queries.check_ins_of(row)}
    return render(request, "outreach/class_session.html", context)


@requires("outreach.train")
@require_GET
def picture(request: PersonRequest, pk: int) -> HttpResponse:
    """The QR code of a session: the address at which people check in."""
    row = get_object_or_404(queries.visible_sessions(request.user).distinct(), pk=pk)
    address = request.build_absolute_uri(f"{reverse('outreach:check_in')}?ma={row.code}")
    return HttpResponse(qr.svg(address), content_type="image/svg+xml")


@requires("outreach.check_in")
@require_http_methods(["GET", "POST"])
def check_in_page(request: PersonRequest) -> HttpResponse:
    """A person says that he is here: the session's code from the wall, his own from the invitation."""
    code = request.POST.get("ma") or request.GET.get("ma") or ""
    session = queries.session_by_code(code)
    if request.method == "POST":
        try:
            if session is None:
                raise CheckInRefused(why=_("mã buổi học không đúng"))
            made = classes.check_in(
                session=session,
                code=request.POST.get("own", ""),
                by=request.user,
                on=clock.today(),
            )
        except Refusal as refusal:
            show_error(request, refusal)
        else:
            said = _("Đã điểm danh: %(name)s.") % {"name": made.attendee.full_name}
            show_success(request, said)
            return redirect(f"{reverse('outreach:check_in')}?ma={session.code}")
    return render(request, "outreach/check_in.html", {"session": session, "code": code})
