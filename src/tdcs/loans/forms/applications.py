"""Forms of an application: asking for a loan, approving an amount, paying a part out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tdcs.core.errors import Refusal
from tdcs.documents.numbers import grouped
from tdcs.entrustment.forms import Amount
from tdcs.loans.errors import AboveMaximum, NotEligible, TermTooLong
from tdcs.loans.queries.offers import Limits, Offer

Choices = Sequence[tuple[Any, Any]]


def words_of(refusal: Refusal, basis: str = "") -> str:
    """A refusal as a form shows it: what, what to do, by which text."""
    language = get_language() or "vi"
    said = f"{refusal.sentence(language)} {refusal.next_step(language)}".strip()
    source = basis or refusal.basis.format(**refusal.params)
    return str(
        _("%(said)s (Căn cứ: %(source)s)") % {"said": said, "source": source} if source else said
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class ApplyChoices:
    """What this household may choose from today, and the limits of the programme chosen."""

    offers: Sequence[Offer]
    limits: Limits | None
    borrowers: Choices
    channels: Choices
    sources: Choices


class ApplyForm(forms.Form):
    """01/TD: what is asked for. Every field that is wrong is named at once, also by the law's limits."""

    programme = forms.ChoiceField(
        label=_("Chương trình"), error_messages={"required": _("Chọn một chương trình.")}
    )
    target_group = forms.ChoiceField(label=_("Nhóm đối tượng"), required=False)
    amount = Amount(
        label=_("Số tiền đề nghị vay (đồng)"),
        error_messages={"required": _("Ghi số tiền đề nghị vay.")},
    )
    term_months = forms.IntegerField(
        label=_("Thời hạn (tháng)"),
        min_value=1,
        max_value=360,
        error_messages={"required": _("Ghi thời hạn vay.")},
    )
    instalment_months = forms.IntegerField(
        label=_("Kỳ trả gốc (tháng)"),
        min_value=1,
        max_value=120,
        required=False,
        help_text=_("Để trống: theo quy định của chương trình."),
    )
    purpose = forms.CharField(
        label=_("Mục đích sử dụng vốn"),
        max_length=300,
        error_messages={"required": _("Ghi mục đích sử dụng vốn.")},
    )
    borrower = forms.TypedChoiceField(
        label=_("Người vay"),
        coerce=int,
        help_text=_("Thành viên từ đủ 18 tuổi, đứng tên thay mặt hộ."),
    )
    channel = forms.TypedChoiceField(label=_("Phương thức cho vay"), coerce=int)
    source = forms.TypedChoiceField(label=_("Nguồn vốn"), coerce=int)
    key = forms.CharField(widget=forms.HiddenInput, max_length=60)

    def __init__(
        self,
        *args: Any,
        given: ApplyChoices,
        day: date,
        again: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offers = {offer.programme.code: offer for offer in given.offers}
        self.limits, self.day, self.again = given.limits, day, again
        choices: dict[str, Choices] = {
            "programme": [(code, offer.programme.name) for code, offer in self.offers.items()],
            "target_group": [("", _("Chung")), *groups_of(given.limits)],
            "borrower": given.borrowers,
            "channel": given.channels,
            "source": given.sources,
        }
        for name, values in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = values

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        # Sent twice: what the first sending asked for counts already, so only its key can judge.
        offer = None if self.again else self.offers.get(data.get("programme", ""))
        if offer is not None and not offer.verdict.eligible:
            self.add_error("programme", words_of(self._shut(offer)))
        if offer is not None and offer.verdict.eligible and self.limits is not None:
            self._within(self.limits, data)
        spacing, term = data.get("instalment_months"), data.get("term_months")
        if spacing and term and spacing > term:
            self.add_error("instalment_months", _("Kỳ trả gốc dài hơn thời hạn vay."))
        return data

    def _shut(self, offer: Offer) -> Refusal:
        return NotEligible(
            programme=offer.programme.short,
            day=f"{self.day:%d/%m/%Y}",
            reason=offer.verdict.reason,
            basis=offer.verdict.basis,
        )

    def _within(self, limits: Limits, data: dict[str, Any]) -> None:
        """Amount and term against the law; the service asks the same again under a lock."""
        terms, name = limits.terms, limits.programme.short
        if "amount" in data and data["amount"] is not None and data["amount"] <= 0:
            self.add_error("amount", _("Số tiền phải lớn hơn 0."))
        elif terms.maximum is not None and data.get("amount", 0) > (limits.left or 0):
            above = AboveMaximum(
                owed=grouped(limits.owed),
                promised=grouped(limits.promised),
                amount=grouped(data["amount"]),
                maximum=grouped(terms.maximum),
                programme=name,
            )
            self.add_error("amount", words_of(above, limits.basis("maximum")))
        longest = terms.max_term_months
        if longest is not None and data.get("term_months", 0) > longest:
            long = TermTooLong(term=data["term_months"], longest=longest, programme=name)
            self.add_error("term_months", words_of(long, limits.basis("term")))


def groups_of(limits: Limits | None) -> list[tuple[str, str]]:
    """The target groups of a programme that have figures of their own."""
    if limits is None:
        return []
    return [(key, name) for key, (name, _figures) in limits.programme.groups.items()]


class WordsForm(forms.Form):
    """A step with what its taker has to say; a reason where the step needs one."""

    words = forms.CharField(
        label=_("Ý kiến"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(self, *args: Any, reason: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if reason:
            self.fields["words"].required = True
            self.fields["words"].label = _("Lý do")
            self.fields["words"].error_messages["required"] = _("Cần ghi lý do.")


class ApproveForm(WordsForm):
    """The director's decision: how much of what was asked."""

    amount = Amount(label=_("Số tiền phê duyệt (đồng)"))
    field_order = ("amount", "words")

    def __init__(self, *args: Any, asked: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked

    def clean_amount(self) -> int:
        amount: int = self.cleaned_data["amount"]
        if not 0 < amount <= self.asked:
            raise ValidationError(
                _("Số phê duyệt phải lớn hơn 0 và không quá số đề nghị %(n)s đồng.")
                % {"n": grouped(self.asked)}
            )
        return amount


class DisburseForm(forms.Form):
    """A part of the approved amount, under a key so that it is paid once."""

    amount = Amount(label=_("Số tiền giải ngân (đồng)"))
    key = forms.CharField(widget=forms.HiddenInput, max_length=60)

    def __init__(self, *args: Any, rest: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rest = rest

    def clean_amount(self) -> int:
        amount: int = self.cleaned_data["amount"]
        if amount <= 0:
            raise ValidationError(_("Số tiền phải lớn hơn 0."))
        return amount
