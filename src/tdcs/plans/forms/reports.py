"""Forms of reports, units' plans and proposals."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tdcs.core import clock
from tdcs.plans.models import AmendmentProposal, PlanVersion, Task


class SigningForm(forms.Form):
    """Number, day and signer of a document that leaves."""

    number = forms.CharField(label=_("Số, ký hiệu"), max_length=60)
    issued_on = forms.DateField(label=_("Ngày ký"))
    signer = forms.CharField(label=_("Người ký"), max_length=120)
    signer_title = forms.CharField(label=_("Chức vụ"), max_length=120, required=False)

    def clean_issued_on(self) -> date:
        """A document cannot bear a day that has not come."""
        day: date = self.cleaned_data["issued_on"]
        if day > clock.today():
            raise forms.ValidationError(_("Ngày ký không được sau hôm nay."))
        return day


class ReportSigningForm(forms.Form):
    """A unit's report: the number may come later, on paper."""

    number = forms.CharField(label=_("Số, ký hiệu"), max_length=60, required=False)
    signer = forms.CharField(label=_("Người ký"), max_length=120, required=False)
    signer_title = forms.CharField(label=_("Chức vụ"), max_length=120, required=False)


class ProposalForm(forms.Form):
    """What a unit asks to change in the plan, and why."""

    kind = forms.ChoiceField(label=_("Loại kiến nghị"), choices=AmendmentProposal.Kind.choices)
    task = forms.ModelChoiceField(label=_("Nhiệm vụ"), queryset=Task.objects.none(), required=False)
    section_path = forms.CharField(label=_("Phần của kế hoạch"), max_length=30, required=False)
    proposed_text = forms.CharField(
        label=_("Nội dung đề nghị"), max_length=10_000, required=False, widget=forms.Textarea
    )
    proposed_timing = forms.CharField(label=_("Thời gian đề nghị"), max_length=300, required=False)
    reason = forms.CharField(
        label=_("Lý do"), max_length=5_000, required=False, widget=forms.Textarea
    )

    def __init__(self, *args: Any, version: PlanVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tasks = self.fields["task"]
        assert isinstance(tasks, forms.ModelChoiceField)
        tasks.queryset = version.tasks.order_by("position")
        self.sections = sections_of(version)

    def clean_section_path(self) -> str:
        """Only a section that the plan has."""
        path: str = self.cleaned_data["section_path"]
        if path and path not in dict(self.sections):
            raise forms.ValidationError(_("Phần này không có trong kế hoạch."))
        return path


def sections_of(version: PlanVersion) -> list[tuple[str, str]]:
    """(path, title) of the plan's sections in its order."""
    found: dict[str, str] = {}
    for path, title in version.tasks.order_by("position").values_list(
        "section_path", "section_title"
    ):
        found.setdefault(path, title)
    return list(found.items())


def first_error(form: forms.Form) -> str:
    """The first thing wrong with a form, with the field's name."""
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        return f"{label}: {errors[0]}" if label else str(errors[0])
    return ""
