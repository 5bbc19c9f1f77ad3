"""Forms of households; what the law or the day forbids is refused by the services."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tdcs.core import amounts
from tdcs.households.models import Household, Standard
from tdcs.households.rules import INDICATORS
from tdcs.households.services.checking import PersonData
from tdcs.households.standards import kinds
from tdcs.http.language import said
from tdcs.organisations.models import Area

RELATIONS: Final = ("Vợ", "Chồng", "Con", "Cha", "Mẹ", "Con dâu", "Con rể", "Cháu", "Ông", "Bà")
_GENDERS: Final = [("", "–"), ("female", _("Nữ")), ("male", _("Nam"))]
Choices = list[tuple[Any, str]]


def _standards() -> Choices:
    return [(code, gettext(words)) for code, words in Standard.choices]


def set_choices(form: forms.Form, name: str, choices: Choices) -> None:
    """What a field of a form offers this person."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = [(code, said(str(words)) if words else words) for code, words in choices]


class Day(forms.DateField):
    """A date field that the browser draws as one."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class Money(forms.CharField):
    """Dong, typed with or without groups: 50.000.000 (core/amounts.py)."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "data-money": ""})

    def clean(self, value: Any) -> int | None:
        words = super().clean(value) or ""
        if not words:
            return None
        try:
            return amounts.dong(words)
        except amounts.NotAnAmount:
            raise ValidationError(_("Số tiền là số nguyên đồng, ví dụ 50.000.000.")) from None


class PersonFields(forms.Form):
    """Who a person is."""

    full_name = forms.CharField(label=_("Họ và tên"), max_length=120)
    identity_number = forms.CharField(
        label=_("Số định danh cá nhân"),
        required=False,
        help_text=_("12 chữ số trên thẻ căn cước; để trống nếu chưa có."),
        validators=[RegexValidator(r"^[\d\s.]{12,18}$", _("Số định danh có đúng 12 chữ số."))],
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    born_on = Day(label=_("Ngày sinh"), required=False)
    gender = forms.ChoiceField(label=_("Giới tính"), choices=_GENDERS, required=False)
    phone = forms.CharField(
        label=_("Điện thoại"),
        required=False,
        max_length=20,
        widget=forms.TextInput({"type": "tel"}),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_born_on(self) -> date | None:
        day: date | None = self.cleaned_data["born_on"]
        if day is not None and day > self.today:
            raise ValidationError(_("Ngày sinh ở tương lai."))
        return day

    def person(self) -> PersonData:
        """The cleaned fields as the services take them."""
        data = self.cleaned_data
        return PersonData(
            data["full_name"],
            data["born_on"],
            data["gender"],
            data["identity_number"] or None,
            data["phone"],
        )


class PlaceFields(forms.Form):
    """Where a household lives."""

    area = forms.TypedChoiceField(label=_("Xã, phường"), coerce=int)
    hamlet = forms.CharField(label=_("Ấp, khu phố"), max_length=120)
    line = forms.CharField(label=_("Số nhà, đường"), max_length=160, required=False)
    since = Day(label=_("Từ ngày"), help_text=_("Ngày bắt đầu ở đây; không ở tương lai."))

    def __init__(self, *args: Any, communes: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "area", communes)

    def area_row(self) -> Area:
        """The chosen commune."""
        return Area.objects.get(pk=self.cleaned_data["area"])


class RegisterForm(PersonFields, PlaceFields):
    """A household with its head; members come after."""

    field_order = ("full_name", "identity_number", "born_on", "gender", "phone", "area")


class MemberForm(PersonFields):
    """A person joins a household."""

    relation = forms.CharField(
        label=_("Quan hệ với chủ hộ"), max_length=40, widget=forms.TextInput({"list": "relations"})
    )
    since = Day(label=_("Vào hộ từ ngày"))
    field_order = ("full_name", "relation", "since")


class LeaveForm(forms.Form):
    """Something ends on a day, for a reason."""

    last = Day(label=_("Từ ngày"), help_text=_("Ngày đầu tiên không còn hiệu lực."))
    why = forms.CharField(label=_("Lý do, căn cứ"), max_length=300)


class MergeForm(forms.Form):
    """A household passes into another; the code of the one that goes is typed once more."""

    since = Day(label=_("Gộp từ ngày"))
    why = forms.CharField(label=_("Lý do, căn cứ"), max_length=300)
    typed = forms.CharField(
        label=_("Gõ lại mã hộ sẽ mất"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class WhyForm(forms.Form):
    """A reason and nothing else."""

    why = forms.CharField(label=_("Lý do, căn cứ"), max_length=300)


class HeadForm(forms.Form):
    """Another head of the household."""

    member = forms.TypedChoiceField(label=_("Chủ hộ mới"), coerce=int)
    since = Day(label=_("Từ ngày"))
    old_relation = forms.CharField(
        label=_("Chủ hộ cũ nay là"), max_length=40, initial=_("Thành viên")
    )

    def __init__(self, *args: Any, members: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "member", members)


class SplitForm(forms.Form):
    """Members leave as a household of their own, in the same place; they may move afterwards."""

    head = forms.TypedChoiceField(label=_("Chủ hộ mới"), coerce=int)
    members = forms.TypedMultipleChoiceField(
        label=_("Cùng tách"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    since = Day(label=_("Từ ngày"))

    def __init__(self, *args: Any, members: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("head", "members"):
            set_choices(self, name, members)


class GrantForm(forms.Form):
    """A spell of eligibility by decision."""

    kind = forms.ChoiceField(label=_("Diện thụ hưởng"))
    person = forms.TypedChoiceField(
        label=_("Của ai"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("Chọn thành viên khi diện là của từng người (học sinh, người lao động…)."),
    )
    standard = forms.ChoiceField(
        label=_("Theo chuẩn"), choices=_standards, initial=Standard.NATIONAL
    )
    since = Day(label=_("Từ ngày"))
    until = Day(label=_("Đến trước ngày"), required=False, help_text=_("Để trống nếu chưa rõ."))
    number = forms.CharField(label=_("Số quyết định"), max_length=60, help_text="12/QĐ-UBND")
    decided_on = Day(label=_("Ngày quyết định"))
    decided_by = forms.TypedChoiceField(label=_("Cơ quan quyết định"), coerce=int)

    def __init__(self, *args: Any, members: Choices, deciders: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: dict[str, Choices] = {
            "kind": [(code, kind.name) for code, kind in kinds().items()],
            "person": [("", str(_("Cả hộ"))), *members],
            "decided_by": deciders,
        }
        for name, values in choices.items():
            set_choices(self, name, values)


class OpenReviewForm(forms.Form):
    """A review of a commune and year."""

    area = forms.TypedChoiceField(label=_("Xã, phường"), coerce=int)
    year = forms.IntegerField(label=_("Năm"), min_value=2022, max_value=2100)

    def __init__(self, *args: Any, communes: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "area", communes)


class CodeFields(forms.Form):
    """A household by its code."""

    code = forms.CharField(label=_("Mã hộ"), max_length=20, help_text=_("Ví dụ H0000123."))

    def clean_code(self) -> Household:
        """The household; whether it may be told here is the service's to say."""
        row: Household | None = Household.objects.filter(
            code=self.cleaned_data["code"].strip().upper()
        ).first()
        if row is None:
            raise ValidationError(_("Không có hộ mang mã này."))
        return row


class LineForm(CodeFields):
    """One household's measures."""

    income = Money(label=_("Thu nhập đầu người (đồng/tháng)"))
    deprivations = forms.IntegerField(
        label=_("Số chỉ số thiếu hụt (0–12)"), min_value=0, max_value=INDICATORS
    )
    measured_on = Day(label=_("Ngày rà soát"), required=False)
    note = forms.CharField(label=_("Ghi chú"), max_length=300, required=False)


class ApproveForm(forms.Form):
    """By which decision the list is recognised."""

    number = forms.CharField(label=_("Số quyết định"), max_length=60, help_text="456/QĐ-UBND")
    decided_on = Day(label=_("Ngày quyết định"))
    effective_on = Day(
        label=_("Áp dụng từ ngày"),
        required=False,
        help_text=_("Để trống: từ 01/01 năm sau, hoặc từ ngày quyết định nếu muộn hơn."),
    )
