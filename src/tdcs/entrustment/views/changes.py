"""Changes to one group, each on a page of its own with one form."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from tdcs.entrustment.forms import (
    AccountForm,
    AppointForm,
    ChangeForm,
    ContractForm,
    EndForm,
    IntoForm,
)
from tdcs.entrustment.models import BoardMember, GroupMember, SavingsGroup
from tdcs.entrustment.queries.groups import members_on, other_groups, present_members, profile_on
from tdcs.entrustment.services import board, groups, members
from tdcs.entrustment.services.board import Delegation
from tdcs.entrustment.services.members import Transfer
from tdcs.entrustment.views.requested import (
    changeable_or_404,
    communes,
    crumbs,
    own_offices,
)
from tdcs.households.models import Person
from tdcs.households.views.changing import Change, ChangePages, Done, FormPage


def _address(row: SavingsGroup) -> str:
    return reverse("entrustment:group", args=[row.pk])


group_change: ChangePages[SavingsGroup] = ChangePages(
    permission="entrustment.change", find=changeable_or_404, crumbs=crumbs, address=_address
)


def _others(change: Change[SavingsGroup]) -> Any:
    return other_groups(change.by, change.row, change.on)


def _member_or_404(row: SavingsGroup, member: int) -> GroupMember:
    found: GroupMember = get_object_or_404(present_members(row), pk=member)
    return found


@group_change
def change(change: Change[SavingsGroup]) -> FormPage:
    """Another name, place, organisation, office or session day from a day on."""
    row, on = change.row, change.on
    form = ChangeForm(
        **change.sent(since=on, **ChangeForm.initial_of(profile_on(row, on))),
        communes=communes(change.request),
        offices=own_offices(change.request),
    )
    return FormPage(
        form,
        lambda data: groups.change_profile(
            group=row, profile=form.profile(), since=data["since"], why=data["why"], **change.signed
        ),
        said=_("Đã ghi thông tin mới của tổ."),
        heading=_("Thay đổi thông tin tổ %(code)s") % {"code": row.code},
        button=_("Lưu thay đổi"),
        lede=_("Những ngày trước giữ thông tin cũ."),
    )


@group_change
def leave(change: Change[SavingsGroup], member: int) -> FormPage:
    """A member leaves the group."""
    row = change.row
    held = _member_or_404(row, member)
    return FormPage(
        EndForm(**change.sent(since=change.on)),
        lambda data: members.leave(group=row, household=held.household, **data, **change.signed),
        said=_("%(name)s đã ra khỏi tổ.") % {"name": held.person.full_name},
        heading=_("Cho %(name)s ra khỏi tổ %(code)s")
        % {"name": held.person.full_name, "code": row.code},
        button=_("Cho ra khỏi tổ"),
        lede=_("Phải hết nợ và hết tiền gửi; sổ tiền gửi trống sẽ đóng theo."),
    )


@group_change
def move(change: Change[SavingsGroup], member: int) -> FormPage:
    """A member goes to another group of the commune."""
    row = change.row
    held = _member_or_404(row, member)

    def deed(data: dict[str, Any]) -> Done:
        members.move(
            transfer=Transfer(
                household=held.household, group=row, into=data["into"], why=data["why"]
            ),
            since=data["since"],
            **change.signed,
        )
        words = _("%(name)s đã chuyển sang tổ %(code)s.")
        named = {"name": held.person.full_name, "code": data["into"].code}
        return Done(words % named, _address(data["into"]))

    return FormPage(
        IntoForm(**change.sent(since=change.on), groups=_others(change)),
        deed,
        heading=_("Chuyển %(name)s sang tổ khác") % {"name": held.person.full_name},
        button=_("Chuyển tổ"),
        lede=_("Khoản vay và sổ tiền gửi đi theo hộ."),
    )


@group_change
def merge(change: Change[SavingsGroup]) -> FormPage:
    """The group passes into another."""
    row = change.row

    def deed(data: dict[str, Any]) -> Done:
        groups.merge(
            group=row, into=data["into"], decision=data["why"], since=data["since"], **change.signed
        )
        words = _("Tổ %(old)s đã sáp nhập vào tổ %(new)s.")
        return Done(words % {"old": row.code, "new": data["into"].code}, _address(data["into"]))

    return FormPage(
        IntoForm(**change.sent(since=change.on), groups=_others(change)),
        deed,
        heading=_("Sáp nhập tổ %(code)s vào tổ khác") % {"code": row.code},
        button=_("Sáp nhập"),
        lede=_(
            "Tổ viên, khoản vay, sổ tiền gửi sang tổ mới; ban quản lý và hợp đồng của tổ này kết thúc."
        ),
        confirm=_("Sáp nhập và kết thúc tổ %(code)s?") % {"code": row.code},
    )


@group_change
def dissolve(change: Change[SavingsGroup]) -> FormPage:
    """The group ends."""
    row = change.row
    return FormPage(
        EndForm(**change.sent(since=change.on)),
        lambda data: groups.dissolve(group=row, **data, **change.signed),
        said=_("Tổ %(code)s đã giải thể.") % {"code": row.code},
        heading=_("Giải thể tổ %(code)s") % {"code": row.code},
        button=_("Giải thể"),
        lede=_("Mọi tổ viên phải hết nợ và hết tiền gửi."),
        confirm=_("Giải thể tổ %(code)s?") % {"code": row.code},
    )


@group_change
def appoint(change: Change[SavingsGroup]) -> FormPage:
    """Another leader or deputy."""
    row, on = change.row, change.on
    people = [
        (m.person_id, f"{m.person.full_name} ({m.household.code})") for m in members_on(row, on)
    ]
    form = AppointForm(**change.sent(since=on), posts=list(BoardMember.Post.choices), people=people)

    def deed(data: dict[str, Any]) -> Done:
        person = get_object_or_404(Person, pk=data["person"])
        board.appoint(
            group=row, person=person, post=data["post"], since=data["since"], **change.signed
        )
        return Done(_("Ban quản lý tổ đã thay đổi."), _address(row))

    return FormPage(
        form,
        deed,
        heading=_("Ban quản lý tổ %(code)s") % {"code": row.code},
        button=_("Lưu"),
        lede=_("Người giữ chức danh này trước đó sẽ thôi."),
    )


@group_change
def contract(change: Change[SavingsGroup]) -> FormPage:
    """A delegation contract."""
    row = change.row
    return FormPage(
        ContractForm(**change.sent(since=change.on)),
        lambda data: board.sign_contract(
            group=row,
            contract=Delegation(
                number=data["number"],
                collects_interest=data["collects_interest"],
                collects_savings=data["collects_savings"],
            ),
            since=data["since"],
            **change.signed,
        ),
        said=_("Đã ghi hợp đồng ủy nhiệm."),
        heading=_("Hợp đồng ủy nhiệm với tổ %(code)s") % {"code": row.code},
        button=_("Ghi hợp đồng"),
        lede=_("Tổ được thu lãi, thu tiền gửi; không bao giờ thu gốc."),
    )


@group_change
def account_of_group(change: Change[SavingsGroup]) -> FormPage:
    """Which sign-in speaks for the group."""
    row = change.row
    return FormPage(
        AccountForm(**change.sent(since=change.on)),
        lambda data: board.give_account(
            group=row, user=data["username"], since=data["since"], **change.signed
        ),
        said=_("Đã giao tài khoản cho tổ."),
        heading=_("Tài khoản của tổ %(code)s") % {"code": row.code},
        button=_("Giao tài khoản"),
        lede=_("Người dùng này chỉ thấy tổ này."),
    )
