"""Appraisal meetings of a group: which were held, what waits for the next one, who may record one."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from tdcs.access.models import User
from tdcs.entrustment.models import GroupMember, SavingsGroup
from tdcs.loans.models import AppraisalCase, AppraisalMeeting, LoanApplication
from tdcs.loans.queries.applications import takes
from tdcs.loans.queries.scope import sees_group, visible_lending_groups
from tdcs.loans.states import MOVES, ApplicationState


def may_hold(user: User, group: SavingsGroup) -> bool:
    """Whether a person records and undoes meetings of a group: its leader, or the commune's people; never an outsider."""
    return takes(user, "appraise") and sees_group(user, group)


def meetings_of(group: SavingsGroup) -> QuerySet[AppraisalMeeting]:
    """Every meeting of a group, the newest first, with how many cases it had and chose; undone ones too."""
    rows = AppraisalMeeting.objects.filter(group=group).select_related("chair", "secretary")
    counts = {
        "all_cases": Count("cases"),
        "chosen_cases": Count("cases", filter=Q(cases__chosen=True)),
    }
    return rows.annotate(**counts).order_by("-on", "-pk")


def visible_meetings(user: User) -> QuerySet[AppraisalMeeting]:
    """Meetings of the groups in a person's scope of lending."""
    groups = visible_lending_groups(user).order_by().values("pk")
    near = ("group", "chair", "secretary", "made_by", "undone_by")
    return AppraisalMeeting.objects.filter(group__in=groups).select_related(*near)


def waiting_cases(group: SavingsGroup) -> QuerySet[LoanApplication]:
    """Applications of a group that its next meeting may decide, the oldest first."""
    rows = LoanApplication.objects.filter(group=group, state__in=MOVES["appraise"].sources)
    return rows.select_related("household", "borrower").order_by("pk")


def cases_of(meeting: AppraisalMeeting) -> QuerySet[AppraisalCase]:
    """The cases of a meeting by the borrowers' names."""
    rows = meeting.cases.select_related("application__borrower", "application__household")
    return rows.order_by("application__borrower__search", "pk")


@dataclass(frozen=True, slots=True)
class Attendance:
    """Who was there and who was not, by name."""

    present: list[str]
    absent: list[str]


def attendance_of(meeting: AppraisalMeeting) -> Attendance:
    """The members of the meeting's day, as they were there or not."""
    rows = GroupMember.objects.on(meeting.on).filter(group=meeting.group)
    names = list(rows.order_by("person__search").values_list("pk", "person__full_name"))
    there = set(meeting.present)
    return Attendance(
        [name for key, name in names if key in there],
        [name for key, name in names if key not in there],
    )


def may_undo(user: User, meeting: AppraisalMeeting) -> bool:
    """Whether the meeting can still be taken back by the person: nothing of it has gone beyond the group."""
    if meeting.undone_on is not None or not may_hold(user, meeting.group):
        return False
    gone = meeting.cases.filter(chosen=True).exclude(application__state=ApplicationState.APPRAISED)
    return not gone.exists()
