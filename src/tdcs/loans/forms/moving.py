"""Forms of asking that a borrower be kept elsewhere, and of deciding it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tdcs.entrustment.models import SavingsGroup
from tdcs.households.forms import Choices, Day
from tdcs.loans.services.moving import Target
from tdcs.organisations.models import Area, Organisation


class AskMoveForm(forms.Form):
    """Where to: a group by its code, or an office for a borrower without a group; a new home where it changes."""

    group = forms.CharField(label=_("Mã tổ chuyển đến"), max_length=10, required=False)
    office = forms.TypedChoiceField(
        label=_("Phòng giao dịch chuyển đến (vay trực tiếp, không qua tổ)"),
        coerce=int,
        required=False,
        empty_value=None,
    )
    area = forms.TypedChoiceField(
        label=_("Xã, phường nơi ở mới (để trống nếu không đổi)"),
        coerce=int,
        required=False,
        empty_value=None,
    )
    hamlet = forms.CharField(label=_("Ấp, khu phố nơi ở mới"), max_length=120, required=False)
    since = Day(label=_("Chuyển từ ngày"))
    why = forms.CharField(label=_("Lý do, căn cứ"), max_length=300)
    key = forms.CharField(widget=forms.HiddenInput, max_length=60)

    def __init__(self, *args: Any, offices: Choices, areas: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("office", offices), ("area", areas)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", "–"), *choices]

    def clean_group(self) -> SavingsGroup | None:
        code = self.cleaned_data["group"].strip()
        if not code:
            return None
        found: SavingsGroup | None = SavingsGroup.objects.filter(code=code, ends_on=None).first()
        if found is None:
            raise ValidationError(_("Không có tổ đang hoạt động mang mã này."))
        return found

    def target(self) -> Target:
        """What the service takes."""
        data = self.cleaned_data
        office = Organisation.objects.get(pk=data["office"]) if data["office"] else None
        area = Area.objects.get(pk=data["area"]) if data["area"] else None
        return Target(data["group"], office, area, data["hamlet"])


class DecideMoveForm(forms.Form):
    """The director's decision."""

    words = forms.CharField(
        label=_("Ý kiến"), max_length=300, required=False, widget=forms.Textarea({"rows": 2})
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=60)
