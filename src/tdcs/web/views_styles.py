"""The page of styles: every component once, with what it is called in a template."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from tdcs.access.gate import PersonRequest, requires
from tdcs.core.errors import BadRow, RowsRefused
from tdcs.web.templatetags.tdcs_ui import STATUS

_METER = (("done", 55), ("on_time", 20), ("soon", 15), ("late", 10))
_BAD_ROWS = (BadRow(4, "số tiền không đọc được"), BadRow(9, "ghi hai lần"))


class Sample(forms.Form):
    """One field of each kind; the first shows how a refusal looks."""

    name = forms.CharField(label=_("Họ và tên"), help_text=_("Như trên căn cước."))
    on = forms.DateField(
        label=_("Ngày"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    amount = forms.CharField(
        label=_("Số tiền"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "data-money": ""}),
    )
    words = forms.CharField(label=_("Ghi chú"), required=False, widget=forms.Textarea)


@requires("access.manage")
@require_GET
def styles(request: PersonRequest) -> HttpResponse:
    """Looked at in light, dark, print and at 390 px when the look is changed."""
    context = {
        "statuses": STATUS,
        "meter_parts": _METER,
        "form": Sample({"name": ""}),
        "bad_rows": RowsRefused(_BAD_ROWS),
    }
    return render(request, "web/styles.html", context)
