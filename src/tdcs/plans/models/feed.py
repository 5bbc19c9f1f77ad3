"""A person's private address at which a calendar reads the deadlines of the own unit."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class CalendarFeed(models.Model):
    """An address with a random token, of which only the digest is kept; one a person at a time."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="calendar_feeds"
    )
    token_sha256 = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField("lập lúc")
    revoked_at = models.DateTimeField("thu hồi lúc", null=True)

    class Meta:
        verbose_name = "địa chỉ lịch điện tử"
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(revoked_at__isnull=True),
                name="calendar_feed_one_a_person",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.made_at:%d/%m/%Y}"
