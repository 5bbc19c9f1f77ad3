"""Households and persons with dated facts about them, the yearly poverty review, the survey of needs."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_noop as _

from tdcs.organisations.models import Area, Dated, Organisation, ends_after_start, one_at_a_time


class Person(models.Model):
    """A natural person. The identity number and the telephone are shown masked (queries.py)."""

    full_name = models.CharField("họ và tên", max_length=120)
    born_on = models.DateField("ngày sinh", null=True, blank=True)
    gender = models.CharField(
        "giới tính", max_length=6, choices=[("male", "Nam"), ("female", "Nữ")], blank=True
    )
    identity_number = models.CharField("số định danh", max_length=12, unique=True, null=True)
    phone = models.CharField("điện thoại", max_length=20, blank=True)
    search = models.CharField(max_length=160, db_index=True)

    class Meta:
        verbose_name = "nhân khẩu"

    def __str__(self) -> str:
        return self.full_name


class Household(Dated):
    """A household as the commune keeps it; who belongs to it and where it lives are dated."""

    code = models.CharField("mã hộ", max_length=20, unique=True)
    search = models.CharField(max_length=400, db_index=True)

    class Meta:
        verbose_name = "hộ"
        constraints = [ends_after_start("household_ends_after_start")]

    def __str__(self) -> str:
        return self.code


class HouseholdAddress(Dated):
    """Where a household lives: a commune of that day and a hamlet in it."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="addresses")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    hamlet = models.CharField("ấp, khu phố", max_length=120)
    line = models.CharField("số nhà, đường", max_length=160, blank=True)

    class Meta:
        verbose_name = "nơi ở"
        constraints = [
            ends_after_start("householdaddress_ends_after_start"),
            one_at_a_time("householdaddress_one_at_a_time", "household"),
        ]

    def __str__(self) -> str:
        return self.hamlet


class HouseholdMember(Dated):
    """A person belongs to a household from a day to a day, to one at a time."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    relation = models.CharField("quan hệ với chủ hộ", max_length=40)
    is_head = models.BooleanField("chủ hộ", default=False)

    class Meta:
        verbose_name = "thành viên hộ"
        constraints = [
            ends_after_start("householdmember_ends_after_start"),
            one_at_a_time("householdmember_one_household", "person"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.relation}"


class HouseholdSuccession(models.Model):
    """A household found twice was merged into another on a day; undone, the row stays and says so.

    ``followed`` keeps what was written by the merge, so that it can be reversed.
    """

    predecessor = models.ForeignKey(Household, models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Household, models.PROTECT, related_name="inheritances")
    on = models.DateField("ngày gộp")
    why = models.CharField("lý do", max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("ghi lúc")
    followed = models.JSONField("những gì đã theo", default=dict)
    undone_on = models.DateField("ngày hoàn tác", null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    undone_why = models.CharField("lý do hoàn tác", max_length=300, blank=True)

    class Meta:
        verbose_name = "gộp hộ"
        constraints = [
            models.UniqueConstraint(
                fields=["predecessor"],
                condition=Q(undone_on__isnull=True),
                name="householdsuccession_once",
            ),
            models.CheckConstraint(
                name="householdsuccession_two_households",
                condition=~Q(predecessor=F("successor")),
            ),
            models.CheckConstraint(
                name="householdsuccession_undone_with_reason",
                condition=Q(undone_on__isnull=True) ^ ~Q(undone_why=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id} → {self.successor_id}"


class Standard(models.TextChoices):
    NATIONAL = "national", _("Chuẩn trung ương")
    LOCAL = "local", _("Chuẩn địa phương")


class EligibilitySpell(Dated):
    """From a day to a day a household (or one person of it) is poor, near-poor, a student's …, by a decision.

    ``kind`` is a code of law/parameters/eligibility.yaml, such as "poor" or "student".
    """

    household = models.ForeignKey(Household, models.PROTECT, related_name="spells")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="spells")
    kind = models.CharField("diện", max_length=40, db_index=True)
    standard = models.CharField(
        "chuẩn", max_length=10, choices=Standard.choices, default=Standard.NATIONAL
    )
    decision_number = models.CharField("số quyết định", max_length=60)
    decision_on = models.DateField("ngày quyết định")
    decided_by = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    review = models.ForeignKey(
        "PovertyReview", models.PROTECT, null=True, blank=True, related_name="spells"
    )

    class Meta:
        verbose_name = "diện thụ hưởng"
        indexes = [models.Index(fields=["household", "kind"], name="spell_household_kind")]
        constraints = [
            ends_after_start("spell_ends_after_start"),
            one_at_a_time(
                "spell_one_of_a_kind",
                "household",
                Coalesce(F("person"), 0),
                Func(F("kind"), function="hashtext"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.kind}"


class PovertyReview(models.Model):
    """A commune's yearly review: the list, compared with last year's, approved by decision."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Đang rà soát")
        SUBMITTED = "submitted", _("Trình duyệt")
        APPROVED = "approved", _("Đã phê duyệt")

    area = models.ForeignKey(Area, models.PROTECT, related_name="poverty_reviews")
    year = models.PositiveSmallIntegerField("năm")
    state = models.CharField(
        "trạng thái", max_length=10, choices=State.choices, default=State.DRAFT
    )
    decision_number = models.CharField("số quyết định", max_length=60, blank=True)
    decision_on = models.DateField("ngày quyết định", null=True, blank=True)
    effective_on = models.DateField("áp dụng từ ngày", null=True, blank=True)
    made_by = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")
    submitted_by = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")
    submitted_on = models.DateField("ngày trình", null=True, blank=True)
    approved_by = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "rà soát hộ nghèo"
        constraints = [models.UniqueConstraint(fields=["area", "year"], name="review_once")]

    def __str__(self) -> str:
        return f"{self.area_id} {self.year}"


class ReviewLine(models.Model):
    """One household of a review: what was measured, what it makes of it, what it was last year."""

    review = models.ForeignKey(PovertyReview, models.CASCADE, related_name="lines")
    household = models.ForeignKey(Household, models.PROTECT, related_name="review_lines")
    income_per_head = models.BigIntegerField("thu nhập đầu người (đồng/tháng)", null=True)
    deprivations = models.PositiveSmallIntegerField("số chỉ số thiếu hụt", default=0)
    measured_on = models.DateField("ngày rà soát", null=True, blank=True)
    result = models.CharField("kết quả", max_length=20, blank=True)
    standard = models.CharField(
        "chuẩn", max_length=10, choices=Standard.choices, default=Standard.NATIONAL
    )
    before = models.CharField("năm trước", max_length=20, blank=True)
    change = models.CharField("biến động", max_length=20, blank=True)
    reason = models.CharField("lý do", max_length=40, blank=True)
    basis = models.CharField("căn cứ", max_length=120, blank=True)
    note = models.CharField("ghi chú", max_length=300, blank=True)
    entered_by = models.ForeignKey("access.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "dòng rà soát"
        constraints = [
            models.UniqueConstraint(fields=["review", "household"], name="review_line_once")
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.result}"


class NeedSurvey(models.Model):
    """A commune's survey of credit needs for a period (quarter 0: the whole year)."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="need_surveys")
    year = models.PositiveSmallIntegerField("năm")
    quarter = models.PositiveSmallIntegerField("quý", default=0)
    closed_on = models.DateField("chốt ngày", null=True, blank=True)

    class Meta:
        verbose_name = "khảo sát nhu cầu vay"
        constraints = [
            models.UniqueConstraint(fields=["area", "year", "quarter"], name="survey_once")
        ]

    def __str__(self) -> str:
        return f"{self.area_id} {self.year}/{self.quarter}"


class CreditNeed(models.Model):
    """One household's need for one programme; qualified and served are derived, never typed."""

    survey = models.ForeignKey(NeedSurvey, models.CASCADE, related_name="needs")
    household = models.ForeignKey(Household, models.PROTECT, related_name="needs")
    programme = models.CharField("chương trình", max_length=12)
    amount = models.BigIntegerField("số tiền (đồng)")
    purpose = models.CharField("mục đích", max_length=200, blank=True)
    told_on = models.DateField("ngày ghi nhận")

    class Meta:
        verbose_name = "nhu cầu vay"
        constraints = [
            models.UniqueConstraint(fields=["survey", "household", "programme"], name="need_once"),
            models.CheckConstraint(name="need_positive", condition=Q(amount__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.programme}"


class Scan(models.Model):
    """A scanned paper, kept by its content; taken back it is marked, never deleted.

    Each owner (a household, a loan) has its own table of this shape, with its kinds; equal bytes lie once on disk.
    """

    Kind: ClassVar[type[models.TextChoices]]

    title = models.CharField("tên giấy tờ", max_length=200)
    dated_on = models.DateField("ngày của giấy tờ")
    sha256 = models.CharField("mã băm", max_length=64, db_index=True)
    ending = models.CharField("đuôi tệp", max_length=5)
    size = models.PositiveIntegerField("số byte")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("lúc nhận")
    removed_at = models.DateTimeField("lúc gỡ", null=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    removed_why = models.CharField("lý do gỡ", max_length=300, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title


def removed_with_reason(name: str) -> models.CheckConstraint:
    """A scan is taken back with a moment and a reason, or stands with neither."""
    return models.CheckConstraint(
        name=name, condition=Q(removed_at__isnull=True) ^ ~Q(removed_why="")
    )


class HouseholdScan(Scan):
    """A scanned paper about a household: who its people are, where they live, by what they qualify."""

    class Kind(models.TextChoices):
        IDENTITY = "identity", _("Giấy tờ tùy thân")
        RESIDENCE = "residence", _("Xác nhận cư trú")
        ELIGIBILITY = "eligibility", _("Giấy tờ về diện thụ hưởng")
        OTHER = "other", _("Giấy tờ khác")

    household = models.ForeignKey(Household, models.PROTECT, related_name="scans")
    kind = models.CharField("loại", max_length=12, choices=Kind.choices)

    class Meta:
        verbose_name = "giấy tờ quét của hộ"
        constraints = [
            removed_with_reason("householdscan_removed_with_reason"),
            models.UniqueConstraint(
                fields=["household", "sha256"],
                condition=Q(removed_at__isnull=True),
                name="householdscan_bytes_once",
            ),
        ]
