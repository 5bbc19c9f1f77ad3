"""Changes to one group, each on a page of its own with one form."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.entrustment.forms import (
    AccountForm,
    AdmitForm,
    AppointForm,
    ChangeForm,
    ContractForm,
    EndForm,
    IntoForm,
    head_of,
)
from tdcs.entrustment.models import BoardMember, GroupMember, SavingsGroup
from tdcs.entrustment.queries.groups import members_on, profile_on
from tdcs.entrustment.queries.scope import changeable_groups
from tdcs.entrustment.services import board, groups, members
from tdcs.entrustment.views.requested import (
    changeable_or_404,
    communes,
    crumbs,
    kept_households,
    own_offices,
    show_group,
    today_form,
)
from tdcs.households.models import Person
from tdcs.households.views.requested import with_form
from tdcs.organisations.models import living_on


def _others(request: PersonRequest, row: SavingsGroup) -> Any:
    living = changeable_groups(request.user).filter(living_on(clock.today()))
    return living.exclude(pk=row.pk)


def _member_or_404(row: SavingsGroup, member: int) -> GroupMember:
    rows = GroupMember.objects.filter(group=row, ends_on=None).select_related("household", "person")
    found: GroupMember = get_object_or_404(rows, pk=member)
    return found


@requires("entrustment.change")
@require_http_methods(["GET", "POST"])
def change(request: PersonRequest, pk: int) -> HttpResponse:
    """Another name, place, organisation, office or session day from a day on."""
    row, on = changeable_or_404(request, pk), clock.today()
    form = ChangeForm(
        **today_form(request, **ChangeForm.initial_of(profile_on(row, on))),
        communes=communes(request),
        offices=own_offices(request),
    )

    def deed(data: dict[str, Any]) -> HttpResponse:
        groups.change_profile(
            group=row,
            profile=form.profile(),
            since=data["since"],
            why=data["why"],
            by=request.user,
            on=on,
        )
        return show_group(request, row, _("Đã ghi thông tin mới của tổ."))

    return with_form(
        request,
        form,
        deed,
        heading=_("Thay đổi thông tin tổ %(code)s") % {"code": row.code},
        button=_("Lưu thay đổi"),
        crumbs=crumbs(row),
        lede=_("Những ngày trước giữ thông tin cũ."),
    )


@requires("entrustment.change")
@require_http_methods(["GET", "POST"])
def admit(request: PersonRequest, pk: int) -> HttpResponse:
    """A household joins."""
    row, on = changeable_or_404(request, pk), clock.today()
    form = AdmitForm(**today_form(request), visible=kept_households(request))

    def deed(data: dict[str, Any]) -> HttpResponse:
        household = data["household"]
        members.admit(
            group=row,
            household=household,
            person=head_of(household),
            since=data["since"],
            by=request.user,
            on=on,
        )
        return show_group(request, row, _("Đã kết nạp hộ %(code)s.") % {"code": household.code})

    return with_form(
        request,
        form,
        deed,
        heading=_("Kết nạp tổ viên vào tổ %(code)s") % {"code": row.code},
        button=_("Kết nạp"),
        crumbs=crumbs(row),
        lede=_("Theo biên bản họp tổ (mẫu 10A/TD)."),
    )


@requires("entrustment.change")
@require_http_methods(["GET", "POST"])
def leave(request: PersonRequest, pk: int, member: int) -> HttpResponse:
    """A member leaves the group."""
    row, on = changeable_or_404(request, pk), clock.today()
    held = _member_or_404(row, member)

    def deed(data: dict[str, Any]) -> HttpResponse:
        members.leave(
            group=row,
            household=held.household,
            why=data["why"],
            since=data["since"],
            by=request.user,
            on=on,
        )
        return show_group(
            request, row, _("%(name)s đã ra khỏi tổ.") % {"name": held.person.full_name}
        )

    return with_form(
        request,
        EndForm(**today_form(request)),
        deed,
        heading=_("Cho %(name)s ra khỏi tổ %(code)s")
        % {"name": held.person.full_name, "code": row.code},
        button=_("Cho ra khỏi tổ"),
        crumbs=crumbs(row),
        lede=_("Phải hết nợ và hết tiền gửi; sổ tiền gửi trống sẽ đóng theo."),
    )


@requires("entrustment.change")
@require_http_methods(["GET", "POST"])
def move(request: PersonRequest, pk: int, member: int) -> HttpResponse:
    """A member goes to another group of the commune."""
    row, on = changeable_or_404(request, pk), clock.today()
    held = _member_or_404(row, member)

    def deed(data: dict[str, Any]) -> HttpResponse:
        members.move(
            household=held.household,
            group=row,
            into=data["into"],
            why=data["why"],
            since=data["since"],
            by=request.user,
            on=on,
        )
        words = _("%(name)s đã chuyển sang tổ %(code)s.")
        named = {"name": held.person.full_name, "code": data["into"].code}
        return show_group(request, data["into"], words % named)

    return with_form(
        request,
        IntoForm(**today_form(request), groups=_others(request, row)),
        deed,
        heading=_("Chuyển %(name)s sang tổ khác") % {"name": held.person.full_name},
        button=_("Chuyển tổ"),
        crumbs=crumbs(row),
        lede=_("Khoản vay và sổ tiền gửi đi theo hộ."),
    )


@requires("entrustment.change")
@require_http_methods(["GET", "POST"])
def merge(request: PersonRequest, pk: int) -> HttpResponse:
    """The group passes into another."""
    row, on = changeable_or_404(request, pk), clock.today()

    def deed(data: dict[str, Any]) -> HttpResponse:
        groups.merge(
            group=row,
            into=data["into"],
            decision=data["why"],
            since=data["since"],
            by=request.user,
            on=on,
        )
        words = _("Tổ %(old)s đã sáp nhập vào tổ %(new)s.")
        return show_group(
            request, data["into"], words % {"old": row.code, "new": data["into"].code}
        )

    return with_form(
        request,
        IntoForm(**today_form(request), groups=_others(request, row)),
        deed,
        heading=_("Sáp nhập tổ %(code)s vào tổ khác") % {"code": row.code},
        button=_("Sáp nhập"),
        crumbs=crumbs(row),
        lede=_(
            "Tổ viên, khoản vay, sổ tiền gửi sang tổ mới; ban quản lý và hợp đồng của tổ này kết thúc."
        ),
        confirm=_("Sáp nhập và kết thúc tổ %(code)s?") % {"code": row.code},
    )


@requires("entrustment.change")
@require_http_methods(["GET", "POST"])
def dissolve(request: PersonRequest, pk: int) -> HttpResponse:
    """The group ends."""
    row, on = changeable_or_404(request, pk), clock.today()

    def deed(data: dict[str, Any]) -> HttpResponse:
        groups.dissolve(group=row, why=data["why"], since=data["since"], by=request.user, on=on)
        return show_group(request, row, _("Tổ %(code)s đã giải thể.") % {"code": row.code})

    return with_form(
        request,
        EndForm(**today_form(request)),
        deed,
        heading=_("Giải thể tổ %(code)s") % {"code": row.code},
        button=_("Giải thể"),
        crumbs=crumbs(row),
        lede=_("Mọi tổ viên phải hết nợ và hết tiền gửi."),
        confirm=_("Giải thể tổ %(code)s?") % {"code": row.code},
    )


@requires("entrustment.change")
@require_http_methods(["GET", "POST"])
def appoint(request: PersonRequest, pk: int) -> HttpResponse:
    """Another leader or deputy."""
    row, on = changeable_or_404(request, pk), clock.today()
    people = [
        (m.person_id, f"{m.person.full_name} ({m.household.code})") for m in members_on(row, on)
    ]
    form = AppointForm(**today_form(request), posts=list(BoardMember.Post.choices), people=people)

    def deed(data: dict[str, Any]) -> HttpResponse:
        person = Person.objects.get(pk=data["person"])
        board.appoint(
            group=row,
            person=person,
            post=data["post"],
            since=data["since"],
            by=request.user,
            on=on,
        )
        return show_group(request, row, _("Ban quản lý tổ đã thay đổi."))

    return with_form(
        request,
        form,
        deed,
        heading=_("Ban quản lý tổ %(code)s") % {"code": row.code},
        button=_("Lưu"),
        crumbs=crumbs(row),
        lede=_("Người giữ chức danh này trước đó sẽ thôi."),
    )


@requires("entrustment.change")
@require_http_methods(["GET", "POST"])
def contract(request: PersonRequest, pk: int) -> HttpResponse:
    """A delegation contract."""
    row, on = changeable_or_404(request, pk), clock.today()

    def deed(data: dict[str, Any]) -> HttpResponse:
        board.sign_contract(group=row, **data, by=request.user, on=on)
        return show_group(request, row, _("Đã ghi hợp đồng ủy nhiệm."))

    return with_form(
        request,
        ContractForm(**today_form(request)),
        deed,
        heading=_("Hợp đồng ủy nhiệm với tổ %(code)s") % {"code": row.code},
        button=_("Ghi hợp đồng"),
        crumbs=crumbs(row),
        lede=_("Tổ được thu lãi, thu tiền gửi; không bao giờ thu gốc."),
    )


@requires("entrustment.change")
@require_http_methods(["GET", "POST"])
def account_of_group(request: PersonRequest, pk: int) -> HttpResponse:
    """Which sign-in speaks for the group."""
    row, on = changeable_or_404(request, pk), clock.today()

    def deed(data: dict[str, Any]) -> HttpResponse:
        board.give_account(
            group=row, user=data["username"], since=data["since"], by=request.user, on=on
        )
        return show_group(request, row, _("Đã giao tài khoản cho tổ."))

    return with_form(
        request,
        AccountForm(**today_form(request)),
        deed,
        heading=_("Tài khoản của tổ %(code)s") % {"code": row.code},
        button=_("Giao tài khoản"),
        crumbs=crumbs(row),
        lede=_("Người dùng này chỉ thấy tổ này."),
    )
