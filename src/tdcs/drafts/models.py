"""Drafts: one for each person and form."""

from __future__ import annotations

from django.db import models

from tdcs.access.models import User


class Draft(models.Model):
    """What a person typed into one form and has not sent; nobody else ever sees it."""

    by = models.ForeignKey(User, models.CASCADE, related_name="drafts")
    # The form and what it is about: "plans.result:123".
    form = models.CharField(max_length=120)
    # name → values, as a browser would send them.
    fields = models.JSONField()
    # Digest of what stood in the form before anything was typed: another one later means the record has changed.
    seen = models.CharField(max_length=64, blank=True)
    kept_at = models.DateTimeField()

    class Meta:
        verbose_name = "bản nháp"
        constraints = [
            models.UniqueConstraint(fields=["by", "form"], name="draft_one_of_a_person_and_form")
        ]
        indexes = [models.Index(fields=["kept_at"], name="draft_by_age")]

    def __str__(self) -> str:
        return f"{self.by_id} {self.form}"
