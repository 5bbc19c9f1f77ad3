"""Forms of asking that an heir take over a debt, and of undoing it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tdcs.households.forms import Choices, Day
from tdcs.households.models import Person
from tdcs.loans.services.inheriting import Inheritance


class AskHeirForm(forms.Form):
    """Who died, who takes over, by which papers, from when on."""

    deceased = forms.TypedChoiceField(label=_("Người vay đã mất"), coerce=int)
    died_on = Day(label=_("Ngày mất"))
    death_paper = forms.CharField(label=_("Giấy chứng tử (số, ngày, nơi cấp)"), max_length=120)
    heir = forms.TypedChoiceField(label=_("Người thừa kế nhận nợ"), coerce=int)
    agreed_on = Day(label=_("Ngày người thừa kế ký nhận nợ"))
    since = Day(label=_("Nhận nợ từ ngày"))
    why = forms.CharField(label=_("Căn cứ, thỏa thuận"), max_length=300)
    key = forms.CharField(widget=forms.HiddenInput, max_length=60)

    def __init__(self, *args: Any, owing: Choices, members: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("deceased", owing), ("heir", members)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", "–"), *choices]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("heir") and data.get("heir") == data.get("deceased"):
            self.add_error("heir", ValidationError(_("Chọn một thành viên khác của hộ.")))
        return data

    def inheritance(self) -> Inheritance:
        """What the service takes."""
        data = self.cleaned_data
        people = Person.objects.in_bulk([data["deceased"], data["heir"]])
        return Inheritance(
            deceased=people[data["deceased"]],
            heir=people[data["heir"]],
            died_on=data["died_on"],
            death_paper=data["death_paper"],
            agreed_on=data["agreed_on"],
            since=data["since"],
            why=data["why"],
        )


class UndoHeirForm(forms.Form):
    """Why the taking over is undone."""

    why = forms.CharField(label=_("Lý do hoàn tác"), max_length=300)
    key = forms.CharField(widget=forms.HiddenInput, max_length=60)
