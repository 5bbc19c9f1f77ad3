"""Which decrees that change running contracts a book has taken up, by whom and when."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop as _

from tdcs.access.models import User


class DecreeApplication(models.Model):
    """A decree taken up by the book: asked for by one person, confirmed by another; then closed days are closed again."""

    class State(models.TextChoices):
        ASKED = "asked", _("Chờ xác nhận")
        CONFIRMED = "confirmed", _("Đang áp dụng vào sổ")
        DONE = "done", _("Đã áp dụng")
        REFUSED = "refused", _("Không xác nhận")

    document = models.CharField("văn bản", max_length=40)
    state = models.CharField(
        "trạng thái", max_length=10, choices=State.choices, default=State.ASKED
    )
    asked_on = models.DateField("ngày đề nghị")
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    taken_up_on = models.DateField("ngày áp dụng vào sổ", null=True)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    words = models.CharField("ý kiến", max_length=300, blank=True)
    # What was shown to whoever confirmed, and what it came to.
    effects = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    # How far the work has come: the last loan whose row is under the decree.
    through_loan = models.BigIntegerField(default=0)
    finished_at = models.DateTimeField("xong lúc", null=True)

    class Meta:
        verbose_name = "áp dụng quyết định vào sổ"
        constraints = [
            models.UniqueConstraint(
                fields=["document"],
                condition=~Q(state="refused"),
                name="decree_taken_up_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.document} {self.get_state_display()}"
