"""The form of a scheme: what a person chooses for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tdcs.forecasting.forms import Percent
from tdcs.plans.models import Plan
from tdcs.scheme.services import SchemeDraft


class SchemeForm(forms.Form):
    """Name, years, plan, scenario, bases, and what the communes' budgets bring."""

    name = forms.CharField(
        label=_("Tên đề án"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )
    first_year = forms.IntegerField(label=_("Từ năm"), min_value=2000, max_value=2100)
    last_year = forms.IntegerField(label=_("Đến năm"), min_value=2000, max_value=2100)
    plan = forms.ChoiceField(label=_("Kế hoạch"))
    scenario = forms.ChoiceField(
        label=_("Kịch bản dự báo"),
        help_text=_("Lập kịch bản khác ở trang Dự báo vốn, lưu lại rồi chọn ở đây."),
    )
    commune_share = Percent(
        label=_("Ngân sách cấp xã trong vốn địa phương tăng thêm (%)"),
        required=False,
        help_text=_("Để trống: theo cơ cấu vốn địa phương của ngày số liệu."),
    )
    bases = forms.MultipleChoiceField(
        label=_("Căn cứ pháp lý"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        *args: Any,
        plans: Sequence[Plan],
        scenarios: Sequence[tuple[str, str]],
        bases: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.plans = {str(plan.pk): plan for plan in plans}
        choices = {
            "plan": [(key, str(plan)) for key, plan in self.plans.items()],
            "scenario": list(scenarios),
            "bases": list(bases),
        }
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]

    def clean_commune_share(self) -> int | None:
        """A share of a whole: 0 to 100%."""
        value: int | None = self.cleaned_data["commune_share"]
        if value is not None and not 0 <= value <= 1_000_000:
            raise forms.ValidationError(_("Tỷ lệ từ 0 đến 100%."))
        return value

    def draft(self) -> SchemeDraft:
        """What a valid form says."""
        return SchemeDraft(**self.cleaned_data | {"plan": self.plans[self.cleaned_data["plan"]]})
