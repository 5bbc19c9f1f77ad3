"""Requests by which the debts of a borrower who died go over to an heir of the same household."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from tdcs.access.models import User
from tdcs.households.models import Household, Person
from tdcs.loans.states import HeirState


class HeirRequest(models.Model):
    """An heir takes over what a dead member of the household owes: asked for by one person, decided by another, undone
    with a reason. The loans, their amounts, rates and days stay as they are; only who owes them changes, from a day on."""

    State = HeirState

    household = models.ForeignKey(Household, models.PROTECT, related_name="heir_requests")
    deceased = models.ForeignKey(Person, models.PROTECT, related_name="+")
    heir = models.ForeignKey(Person, models.PROTECT, related_name="+")
    died_on = models.DateField("ngày mất")
    death_paper = models.CharField("giấy chứng tử", max_length=120)
    agreed_on = models.DateField("ngày người thừa kế ký nhận nợ")
    since = models.DateField("nhận nợ từ ngày")
    why = models.CharField("căn cứ", max_length=300)
    asked_on = models.DateField("ngày đề nghị")
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=HeirState.choices, default=HeirState.ASKED)
    decided_on = models.DateField("ngày quyết định", null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    words = models.CharField("ý kiến", max_length=300, blank=True)
    undone_on = models.DateField("ngày hoàn tác", null=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    undone_why = models.CharField("lý do hoàn tác", max_length=300, blank=True)

    class Meta:
        verbose_name = "đề nghị nhận nợ thừa kế"
        constraints = [
            models.UniqueConstraint(
                fields=["deceased"],
                condition=Q(state=HeirState.ASKED),
                name="heirrequest_one_waits",
            ),
            models.CheckConstraint(
                name="heirrequest_days_in_order",
                condition=Q(agreed_on__gte=F("died_on"), since__gte=F("agreed_on")),
            ),
            models.CheckConstraint(
                name="heirrequest_another_person", condition=~Q(heir=F("deceased"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.since}"
