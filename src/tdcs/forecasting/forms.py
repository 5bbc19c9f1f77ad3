"""The assumptions of a projection as a person types them: percentages, in the page's address."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from tdcs.core import amounts
from tdcs.forecasting.rules.allot_assumptions import Search
from tdcs.forecasting.rules.assumptions import Assumptions

_PERCENT: Final = 10_000


class Percent(forms.CharField):
    """ "10" or "10,5" (%) → parts per million; at most four decimals."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "size": 8})
        super().__init__(max_length=12, widget=widget, **kwargs)

    def clean(self, value: Any) -> int | None:
        words = super().clean(value).rstrip("%").strip()
        if not words:
            return None
        try:
            found = amounts.figure(words) * _PERCENT
        except amounts.NotAnAmount as wrong:
            raise forms.ValidationError(_("Ghi một tỷ lệ phần trăm, ví dụ 10,5.")) from wrong
        if found != found.to_integral_value():
            raise forms.ValidationError(_("Nhiều nhất bốn chữ số sau dấu phẩy."))
        return int(found)


class AssumptionsForm(forms.Form):
    """What may be assumed; an empty figure is as in the past year."""

    growth = Percent(label=_("Tăng trưởng dư nợ một năm (%)"), required=False)
    local = Percent(label=_("Vốn địa phương trong mức tăng (%)"), required=False)
    share = Percent(label=_("Hoặc: tỷ trọng vốn địa phương năm cuối (%)"), required=False)
    commune = Percent(label=_("Phần của cấp xã trong vốn địa phương (%)"), required=False)
    lending = Percent(label=_("Cho vay so với năm qua (%)"), required=False)
    slipped = Percent(label=_("Chuyển quá hạn so với năm qua (%)"), required=False)
    early = Percent(label=_("Trả trước hạn so với năm qua (%)"), required=False)
    cured = Percent(label=_("Thu nợ quá hạn so với năm qua (%)"), required=False)
    until = forms.IntegerField(label=_("Đến hết năm"), required=False)

    def assumed(self) -> Assumptions:
        """The assumptions of a valid form."""
        return Assumptions(**{k: v for k, v in self.cleaned_data.items() if v is not None})


class SearchForm(forms.Form):
    """What a search for allotments assumes; an empty figure is the usual one (law/allotment.yaml)."""

    growth = Percent(label=_("Tăng trưởng dư nợ một năm (%)"), required=False)
    share = Percent(label=_("Vốn địa phương trong mức tăng (%)"), required=False)
    times = Percent(label=_("Trần mỗi ngân sách so với năm qua (%)"), required=False)
    commune_share = Percent(label=_("Xã luôn bố trí được, so với dư nợ xã (%)"), required=False)
    central_most = Percent(label=_("Vốn trung ương tối đa so với năm qua (%)"), required=False)
    need_most = Percent(label=_("Chương trình tăng tối đa ở một xã (%)"), required=False)
    commune_least = Percent(label=_("Mỗi xã được ít nhất, so với mức chia đều (%)"), required=False)
    price = Percent(label=_("Chi phí một đồng vốn mỗi năm (%)"), required=False)
    dearer = Percent(label=_("Cộng thêm khi vượt mức năm qua (%)"), required=False)
    until = forms.IntegerField(label=_("Đến hết năm"), required=False)

    def search(self, usual: Search) -> Search:
        """The assumptions of a valid form."""
        return replace(usual, **{k: v for k, v in self.cleaned_data.items() if v is not None})
