"""Forms of the work pages."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tdcs.plans.models import Directive
from tdcs.plans.queries.calendar import step
from tdcs.plans.queries.directives import Choice

ASKS = ("asks_words", "asks_figure", "asks_file")


class AssignForm(forms.Form):
    """A task given by hand: what, for which period, by when, what to answer with."""

    title = forms.CharField(label=_("Tên việc"), max_length=200)
    text = forms.CharField(label=_("Nội dung, yêu cầu"), required=False, widget=forms.Textarea)
    period = forms.ChoiceField(label=_("Kỳ"), choices=Directive.Period.choices)
    month = forms.IntegerField(label=_("Tháng"), min_value=1, max_value=12, required=False)
    quarter = forms.IntegerField(label=_("Quý"), min_value=1, max_value=4, required=False)
    year = forms.IntegerField(label=_("Năm"), min_value=2000, max_value=2100)
    due_on = forms.DateField(label=_("Hạn"), required=False)
    asks_words = forms.BooleanField(label=_("Kết quả bằng lời"), required=False)
    asks_figure = forms.BooleanField(label=_("Một số liệu"), required=False)
    asks_file = forms.BooleanField(label=_("Tệp đính kèm"), required=False)
    figure_label = forms.CharField(label=_("Tên số liệu"), max_length=120, required=False)
    figure_unit = forms.CharField(label=_("Đơn vị tính"), max_length=30, required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        """Settle the period and its due day; a month or quarter is due on its last day unless said otherwise."""
        data = super().clean() or {}
        if not any(data.get(what) for what in ASKS):
            self.add_error("asks_words", _("Chọn ít nhất một nội dung phải báo cáo."))
        if data.get("asks_figure") and not data.get("figure_label"):
            self.add_error("figure_label", _("Nêu tên số liệu cần báo cáo."))
        start = self._start(data)
        if start is None:
            return data
        data["period_start"] = start
        length = {"month": 1, "quarter": 3, "year": 12}.get(data["period"])
        if not data.get("due_on") and length:
            after = step(start, length)
            data["due_on"] = after.replace(day=1) - date.resolution
        if not data.get("due_on"):
            self.add_error("due_on", _("Chọn ngày phải xong."))
        elif data["due_on"] < start:
            self.add_error("due_on", _("Hạn không được sớm hơn ngày bắt đầu kỳ."))
        return data

    def _start(self, data: dict[str, Any]) -> date | None:
        period, year = data.get("period"), data.get("year")
        if not period or not year:
            return None
        if period == "day":
            return self.today
        if period == "year":
            return date(year, 1, 1)
        number = data.get(period)
        if not number:
            self.add_error(period, _("Chọn kỳ."))
            return None
        return date(year, number if period == "month" else number * 3 - 2, 1)

    def given(self) -> dict[str, Any]:
        """What services.directives.assign takes."""
        names = ("title", "text", "period", "period_start", "due_on", *ASKS)
        return {name: self.cleaned_data[name] for name in (*names, "figure_label", "figure_unit")}


class LetterForm(forms.Form):
    """What an official letter of reminder is signed with; all may be left for the office to write in."""

    number = forms.CharField(label=_("Số"), max_length=20, required=False)
    signer = forms.CharField(label=_("Người ký"), max_length=120, required=False)
    signer_title = forms.CharField(label=_("Chức vụ"), max_length=120, required=False)


def choice_of(data: Any) -> Choice:
    """Whom the form means."""
    units = [
        int(key)
        for key in data.getlist("unit")
        if key.isascii() and key.isdigit() and len(key) < 12
    ]
    return Choice(
        tuple(data.getlist("group")), tuple(a for a in data.getlist("area") if a), tuple(units)
    )
