"""Changes to one household, each on a page of its own with one form."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tdcs.access.gate import PersonRequest, requires
from tdcs.core import clock
from tdcs.households.forms import (
    RELATIONS,
    GrantForm,
    HeadForm,
    LeaveForm,
    MemberForm,
    PersonFields,
    PlaceFields,
    SplitForm,
)
from tdcs.households.models import Household, HouseholdMember
from tdcs.households.queries.finding import committee_choices
from tdcs.households.queries.scope import communes_in_scope
from tdcs.households.services import eligibility, registering
from tdcs.households.services.checking import Decision
from tdcs.households.services.registering import Place
from tdcs.households.views.requested import changeable_or_404, with_form
from tdcs.http import show_success
from tdcs.organisations.models import Area, AreaProfile, Level, Organisation, living_on


def _crumbs(row: Household) -> list[tuple[str, str]]:
    return [
        (_("Hộ vay"), reverse("households:list")),
        (row.code, reverse("households:household", args=[row.pk])),
    ]


def _told(request: PersonRequest, row: Household, words: str) -> HttpResponse:
    show_success(request, words)
    return redirect("households:household", pk=row.pk)


def _living(row: Household) -> list[HouseholdMember]:
    return list(
        row.members.filter(ends_on=None).select_related("person").order_by("-is_head", "pk")
    )


@requires("households.change")
@require_http_methods(["GET", "POST"])
def add_member(request: PersonRequest, pk: int) -> HttpResponse:
    """A person joins."""
    row, on = changeable_or_404(request, pk), clock.today()
    form = MemberForm(request.POST or None, today=on, initial={"since": on})

    def deed(data: dict[str, Any]) -> HttpResponse:
        registering.add_member(
            household=row,
            person=form.person(),
            relation=data["relation"],
            since=data["since"],
            by=request.user,
            on=on,
        )
        return _told(request, row, _("Đã thêm thành viên."))

    return with_form(
        request,
        form,
        deed,
        heading=_("Thêm thành viên hộ %(code)s") % {"code": row.code},
        button=_("Thêm thành viên"),
        crumbs=_crumbs(row),
        datalist=RELATIONS,
    )


@requires("households.change")
@require_http_methods(["GET", "POST"])
def correct_person(request: PersonRequest, pk: int, person: int) -> HttpResponse:
    """What was written wrongly; the number and the telephone stay when left empty."""
    row, on = changeable_or_404(request, pk), clock.today()
    member = get_object_or_404(row.members.filter(ends_on=None), person_id=person)
    who = member.person
    initial = {"full_name": who.full_name, "born_on": who.born_on, "gender": who.gender}
    form = PersonFields(request.POST or None, today=on, initial=initial)

    def deed(_data: dict[str, Any]) -> HttpResponse:
        registering.correct_person(
            household=row, person=who, data=form.person(), by=request.user, on=on
        )
        return _told(request, row, _("Đã sửa thông tin."))

    return with_form(
        request,
        form,
        deed,
        heading=_("Sửa thông tin %(name)s") % {"name": who.full_name},
        button=_("Lưu"),
        crumbs=_crumbs(row),
        lede=_("Để trống số định danh, điện thoại nếu giữ như cũ."),
    )


@requires("households.change")
@require_http_methods(["GET", "POST"])
def end_membership(request: PersonRequest, pk: int, member: int) -> HttpResponse:
    """A member leaves."""
    row, on = changeable_or_404(request, pk), clock.today()
    held = get_object_or_404(row.members.filter(ends_on=None), pk=member)

    def deed(data: dict[str, Any]) -> HttpResponse:
        registering.end_membership(
            member=held, last=data["last"], why=data["why"], by=request.user, on=on
        )
        return _told(request, row, _("Đã ghi người rời hộ."))

    return with_form(
        request,
        LeaveForm(request.POST or None, initial={"last": on}),
        deed,
        heading=_("%(name)s rời hộ %(code)s") % {"name": held.person.full_name, "code": row.code},
        button=_("Ghi rời hộ"),
        crumbs=_crumbs(row),
    )


@requires("households.change")
@require_http_methods(["GET", "POST"])
def change_head(request: PersonRequest, pk: int) -> HttpResponse:
    """Another head."""
    row, on = changeable_or_404(request, pk), clock.today()
    others = [(m.pk, m.person.full_name) for m in _living(row) if not m.is_head]

    def deed(data: dict[str, Any]) -> HttpResponse:
        registering.change_head(
            household=row,
            member=HouseholdMember.objects.get(pk=data["member"]),
            since=data["since"],
            old_relation=data["old_relation"],
            by=request.user,
            on=on,
        )
        return _told(request, row, _("Đã đổi chủ hộ."))

    return with_form(
        request,
        HeadForm(request.POST or None, members=others, initial={"since": on}),
        deed,
        heading=_("Đổi chủ hộ %(code)s") % {"code": row.code},
        button=_("Đổi chủ hộ"),
        crumbs=_crumbs(row),
        lede="" if others else _("Hộ chưa có thành viên nào khác: thêm thành viên trước."),
    )


@requires("households.change")
@require_http_methods(["GET", "POST"])
def move(request: PersonRequest, pk: int) -> HttpResponse:
    """A new address, in any commune of the province: the household may leave the person's area."""
    row, on = changeable_or_404(request, pk), clock.today()
    profiles = AreaProfile.objects.filter(living_on(on), area__level=Level.COMMUNE)
    everywhere = list(profiles.order_by("search").values_list("area_id", "full_name"))
    own = {area for area, _name in communes_in_scope(request.user)}
    form = PlaceFields(
        request.POST or None,
        communes=sorted(everywhere, key=lambda c: c[0] not in own),
        initial={"since": on},
    )

    def deed(data: dict[str, Any]) -> HttpResponse:
        place = Place(Area.objects.get(pk=data["area"]), data["hamlet"], data["line"])
        registering.move(household=row, place=place, since=data["since"], by=request.user, on=on)
        show_success(request, _("Đã ghi nơi ở mới của hộ %(code)s.") % {"code": row.code})
        return redirect("households:list")

    return with_form(
        request,
        form,
        deed,
        heading=_("Hộ %(code)s chuyển nơi ở") % {"code": row.code},
        button=_("Ghi nơi ở mới"),
        crumbs=_crumbs(row),
        lede=_("Chuyển đi xã khác thì xã đó quản lý hộ từ ngày chuyển."),
    )


@requires("households.change")
@require_http_methods(["GET", "POST"])
def split(request: PersonRequest, pk: int) -> HttpResponse:
    """Some members become a household of their own."""
    row, on = changeable_or_404(request, pk), clock.today()
    living = {m.pk: m for m in _living(row) if not m.is_head}
    choices = [(key, m.person.full_name) for key, m in living.items()]

    def deed(data: dict[str, Any]) -> HttpResponse:
        made = registering.split(
            household=row,
            head=living[data["head"]],
            members=[living[key] for key in data["members"] if key != data["head"]],
            since=data["since"],
            by=request.user,
            on=on,
        )
        return _told(request, made, _("Đã tách thành hộ %(code)s.") % {"code": made.code})

    return with_form(
        request,
        SplitForm(request.POST or None, members=choices, initial={"since": on}),
        deed,
        heading=_("Tách hộ %(code)s") % {"code": row.code},
        button=_("Tách hộ"),
        crumbs=_crumbs(row),
        lede=_("Hộ mới ở cùng nơi; diện thụ hưởng không đi theo, phải có quyết định mới."),
    )


@requires("households.change")
@require_http_methods(["GET", "POST"])
def end_household(request: PersonRequest, pk: int) -> HttpResponse:
    """The household is no more."""
    row, on = changeable_or_404(request, pk), clock.today()

    def deed(data: dict[str, Any]) -> HttpResponse:
        registering.end_household(
            household=row, last=data["last"], why=data["why"], by=request.user, on=on
        )
        return _told(request, row, _("Hộ %(code)s đã kết thúc.") % {"code": row.code})

    return with_form(
        request,
        LeaveForm(request.POST or None, initial={"last": on}),
        deed,
        heading=_("Kết thúc hộ %(code)s") % {"code": row.code},
        button=_("Kết thúc hộ"),
        crumbs=_crumbs(row),
        lede=_("Thành viên, nơi ở và các diện của hộ cùng kết thúc ngày đó."),
        confirm=_("Kết thúc hộ %(code)s cùng mọi diện thụ hưởng?") % {"code": row.code},
    )


@requires("households.change")
@require_http_methods(["GET", "POST"])
def grant(request: PersonRequest, pk: int) -> HttpResponse:
    """A spell of eligibility begins by decision."""
    row, on = changeable_or_404(request, pk), clock.today()
    members = {m.person_id: m.person for m in _living(row)}
    form = GrantForm(
        request.POST or None,
        members=[(key, person.full_name) for key, person in members.items()],
        deciders=committee_choices(row, on),
        initial={"since": on, "decided_on": on},
    )

    def deed(data: dict[str, Any]) -> HttpResponse:
        decider = Organisation.objects.get(pk=data["decided_by"])
        eligibility.grant(
            household=row,
            kind=data["kind"],
            person=members.get(data["person"]),
            standard=data["standard"],
            since=data["since"],
            until=data["until"],
            decision=Decision(data["number"], data["decided_on"], decider),
            by=request.user,
            on=on,
        )
        return _told(request, row, _("Đã ghi diện thụ hưởng."))

    return with_form(
        request,
        form,
        deed,
        heading=_("Ghi diện thụ hưởng của hộ %(code)s") % {"code": row.code},
        button=_("Ghi diện"),
        crumbs=_crumbs(row),
        lede=_("Mỗi diện có quyết định của nó. Hộ nghèo, cận nghèo cả xã: dùng rà soát hằng năm."),
    )


@requires("households.change")
@require_http_methods(["GET", "POST"])
def end_spell(request: PersonRequest, pk: int, spell: int) -> HttpResponse:
    """A spell ends before its time."""
    row, on = changeable_or_404(request, pk), clock.today()
    held = get_object_or_404(row.spells, pk=spell)

    def deed(data: dict[str, Any]) -> HttpResponse:
        eligibility.end_spell(
            spell=held, last=data["last"], why=data["why"], by=request.user, on=on
        )
        return _told(request, row, _("Đã kết thúc diện thụ hưởng."))

    return with_form(
        request,
        LeaveForm(request.POST or None, initial={"last": on}),
        deed,
        heading=_("Kết thúc diện của hộ %(code)s") % {"code": row.code},
        button=_("Kết thúc diện"),
        crumbs=_crumbs(row),
        lede=_("Nêu số quyết định hoặc lý do."),
    )
