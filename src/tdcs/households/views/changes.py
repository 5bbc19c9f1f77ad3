"""Changes to one household, each on a page of its own with one form."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

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
from tdcs.households.queries.scope import communes_in_scope, living_members
from tdcs.households.services import eligibility, registering
from tdcs.households.services.checking import Decision
from tdcs.households.services.eligibility import Entitlement
from tdcs.households.services.registering import NewHome, Place
from tdcs.households.views.changing import Change, ChangePages, Done, FormPage
from tdcs.households.views.requested import changeable_or_404
from tdcs.organisations.models import Area, Organisation
from tdcs.organisations.queries import communes_by_name


def _crumbs(row: Household) -> list[tuple[str, str]]:
    return [
        (_("Hộ vay"), reverse("households:list")),
        (row.code, _address(row)),
    ]


def _address(row: Household) -> str:
    return reverse("households:household", args=[row.pk])


household_change: ChangePages[Household] = ChangePages(
    permission="households.change", find=changeable_or_404, crumbs=_crumbs, address=_address
)


def _living(row: Household) -> list[HouseholdMember]:
    return list(living_members(row).order_by("-is_head", "pk"))


@household_change
def add_member(change: Change[Household]) -> FormPage:
    """A person joins."""
    row, on = change.row, change.on
    form = MemberForm(today=on, **change.sent(since=on))
    return FormPage(
        form,
        lambda data: registering.add_member(
            household=row,
            person=form.person(),
            relation=data["relation"],
            since=data["since"],
            **change.signed,
        ),
        said=_("Đã thêm thành viên."),
        heading=_("Thêm thành viên hộ %(code)s") % {"code": row.code},
        button=_("Thêm thành viên"),
        datalist=RELATIONS,
    )


@household_change
def correct_person(change: Change[Household], person: int) -> FormPage:
    """What was written wrongly; the number and the telephone stay when left empty."""
    row = change.row
    member = get_object_or_404(living_members(row), person_id=person)
    who = member.person
    initial = {"full_name": who.full_name, "born_on": who.born_on, "gender": who.gender}
    form = PersonFields(today=change.on, **change.sent(**initial))
    return FormPage(
        form,
        lambda _data: registering.correct_person(
            household=row, person=who, data=form.person(), **change.signed
        ),
        said=_("Đã sửa thông tin."),
        heading=_("Sửa thông tin %(name)s") % {"name": who.full_name},
        button=_("Lưu"),
        lede=_("Để trống số định danh, điện thoại nếu giữ như cũ."),
    )


@household_change
def end_membership(change: Change[Household], member: int) -> FormPage:
    """A member leaves."""
    row = change.row
    held = get_object_or_404(living_members(row), pk=member)
    return FormPage(
        LeaveForm(**change.sent(last=change.on)),
        lambda data: registering.end_membership(member=held, **data, **change.signed),
        said=_("Đã ghi người rời hộ."),
        heading=_("%(name)s rời hộ %(code)s") % {"name": held.person.full_name, "code": row.code},
        button=_("Ghi rời hộ"),
    )


@household_change
def change_head(change: Change[Household]) -> FormPage:
    """Another head."""
    row = change.row
    others = [(m.pk, m.person.full_name) for m in _living(row) if not m.is_head]
    return FormPage(
        HeadForm(members=others, **change.sent(since=change.on)),
        lambda data: registering.change_head(
            household=row,
            member=get_object_or_404(living_members(row), pk=data["member"]),
            since=data["since"],
            old_relation=data["old_relation"],
            **change.signed,
        ),
        said=_("Đã đổi chủ hộ."),
        heading=_("Đổi chủ hộ %(code)s") % {"code": row.code},
        button=_("Đổi chủ hộ"),
        lede="" if others else _("Hộ chưa có thành viên nào khác: thêm thành viên trước."),
    )


@household_change
def move(change: Change[Household]) -> FormPage:
    """A new address, in any commune of the province: the household may leave the person's area."""
    row, on = change.row, change.on
    everywhere = communes_by_name(on)
    own = {area for area, _name in communes_in_scope(change.by)}
    form = PlaceFields(
        **change.sent(since=on),
        communes=sorted(everywhere, key=lambda c: c[0] not in own),
    )

    def deed(data: dict[str, Any]) -> Done:
        place = Place(get_object_or_404(Area, pk=data["area"]), data["hamlet"], data["line"])
        registering.move(household=row, place=place, since=data["since"], **change.signed)
        # The household may live outside the person's communes now: its page is not theirs to see.
        words = _("Đã ghi nơi ở mới của hộ %(code)s.") % {"code": row.code}
        return Done(words, reverse("households:list"))

    return FormPage(
        form,
        deed,
        heading=_("Hộ %(code)s chuyển nơi ở") % {"code": row.code},
        button=_("Ghi nơi ở mới"),
        lede=_("Chuyển đi xã khác thì xã đó quản lý hộ từ ngày chuyển."),
    )


@household_change
def split(change: Change[Household]) -> FormPage:
    """Some members become a household of their own."""
    row = change.row
    living = {m.pk: m for m in _living(row) if not m.is_head}
    choices = [(key, m.person.full_name) for key, m in living.items()]

    def deed(data: dict[str, Any]) -> Done:
        made = registering.split(
            household=row,
            new_home=NewHome(
                head=living[data["head"]],
                members=[living[key] for key in data["members"] if key != data["head"]],
            ),
            since=data["since"],
            **change.signed,
        )
        return Done(_("Đã tách thành hộ %(code)s.") % {"code": made.code}, _address(made))

    return FormPage(
        SplitForm(members=choices, **change.sent(since=change.on)),
        deed,
        heading=_("Tách hộ %(code)s") % {"code": row.code},
        button=_("Tách hộ"),
        lede=_("Hộ mới ở cùng nơi; diện thụ hưởng không đi theo, phải có quyết định mới."),
    )


@household_change
def end_household(change: Change[Household]) -> FormPage:
    """The household is no more."""
    row = change.row
    return FormPage(
        LeaveForm(**change.sent(last=change.on)),
        lambda data: registering.end_household(household=row, **data, **change.signed),
        said=_("Hộ %(code)s đã kết thúc.") % {"code": row.code},
        heading=_("Kết thúc hộ %(code)s") % {"code": row.code},
        button=_("Kết thúc hộ"),
        lede=_("Thành viên, nơi ở và các diện của hộ cùng kết thúc ngày đó."),
        confirm=_("Kết thúc hộ %(code)s cùng mọi diện thụ hưởng?") % {"code": row.code},
    )


@household_change
def grant(change: Change[Household]) -> FormPage:
    """A spell of eligibility begins by decision."""
    row, on = change.row, change.on
    members = {m.person_id: m.person for m in _living(row)}
    form = GrantForm(
        **change.sent(since=on, decided_on=on),
        members=[(key, person.full_name) for key, person in members.items()],
        deciders=committee_choices(row, on),
    )

    def deed(data: dict[str, Any]) -> Done:
        decider = get_object_or_404(Organisation, pk=data["decided_by"])
        eligibility.grant(
            household=row,
            entitlement=Entitlement(
                kind=data["kind"],
                person=members.get(data["person"]),
                standard=data["standard"],
                since=data["since"],
                until=data["until"],
            ),
            decision=Decision(data["number"], data["decided_on"], decider),
            **change.signed,
        )
        return Done(_("Đã ghi diện thụ hưởng."), _address(row))

    return FormPage(
        form,
        deed,
        heading=_("Ghi diện thụ hưởng của hộ %(code)s") % {"code": row.code},
        button=_("Ghi diện"),
        lede=_("Mỗi diện có quyết định của nó. Hộ nghèo, cận nghèo cả xã: dùng rà soát hằng năm."),
    )


@household_change
def end_spell(change: Change[Household], spell: int) -> FormPage:
    """A spell ends before its time."""
    row = change.row
    held = get_object_or_404(row.spells, pk=spell)
    return FormPage(
        LeaveForm(**change.sent(last=change.on)),
        lambda data: eligibility.end_spell(spell=held, **data, **change.signed),
        said=_("Đã kết thúc diện thụ hưởng."),
        heading=_("Kết thúc diện của hộ %(code)s") % {"code": row.code},
        button=_("Kết thúc diện"),
        lede=_("Nêu số quyết định hoặc lý do."),
    )
