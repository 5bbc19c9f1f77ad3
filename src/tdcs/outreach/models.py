"""Records of the small registers; what a record says besides is its register's (law/registers.yaml)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tdcs.access.models import User
from tdcs.organisations.models import Organisation


class RegisterRecord(models.Model):
    """One line of a register: what, by whom, when, with what proof. Taken back it is marked, never deleted."""

    register = models.CharField("sổ", max_length=40)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="register_records")
    on = models.DateField("ngày")
    title = models.CharField("nội dung", max_length=300)
    # By the codes of the register's fields.
    values = models.JSONField("chi tiết", default=dict)
    # The day that settles it, of a register that has such a day; kept beside for the list of open ones.
    ended_on = models.DateField("kết thúc ngày", null=True)
    url = models.URLField("liên kết", max_length=500, blank=True)
    file = models.FileField("tệp", upload_to="registers/%Y/", blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    # The task that it names, by lineage; empty: it serves every task for which its register counts.
    task = models.UUIDField("nhiệm vụ", null=True)
    search = models.CharField(max_length=1000, editable=False)
    revision = models.PositiveIntegerField(default=1)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    made_on = models.DateField("ghi ngày")
    withdrawn_on = models.DateField("gỡ ngày", null=True)
    withdrawn_why = models.CharField("lý do gỡ", max_length=300, blank=True)

    class Meta:
        verbose_name = "dòng của sổ theo dõi"
        ordering = ["-on", "-pk"]
        indexes = [models.Index(fields=["register", "-on"], name="register_by_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["register", "organisation", "on", "title"],
                condition=Q(withdrawn_on__isnull=True),
                name="register_record_once",
            ),
            models.CheckConstraint(
                name="register_withdrawn_for_a_reason",
                condition=Q(withdrawn_on__isnull=True) | ~Q(withdrawn_why=""),
            ),
        ]

    def __str__(self) -> str:
        return self.title
