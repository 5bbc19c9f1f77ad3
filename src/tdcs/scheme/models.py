"""A scheme as people write it, and its versions as they were composed: each keeps its own figures."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from tdcs.plans.models import Plan


class Scheme(models.Model):
    """A scheme for some years: on which scenario it is built, on which texts it rests. Its figures are asked for, never kept."""

    name = models.CharField("tên đề án", max_length=300)
    first_year = models.PositiveSmallIntegerField("năm đầu")
    last_year = models.PositiveSmallIntegerField("năm cuối")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="schemes")
    # A shipped scenario's code or the number of one that a person keeps (forecasting.queries.scenarios).
    scenario = models.CharField("kịch bản", max_length=40)
    # Codes of law/documents, in the order in which they are cited.
    bases = models.JSONField("căn cứ pháp lý", default=list)
    # Of the local money that is added, what the communes' budgets bring (ppm); none: as it stands on the book.
    commune_share = models.PositiveIntegerField("phần ngân sách xã", null=True)
    revision = models.PositiveIntegerField(default=1)
    made_on = models.DateField("ngày lập")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "đề án"
        ordering = ["-made_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["name"], name="scheme_one_name"),
            models.CheckConstraint(
                condition=Q(last_year__gte=F("first_year")), name="scheme_years_in_order"
            ),
            models.CheckConstraint(
                condition=Q(commune_share__isnull=True) | Q(commune_share__lte=1_000_000),
                name="scheme_commune_share",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SchemeText(models.Model):
    """What people write into one section of a scheme."""

    scheme = models.ForeignKey(Scheme, models.CASCADE, related_name="texts")
    path = models.CharField("phần", max_length=20)
    title = models.CharField("tên phần", max_length=200)
    position = models.PositiveSmallIntegerField()
    words = models.TextField("nội dung", blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "phần lời văn của đề án"
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["scheme", "path"], name="scheme_text_once")]

    def __str__(self) -> str:
        return self.title


class SchemeVersion(models.Model):
    """A composed document: what it says is kept under its digest, so that it prints the same for ever."""

    class State(models.TextChoices):
        DRAFT = "draft", "Dự thảo"
        SUBMITTED = "submitted", "Đã trình"
        ISSUED = "issued", "Đã ban hành"

    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="versions")
    sequence = models.PositiveSmallIntegerField("bản số")
    state = models.CharField("trạng thái", max_length=10, choices=State, default=State.DRAFT)
    # Figures, texts and bases (rules/figures.py), and the SHA-256 of their canonical JSON.
    content = models.JSONField("nội dung")
    digest = models.CharField(max_length=64)
    # With which earlier version this one is compared; the document marks what differs.
    against = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    figures_on = models.DateField("số liệu ngày")
    composed_on = models.DateField("ngày lập")
    composed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    submitted_on = models.DateField("ngày trình", null=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    returned_why = models.CharField("lý do trả lại", max_length=300, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    number = models.CharField("số, ký hiệu", max_length=60, blank=True)
    issued_on = models.DateField("ngày ban hành", null=True)
    signer = models.CharField("người ký", max_length=120, blank=True)
    signer_title = models.CharField("chức vụ", max_length=120, blank=True)

    class Meta:
        verbose_name = "bản đề án"
        ordering = ["-sequence"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "sequence"], name="scheme_version_once"),
            models.CheckConstraint(
                condition=~Q(state="issued")
                | (Q(issued_on__isnull=False) & Q(approved_by__isnull=False) & ~Q(number="")),
                name="scheme_issued_is_signed",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("submitted_by")),
                name="scheme_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme} – bản số {self.sequence}"
