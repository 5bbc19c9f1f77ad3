"""The list of jobs; the queue by which the worker takes them is procrastinate's own."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_noop as _


class JobState(models.TextChoices):
    """What a job can be."""

    QUEUED = "queued", _("Đang chờ")
    RUNNING = "running", _("Đang chạy")
    DONE = "done", _("Đã xong")
    REFUSED = "refused", _("Không nhận")
    FAILED = "failed", _("Không thành")


# A job in one of these states has still to be done.
OPEN_STATES: Final = (JobState.QUEUED, JobState.RUNNING)
ENDED_STATES: Final = (JobState.DONE, JobState.REFUSED, JobState.FAILED)


class Job(models.Model):
    """Work that a person asked for and that runs beside the pages: how far it is and what came of it."""

    kind = models.CharField("loại", max_length=30)
    title = models.CharField("việc", max_length=200)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="jobs")
    # What makes two requests the same: while one is open, the other is answered with it.
    key = models.CharField(max_length=64)
    params = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=JobState.choices, default=JobState.QUEUED)
    percent = models.PositiveSmallIntegerField(default=0)
    step = models.CharField(max_length=120, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    # When the owner first saw how it ended.
    seen_at = models.DateTimeField(null=True)
    # Why it was refused or failed: the sentence and the next step, in both languages.
    refusal = models.JSONField(default=dict)
    # The record that the job made, for its kind's page.
    subject_id = models.BigIntegerField(null=True)
    file_name = models.CharField(max_length=200, blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = "việc chạy nền"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["owner", "-id"], name="job_of_a_person")]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "key"],
                condition=models.Q(state__in=OPEN_STATES),
                name="job_open_once",
            )
        ]

    def __str__(self) -> str:
        return self.title
