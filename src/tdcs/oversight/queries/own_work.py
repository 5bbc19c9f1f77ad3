"""What of an inspection's subject a person did himself: nobody inspects his own work."""

from __future__ import annotations

from tdcs.access.models import User
from tdcs.entrustment.models import GroupAccount, SavingsGroup
from tdcs.loans.models import ApplicationMove, Loan, LoanApplication, LoanEvent
from tdcs.organisations.models import TransactionPoint
from tdcs.transaction_points.models import TeamMember


def own_work_in_group(person: User, group: SavingsGroup) -> str:
    """Which work of a group is the person's own, in words; "" when none is."""
    if GroupAccount.objects.filter(user=person, group=group).exists():
        return "là người đại diện của tổ"
    if LoanApplication.objects.filter(group=group, made_by=person).exists():
        return "đã lập hồ sơ vay của tổ"
    if ApplicationMove.objects.filter(application__group=group, by=person).exists():
        return "đã xử lý hồ sơ vay của tổ"
    if LoanEvent.objects.filter(loan__group=group, by=person).exists():
        return "đã giao dịch khoản vay của tổ"
    return ""


def own_work_on_loan(person: User, loan: Loan) -> str:
    """The same of a single loan, whatever its group."""
    if loan.events.filter(by=person).exists():
        return "đã giao dịch khoản vay này"
    if loan.application_id is None:
        return ""
    made = LoanApplication.objects.filter(pk=loan.application_id, made_by=person)
    moved = ApplicationMove.objects.filter(application=loan.application_id, by=person)
    return "đã xử lý hồ sơ vay này" if made.exists() or moved.exists() else ""


def own_work_at_point(person: User, point: TransactionPoint) -> str:
    """Which work of a point is the person's own: a place in the team of one of its sessions."""
    there = TeamMember.objects.filter(session__point=point, person=person)
    return "ở trong tổ giao dịch của điểm" if there.exists() else ""
