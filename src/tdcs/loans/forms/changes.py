"""Forms of asking for a change of a loan, of deciding it, and of a reversal."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tdcs.documents.numbers import grouped
from tdcs.entrustment.forms import Amount
from tdcs.households.forms import Day
from tdcs.loans.queries.changes import Allowed


class AskForm(forms.Form):
    """08/TD, 09/TD, 01/XLN: the fields that the kind needs; what the rules refuse is refused by the service."""

    due_on = forms.DateField(label=_("Kỳ trả gốc"), widget=forms.Select)
    loss_percent = forms.IntegerField(
        label=_("Mức thiệt hại về vốn và tài sản (%)"), min_value=0, max_value=100
    )
    until_on = Day(label=_("Đến ngày"))
    amount = Amount(label=_("Số tiền gốc xóa (đồng)"))
    interest = Amount(label=_("Số lãi xóa kèm theo (đồng)"), required=False)
    cause = forms.CharField(
        label=_("Nguyên nhân"), max_length=300, widget=forms.Textarea({"rows": 3})
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=60)

    def __init__(
        self,
        *args: Any,
        kind: str,
        allowed: Allowed,
        balance: int,
        interest_due: int,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.balance = interest_due if kind == "write_off_interest" else balance
        self.interest_due = interest_due
        needed = {
            "reschedule": ("due_on", "until_on"),
            "extend": ("until_on",),
            "freeze": ("loss_percent", "until_on"),
            "write_off": ("amount", "interest"),
            "write_off_interest": ("amount",),
        }[kind]
        if kind == "write_off_interest":
            self.fields["amount"].label = _("Số lãi xóa (đồng)")
        for name in ("due_on", "loss_percent", "until_on", "amount", "interest"):
            if name not in needed:
                del self.fields[name]
        if "due_on" in needed:
            self.fields["due_on"].widget = forms.Select(
                choices=[
                    (
                        one.due_on.isoformat(),
                        _("%(d)s: %(n)s đồng")
                        % {"d": f"{one.due_on:%d/%m/%Y}", "n": grouped(one.principal)},
                    )
                    for one in allowed.movable
                ]
            )
        if allowed.latest_on is not None and "until_on" in needed:
            self.fields["until_on"].help_text = _("Muộn nhất %(d)s.") % {
                "d": f"{allowed.latest_on:%d/%m/%Y}"
            }

    def clean_amount(self) -> int:
        amount: int | None = self.cleaned_data["amount"]
        if not amount:
            raise ValidationError(_("Số tiền phải lớn hơn 0."))
        if amount > self.balance:
            raise ValidationError(_("Vượt số còn nợ %(n)s đồng.") % {"n": grouped(self.balance)})
        return amount

    def clean_interest(self) -> int | None:
        interest: int | None = self.cleaned_data["interest"]
        if interest and interest > self.interest_due:
            words = _("Vượt lãi còn phải thu %(n)s đồng.") % {"n": grouped(self.interest_due)}
            raise ValidationError(words)
        return interest or None


class DecideForm(forms.Form):
    """The director's decision on a request."""

    decision_number = forms.CharField(
        label=_("Số quyết định, thông báo"), max_length=60, required=False
    )
    words = forms.CharField(
        label=_("Ý kiến"), max_length=300, required=False, widget=forms.Textarea({"rows": 2})
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=60)

    def __init__(self, *args: Any, approve: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.approve = approve

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.approve and not (data.get("words") or "").strip():
            self.add_error("words", _("Từ chối thì phải ghi lý do."))
        if self.approve and not (data.get("decision_number") or "").strip():
            self.add_error("decision_number", _("Ghi số quyết định hoặc thông báo phê duyệt."))
        return data


class ReverseForm(forms.Form):
    """Why an event is undone."""

    why = forms.CharField(label=_("Lý do đảo"), max_length=200, widget=forms.Textarea({"rows": 2}))
    key = forms.CharField(widget=forms.HiddenInput, max_length=60)
