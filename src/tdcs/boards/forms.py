"""Forms of boards."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tdcs.boards.models import Office
from tdcs.boards.services.meetings import MeetingPlan, Motion
from tdcs.boards.services.offices import Holder


def _day() -> forms.DateInput:
    return forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class HolderForm(forms.Form):
    """Who takes an office, from which day."""

    full_name = forms.CharField(label=_("Họ và tên"), max_length=120)
    title = forms.CharField(label=_("Chức vụ"), max_length=120)
    office = forms.ChoiceField(label=_("Vị trí"), choices=Office.choices)
    since = forms.DateField(label=_("Giữ chức từ ngày"), widget=_day())
    basis = forms.CharField(label=_("Quyết định"), max_length=120, required=False)

    def holder(self) -> Holder:
        """As the service takes it."""
        return Holder(**self.cleaned_data)


class MeetingForm(forms.Form):
    """When, where, about what."""

    held_on = forms.DateField(label=_("Ngày họp"), widget=_day())
    starts_at = forms.TimeField(label=_("Giờ họp"), widget=forms.TimeInput({"type": "time"}))
    place = forms.CharField(label=_("Nơi họp"), max_length=200)
    agenda = forms.CharField(
        label=_("Nội dung họp"),
        widget=forms.Textarea({"rows": 5}),
        help_text=_("Mỗi nội dung một dòng."),
    )

    def plan(self) -> MeetingPlan:
        """As the service takes it."""
        told = self.cleaned_data
        return MeetingPlan(
            held_on=told["held_on"],
            starts_at=told["starts_at"],
            place=told["place"],
            agenda=tuple(told["agenda"].splitlines()),
        )


class MotionForm(forms.Form):
    """What is to be decided, who owes it, by when."""

    title = forms.CharField(label=_("Việc"), max_length=200)
    text = forms.CharField(label=_("Nội dung"), widget=forms.Textarea({"rows": 3}), required=False)
    owners = forms.TypedMultipleChoiceField(label=_("Đơn vị thực hiện"), coerce=int)
    due_on = forms.DateField(label=_("Hạn"), widget=_day())

    def __init__(self, *args: Any, units: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owners"].choices = units  # type: ignore[attr-defined]

    def motion(self) -> Motion:
        """As the service takes it."""
        told = self.cleaned_data
        return Motion(
            title=told["title"],
            text=told["text"],
            owners=tuple(told["owners"]),
            due_on=told["due_on"],
        )
