"""The form of a register's line, made from what the register asks for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from tdcs.outreach.models import RegisterRecord
from tdcs.outreach.rules.registers import Field, Register
from tdcs.outreach.rules.training import audiences
from tdcs.outreach.services.classes import ClassPlan, Sitting
from tdcs.outreach.services.records import Typed

Choices = list[tuple[int, str]]


def _day() -> forms.DateInput:
    return forms.DateInput({"type": "date"}, format="%Y-%m-%d")


_HELP: Final = {
    "loans": _("Các số khế ước, cách nhau bằng dấu phẩy."),
    "money": _("Đồng, số nguyên."),
}


def _field(field: Field, drafts: Choices) -> forms.Field:
    # What is required is said by the service, with everything else that is wrong.
    common: dict[str, Any] = {
        "label": field.name,
        "required": field.required,
        "help_text": _HELP.get(field.type, ""),
    }
    if field.type == "choice":
        options = [("", "–"), *((one, one) for one in field.options)]
        return forms.ChoiceField(choices=options, **common)
    if field.type == "draft":
        return forms.ChoiceField(choices=[("", "–"), *drafts], **common)
    if field.type == "date":
        return forms.DateField(widget=_day(), **common)
    if field.type == "long":
        return forms.CharField(widget=forms.Textarea({"rows": 3}), max_length=4_000, **common)
    return forms.CharField(max_length=500, **common)


class RecordForm(forms.Form):
    """What, who, when, evidence, then the register's own fields."""

    title = forms.CharField(max_length=300)
    on = forms.DateField(label=_("Ngày"), widget=_day())
    unit = forms.TypedChoiceField(label=_("Đơn vị"), coerce=int)
    url = forms.URLField(
        label=_("Liên kết minh chứng"), required=False, max_length=500, assume_scheme="https"
    )
    file = forms.FileField(label=_("Tệp minh chứng"), required=False)
    task = forms.ChoiceField(
        label=_("Riêng cho nhiệm vụ"),
        required=False,
        help_text=_("Để trống: tính cho mọi nhiệm vụ của loại hồ sơ này."),
    )

    def __init__(
        self,
        *args: Any,
        register: Register,
        units: Choices,
        tasks: list[tuple[str, str]],
        drafts: Choices,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.register = register
        self.fields["title"].label = register.title
        self.fields["unit"].choices = units  # type: ignore[attr-defined]
        self.fields["task"].choices = [("", "–"), *tasks]  # type: ignore[attr-defined]
        if register.proof == "link":
            del self.fields["file"]
        own = {f"v_{field.code}": _field(field, drafts) for field in register.fields}
        order = ["title", "on", "unit", *own, "url", "file", "task"]
        self.fields.update(own)
        self.order_fields(order)

    def typed(self) -> Typed:
        """The line as the service takes it."""
        told = self.cleaned_data
        upload = told.get("file")
        return Typed(
            day=told["on"],
            title=told["title"],
            values={field.code: told.get(f"v_{field.code}") for field in self.register.fields},
            url=told["url"],
            content=upload.read() if upload else b"",
            task=UUID(told["task"]) if told["task"] else None,
        )


def initial_of(record: RegisterRecord) -> Mapping[str, Any]:
    """What the form of a line that is there begins with."""
    values = {
        f"v_{code}": ", ".join(value) if isinstance(value, list) else value
        for code, value in record.values.items()
    }
    return {
        "title": record.title,
        "on": record.on,
        "unit": record.organisation_id,
        "url": record.url,
        "task": str(record.task or ""),
        **values,
    }


class ClassForm(forms.Form):
    """A class with its first session; further ones are added as lines."""

    title = forms.CharField(label=_("Tên lớp"), max_length=200)
    audience = forms.ChoiceField(label=_("Đối tượng"))
    programme = forms.CharField(label=_("Chương trình"), widget=forms.Textarea({"rows": 4}))
    on = forms.DateField(label=_("Ngày"), widget=_day())
    starts_at = forms.TimeField(label=_("Từ giờ"), widget=forms.TimeInput({"type": "time"}))
    ends_at = forms.TimeField(label=_("Đến giờ"), widget=forms.TimeInput({"type": "time"}))
    place = forms.CharField(label=_("Địa điểm"), max_length=200)
    topics = forms.CharField(
        label=_("Chuyên đề"),
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Mỗi buổi một dòng; buổi sau vào ngày kế tiếp, cùng giờ."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(one.code, one.name) for one in audiences().values()]
        self.fields["audience"].choices = offered  # type: ignore[attr-defined]

    def plan(self) -> ClassPlan:
        """As the service takes it."""
        told = self.cleaned_data
        topics = [line for line in told["topics"].splitlines() if line.strip()]
        sittings = [
            Sitting(
                on=told["on"] + timedelta(days=at),
                starts_at=told["starts_at"],
                ends_at=told["ends_at"],
                place=told["place"],
                topic=topic,
            )
            for at, topic in enumerate(topics)
        ]
        return ClassPlan(
            title=told["title"],
            audience=told["audience"],
            programme=told["programme"],
            sittings=sittings,
        )
