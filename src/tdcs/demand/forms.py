"""Forms of the survey of needs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tdcs.households.forms import Choices, CodeFields, Money, OpenReviewForm, set_choices


def _periods() -> Choices:
    """In the reader's language, which is known when the form is asked for."""
    return [(0, gettext("Cả năm")), *[(n, gettext("Quý %(n)d") % {"n": n}) for n in range(1, 5)]]


class OpenSurveyForm(OpenReviewForm):
    """A survey of needs of a commune and a period."""

    quarter = forms.TypedChoiceField(
        label=_("Kỳ"),
        coerce=int,
        choices=_periods,
    )


class NeedForm(CodeFields):
    """Who needs how much for which programme."""

    programme = forms.ChoiceField(label=_("Chương trình"))
    amount = Money(label=_("Số tiền cần vay (đồng)"))
    purpose = forms.CharField(label=_("Mục đích"), max_length=200, required=False)

    def __init__(self, *args: Any, programmes: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if programmes:
            set_choices(self, "programme", programmes)
        else:
            self.fields["programme"] = forms.CharField(label=_("Chương trình"), max_length=12)
