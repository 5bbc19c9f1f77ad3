"""Where the money of a loan comes from."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_noop as _

from tdcs.organisations.models import Dated, Organisation


class Tier(models.TextChoices):
    CENTRAL = "central", _("Trung ương")
    LOCAL = "local", _("Địa phương")


class CapitalSource(Dated):
    """Central money, or the money of one local budget (the investor) entrusted to the bank."""

    code = models.CharField("mã", max_length=40, unique=True)
    name = models.CharField("tên", max_length=200)
    tier = models.CharField("cấp nguồn", max_length=10, choices=Tier.choices)
    investor = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="capital_sources"
    )

    class Meta:
        verbose_name = "nguồn vốn"

    def __str__(self) -> str:
        return self.name
