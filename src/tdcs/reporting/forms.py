"""Forms of unit reports and of the consolidated report."""

from __future__ import annotations

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from tdcs.core import clock


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


def first_error(form: forms.Form) -> str:
    """The first thing wrong with a form, with the field's name."""
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        return f"{label}: {errors[0]}" if label else str(errors[0])
    return ""
