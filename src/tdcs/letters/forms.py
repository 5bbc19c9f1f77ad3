"""A letter typed into the register."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tdcs.letters.models import Direction
from tdcs.letters.services.entering import Typed


class LetterForm(forms.Form):
    """What stands on the letter, who it is from or to, what it is about."""

    direction = forms.ChoiceField(
        label=_("Văn bản"), choices=[(Direction.IN, _("Đến")), (Direction.OUT, _("Đi"))]
    )
    number = forms.CharField(label=_("Số, ký hiệu"), max_length=60, required=False)
    dated_on = forms.DateField(
        label=_("Ngày văn bản"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    kind = forms.CharField(label=_("Loại văn bản"), max_length=60, initial="Công văn")
    other = forms.CharField(
        label=_("Nơi gửi (văn bản đến) hoặc nơi nhận (văn bản đi)"), max_length=300
    )
    subject = forms.CharField(
        label=_("Trích yếu"), max_length=500, widget=forms.Textarea({"rows": 3})
    )
    task = forms.TypedChoiceField(
        label=_("Về nhiệm vụ"), coerce=int, empty_value=None, required=False
    )
    answer_due_on = forms.DateField(
        label=_("Hạn trả lời"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, tasks: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["task"].choices = [("", "–"), *tasks]  # type: ignore[attr-defined]

    def typed(self) -> Typed:
        """The letter as the service takes it."""
        return Typed(**self.cleaned_data)
