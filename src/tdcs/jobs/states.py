"""What a job can be."""

from __future__ import annotations

from typing import Final

from django.db import models


class JobState(models.TextChoices):
    QUEUED = "queued", "Đang chờ"
    RUNNING = "running", "Đang chạy"
    DONE = "done", "Đã xong"
    REFUSED = "refused", "Không nhận"
    FAILED = "failed", "Không thành"


# A job in one of these states has still to be done.
OPEN_STATES: Final = (JobState.QUEUED, JobState.RUNNING)
ENDED_STATES: Final = (JobState.DONE, JobState.REFUSED, JobState.FAILED)
