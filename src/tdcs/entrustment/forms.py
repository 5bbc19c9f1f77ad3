"""Forms of groups; what the regulation or the day forbids is refused by the services."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tdcs.access.models import User
from tdcs.access.permissions import Role
from tdcs.entrustment.models import GroupProfile, SavingsGroup
from tdcs.entrustment.services.groups import Joining, Profile
from tdcs.households.forms import Choices, Day, Money, set_choices
from tdcs.households.models import Household, Person
from tdcs.organisations import catalogue
from tdcs.organisations.models import Area, Organisation, living_on


def mass_types() -> Choices:
    """The entrusted mass organisations: type and name."""
    entries = catalogue.entries()
    return [(code, entries[code].name) for code in entries["to-chuc-ctxh-nhan-uy-thac"].types]


class HouseholdField(forms.CharField):
    """A household by its code, among those the person sees."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 20, **kwargs})
        self.visible = Household.objects.none()

    def clean(self, value: Any) -> Household:
        return _household(super().clean(value), self.visible)


def _household(code: str, visible: Any) -> Household:
    found: Household | None = visible.filter(code__iexact=code.strip()).first()
    if found is None:
        raise ValidationError(_("Không có hộ mang mã %(code)s trong địa bàn.") % {"code": code})
    return found


def head_of(household: Household) -> Person:
    """Who represents a household in a group unless it says otherwise. ValidationError without a head."""
    head = household.members.filter(ends_on=None, is_head=True).select_related("person").first()
    if head is None:
        raise ValidationError(_("Hộ %(code)s chưa có chủ hộ.") % {"code": household.code})
    person: Person = head.person
    return person


class ProfileForm(forms.Form):
    """What a group is called, where it is, who is behind it, on which day it goes to the session."""

    name = forms.CharField(label=_("Tên tổ"), max_length=120)
    area = forms.TypedChoiceField(label=_("Xã, phường"), coerce=int)
    hamlet = forms.CharField(label=_("Ấp, khu phố"), max_length=120)
    mass = forms.ChoiceField(label=_("Hội, đoàn thể nhận ủy thác"))
    office = forms.TypedChoiceField(label=_("Phòng giao dịch"), coerce=int)
    session_day = forms.IntegerField(
        label=_("Ngày giao dịch xã"),
        min_value=1,
        max_value=31,
        help_text=_("Ngày cố định hằng tháng; tháng thiếu ngày thì lấy ngày cuối tháng."),
    )
    since = Day(label=_("Từ ngày"))

    def __init__(self, *args: Any, communes: Choices, offices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "area", communes)
        set_choices(self, "mass", mass_types())
        set_choices(self, "office", offices)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:
            rows = Organisation.objects.filter(living_on(data["since"]), type=data["mass"])
            rows = rows.filter(
                living_on(data["since"], "profiles__"), profiles__area_id=data["area"]
            )
            data["behind"] = rows.first()
            if data["behind"] is None:
                self.add_error("mass", _("Xã, phường này chưa có tổ chức đó vào ngày đã chọn."))
        return data

    def profile(self) -> Profile:
        """The cleaned fields as the services take them."""
        data = self.cleaned_data
        return Profile(
            data["name"],
            Area.objects.get(pk=data["area"]),
            data["hamlet"],
            data["behind"],
            Organisation.objects.get(pk=data["office"]),
            data["session_day"],
        )


class FoundForm(ProfileForm):
    """A group with its first members."""

    decision = forms.CharField(
        label=_("Văn bản công nhận của UBND cấp xã"),
        max_length=80,
        help_text=_("Ví dụ 15/QĐ-UBND."),
    )
    households = forms.CharField(
        label=_("Mã hộ của tổ viên"),
        widget=forms.Textarea({"rows": 8}),
        help_text=_(
            "Mỗi dòng một mã hộ; chủ hộ đại diện. Dòng đầu là tổ trưởng, dòng thứ hai là tổ phó."
        ),
    )
    contract = forms.CharField(label=_("Số hợp đồng ủy nhiệm"), max_length=40, required=False)

    def __init__(self, *args: Any, visible: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.visible = visible

    def clean_households(self) -> list[Joining]:
        codes = [word for word in re.split(r"[\s,;]+", self.cleaned_data["households"]) if word]
        rows = [_household(code, self.visible) for code in codes]
        return [(row, head_of(row)) for row in rows]


class ChangeForm(ProfileForm):
    """Another profile from a day on, for a reason."""

    why = forms.CharField(label=_("Lý do, căn cứ"), max_length=300)

    @staticmethod
    def initial_of(profile: GroupProfile) -> dict[str, Any]:
        """The fields as they are."""
        return {
            "name": profile.name,
            "area": profile.area_id,
            "hamlet": profile.hamlet,
            "mass": profile.mass_organisation.type,
            "office": profile.office_id,
            "session_day": profile.session_day,
        }


class AdmitForm(forms.Form):
    """A household joins; its head represents it."""

    household = HouseholdField(label=_("Mã hộ"), help_text=_("Chủ hộ đại diện cho hộ trong tổ."))
    since = Day(label=_("Từ ngày"))

    def __init__(self, *args: Any, visible: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["household"]
        assert isinstance(field, HouseholdField)
        field.visible = visible

    def clean_household(self) -> Household:
        row: Household = self.cleaned_data["household"]
        head_of(row)
        return row


class EndForm(forms.Form):
    """Something ends on a day, for a reason."""

    since = Day(label=_("Từ ngày"), help_text=_("Ngày đầu tiên không còn hiệu lực."))
    why = forms.CharField(label=_("Lý do, căn cứ"), max_length=300)


class IntoForm(forms.Form):
    """To another group, on a day, by a paper or for a reason."""

    into = forms.ModelChoiceField(
        SavingsGroup.objects.none(), label=_("Mã tổ đến"), to_field_name="code"
    )
    since = Day(label=_("Từ ngày"))
    why = forms.CharField(label=_("Lý do, văn bản"), max_length=120)

    def __init__(self, *args: Any, groups: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["into"]
        assert isinstance(field, forms.ModelChoiceField)
        # Typed, not chosen: an office has hundreds of groups.
        field.widget = forms.TextInput()
        field.queryset = groups
        field.error_messages["invalid_choice"] = _("Không có tổ này trong phạm vi của bạn.")


class AppointForm(forms.Form):
    """A member takes a post on the board."""

    post = forms.ChoiceField(label=_("Chức danh"))
    person = forms.TypedChoiceField(label=_("Tổ viên"), coerce=int)
    since = Day(label=_("Từ ngày"))

    def __init__(self, *args: Any, posts: Choices, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "post", posts)
        set_choices(self, "person", people)


class ContractForm(forms.Form):
    """A delegation contract."""

    number = forms.CharField(label=_("Số hợp đồng"), max_length=40)
    collects_interest = forms.BooleanField(label=_("Được thu lãi"), required=False, initial=True)
    collects_savings = forms.BooleanField(
        label=_("Được thu tiền gửi"), required=False, initial=True
    )
    since = Day(label=_("Từ ngày"))


class AccountForm(forms.Form):
    """The account that speaks for a group."""

    username = forms.CharField(
        label=_("Tên đăng nhập"), help_text=_("Tài khoản có vai trò Tổ trưởng Tổ TK&VV.")
    )
    since = Day(label=_("Từ ngày"))

    def clean_username(self) -> User:
        user = User.objects.filter(username__iexact=self.cleaned_data["username"].strip()).first()
        holding = user.holding() if user is not None else None
        if user is None or holding is None or holding.role != Role.GROUP_LEADER:
            raise ValidationError(_("Không có tài khoản tổ trưởng mang tên này."))
        return user


class OpenForm(forms.Form):
    """A savings account for a member."""

    member = forms.TypedChoiceField(label=_("Tổ viên"), coerce=int)

    def __init__(self, *args: Any, members: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "member", members)


# The same field under the name by which loans and savings know it.
Amount = Money


class MoneyForm(forms.Form):
    """An amount, and the key under which it is booked once."""

    amount = Amount(label=_("Số tiền (đồng)"))
    key = forms.CharField(widget=forms.HiddenInput, max_length=60)
