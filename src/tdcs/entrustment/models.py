"""Groups, their members and boards, delegation contracts, savings, ratings."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_noop as _

from tdcs.access.models import User
from tdcs.households.models import Household, Person
from tdcs.ledger.models import JournalEntry
from tdcs.organisations.models import Area, Dated, Organisation, ends_after_start, one_at_a_time


class SavingsGroup(Dated):
    """A savings-and-credit group (Tổ TK&VV), from its founding to its end."""

    code = models.CharField("mã tổ", max_length=10, unique=True)
    founded_by = models.CharField("quyết định công nhận", max_length=80, blank=True)

    class Meta:
        verbose_name = "tổ tiết kiệm và vay vốn"
        constraints = [ends_after_start("savingsgroup_ends_after_start")]

    def __str__(self) -> str:
        return self.code


class GroupProfile(Dated):
    """What a group is called, where it is, who is behind it, which office serves it on which session day."""

    group = models.ForeignKey(SavingsGroup, models.PROTECT, related_name="profiles")
    name = models.CharField("tên tổ", max_length=120)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    hamlet = models.CharField("ấp, khu phố", max_length=120)
    mass_organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    session_day = models.PositiveSmallIntegerField("ngày giao dịch xã")
    search = models.CharField(max_length=260, db_index=True)

    class Meta:
        verbose_name = "thông tin tổ"
        constraints = [
            ends_after_start("groupprofile_ends_after_start"),
            one_at_a_time("groupprofile_one_at_a_time", "group"),
            models.CheckConstraint(
                name="groupprofile_session_day", condition=Q(session_day__range=(1, 31))
            ),
        ]

    def __str__(self) -> str:
        return self.name


class GroupMember(Dated):
    """A household's representative belongs to a group from a day to a day, to one at a time."""

    group = models.ForeignKey(SavingsGroup, models.PROTECT, related_name="members")
    household = models.ForeignKey(Household, models.PROTECT, related_name="group_memberships")
    person = models.ForeignKey(Person, models.PROTECT, related_name="group_memberships")

    class Meta:
        verbose_name = "tổ viên"
        constraints = [
            ends_after_start("groupmember_ends_after_start"),
            one_at_a_time("groupmember_one_group", "household"),
        ]

    def __str__(self) -> str:
        return f"{self.group_id} {self.person_id}"


class BoardMember(Dated):
    """Leader or deputy of a group's management board."""

    class Post(models.TextChoices):
        LEADER = "leader", _("Tổ trưởng")
        DEPUTY = "deputy", _("Tổ phó")

    group = models.ForeignKey(SavingsGroup, models.PROTECT, related_name="board")
    person = models.ForeignKey(Person, models.PROTECT, related_name="board_posts")
    post = models.CharField("chức danh", max_length=8, choices=Post.choices)

    class Meta:
        verbose_name = "thành viên ban quản lý tổ"
        constraints = [
            ends_after_start("boardmember_ends_after_start"),
            one_at_a_time("boardmember_one_post", "person"),
            one_at_a_time("boardmember_one_leader", "group", condition=Q(post="leader")),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.post}"


class DelegationContract(Dated):
    """The bank's contract with a group's board: interest and savings may be collected, never principal."""

    group = models.ForeignKey(SavingsGroup, models.PROTECT, related_name="contracts")
    number = models.CharField("số hợp đồng", max_length=40)
    collects_interest = models.BooleanField("thu lãi", default=True)
    collects_savings = models.BooleanField("thu tiền gửi", default=True)

    class Meta:
        verbose_name = "hợp đồng ủy nhiệm"
        constraints = [
            ends_after_start("delegation_ends_after_start"),
            one_at_a_time("delegation_one_at_a_time", "group"),
        ]

    def __str__(self) -> str:
        return self.number


class SavingsAccount(models.Model):
    """A member's savings with the bank through the group. ``balance`` is the sum of its entries (checked)."""

    number = models.CharField("số sổ", max_length=20, unique=True)
    household = models.ForeignKey(Household, models.PROTECT, related_name="savings_accounts")
    person = models.ForeignKey(Person, models.PROTECT, related_name="savings_accounts")
    group = models.ForeignKey(
        SavingsGroup, models.PROTECT, null=True, related_name="savings_accounts"
    )
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    opened_on = models.DateField("ngày mở")
    closed_on = models.DateField("ngày đóng", null=True, blank=True)
    balance = models.BigIntegerField("số dư", default=0)

    class Meta:
        verbose_name = "sổ tiền gửi tổ viên"
        constraints = [
            models.CheckConstraint(name="savings_not_negative", condition=Q(balance__gte=0))
        ]

    def __str__(self) -> str:
        return self.number


class SavingsEvent(models.Model):
    """Money into or out of a savings account; ``amount`` is signed by kind: withdrawals are negative."""

    class Kind(models.TextChoices):
        DEPOSIT = "deposit", _("Gửi")
        WITHDRAW = "withdraw", _("Rút")
        REVERSE = "reverse", _("Đảo")
        # By how much an extract of the bank's core moved the balance; without an entry, what it was made of is not known.
        REPORTED = "reported", _("Tăng, giảm theo sao kê")

    account = models.ForeignKey(SavingsAccount, models.PROTECT, related_name="events")
    on = models.DateField("ngày")
    kind = models.CharField("loại", max_length=10, choices=Kind.choices)
    amount = models.BigIntegerField("số tiền")
    entry = models.ForeignKey(JournalEntry, models.PROTECT, null=True, related_name="+")
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by")

    class Meta:
        verbose_name = "phát sinh tiền gửi"

    def __str__(self) -> str:
        return f"{self.account_id} {self.get_kind_display()} {self.amount}"


class GroupSuccession(models.Model):
    """A group merged into another on a day."""

    predecessor = models.ForeignKey(SavingsGroup, models.PROTECT, related_name="successions")
    successor = models.ForeignKey(SavingsGroup, models.PROTECT, related_name="inheritances")
    on = models.DateField("ngày")
    basis = models.CharField("căn cứ", max_length=120)

    class Meta:
        verbose_name = "sáp nhập tổ"

    def __str__(self) -> str:
        return f"{self.predecessor_id} → {self.successor_id}"


class GroupRating(models.Model):
    """A group's score of a month: the figures, the points they make, the grade, the parameters they were made by."""

    group = models.ForeignKey(SavingsGroup, models.PROTECT, related_name="ratings")
    month = models.DateField("tháng (ngày đầu)")
    figures = models.JSONField("số liệu của tháng", default=dict)
    points = models.JSONField("điểm từng tiêu chí")
    total = models.PositiveSmallIntegerField("tổng điểm")
    grade = models.CharField("xếp loại", max_length=10)
    basis = models.CharField("căn cứ", max_length=120, blank=True)
    law_hash = models.CharField(max_length=64)
    rated_on = models.DateField("ngày chấm", null=True)

    class Meta:
        verbose_name = "xếp loại tổ"
        constraints = [models.UniqueConstraint(fields=["group", "month"], name="rating_once")]

    def __str__(self) -> str:
        return f"{self.group_id} {self.month:%m/%Y} {self.grade}"


class GroupAccount(Dated):
    """The account that speaks for a group from a day to a day: its person sees that group and no other."""

    user = models.ForeignKey(User, models.PROTECT, related_name="group_accounts")
    group = models.ForeignKey(SavingsGroup, models.PROTECT, related_name="accounts")

    class Meta:
        verbose_name = "tài khoản của tổ"
        constraints = [
            ends_after_start("groupaccount_ends_after_start"),
            one_at_a_time("groupaccount_one_at_a_time", "user"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.group_id}"
