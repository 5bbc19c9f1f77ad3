"""Templates and their versions; a version is never changed, the newest is the one in use."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_noop as _

from tdcs.access.models import User
from tdcs.word_templates.states import TemplateState


class TemplateKind(models.TextChoices):
    """Of what a template is filled in."""

    LOAN = "loan", _("Khoản vay")
    GROUP = "group", _("Tổ TK&VV")
    COMMUNE = "commune", _("Xã, phường")
    UNIT = "unit", _("Đơn vị")
    INSPECTION = "inspection", _("Cuộc kiểm tra")


class WordTemplate(models.Model):
    """One template of the branch under its name."""

    title = models.CharField("tên mẫu", max_length=160)
    kind = models.CharField("loại", max_length=12, choices=TemplateKind.choices)
    state = models.CharField(
        "trạng thái", max_length=10, choices=TemplateState.choices, default=TemplateState.IN_USE
    )
    # Of the set that ships its code; empty for the branch's own.
    shipped = models.CharField("mã mẫu có sẵn", max_length=40, blank=True)

    class Meta:
        verbose_name = "mẫu Word"
        ordering = ["kind", "title"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "title"], name="word_template_one_of_a_name"),
            models.UniqueConstraint(
                fields=["shipped"],
                condition=~models.Q(shipped=""),
                name="word_template_shipped_once",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class WordTemplateVersion(models.Model):
    """The file of a template from a moment on: who brought it, and why. ``used``: the tags that it names."""

    template = models.ForeignKey(WordTemplate, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField("phiên bản")
    file_name = models.CharField("tên tệp", max_length=200)
    sha256 = models.CharField("mã băm", max_length=64)
    size = models.PositiveIntegerField("số byte")
    used = models.JSONField("thẻ đã dùng", default=list)
    why = models.CharField("lý do", max_length=300)
    # Of a return to an earlier version, which.
    again = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    made_on = models.DateField("ngày tải")
    made_at = models.DateTimeField("tải lúc")

    class Meta:
        verbose_name = "phiên bản của mẫu Word"
        ordering = ["template", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["template", "number"], name="word_template_version_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.template_id} {self.number}"
