"""Rows of the plan, split by noun."""

from tdcs.plans.models.amendment import AmendmentProposal, AmendmentSubmission, ProposalState
from tdcs.plans.models.correction import CorrectionKind, ReadingCorrection
from tdcs.plans.models.feed import CalendarFeed
from tdcs.plans.models.notice import (
    Channel,
    DeliveryState,
    Letter,
    Notice,
    NoticeKind,
    Reminder,
    ReminderDelivery,
)
from tdcs.plans.models.obligation import (
    Comment,
    Directive,
    Evidence,
    Obligation,
    ObligationState,
    ProgressEntry,
)
from tdcs.plans.models.plan import (
    Assignment,
    AssignmentRole,
    Duty,
    DutyKind,
    Plan,
    PlanDocument,
    PlanState,
    PlanVersion,
    Target,
    Task,
    TimingKind,
)
from tdcs.plans.models.relation import PlanMove, PlanRelation, RelationKind
from tdcs.plans.models.report import (
    ConsolidatedReport,
    ConsolidatedSection,
    ReportingYear,
    ReportMove,
    ReportSection,
    ReportState,
    UnitPlan,
    UnitReport,
    UnitTask,
)
from tdcs.plans.models.serving import TaskEvidence

__all__ = [
    "AmendmentProposal",
    "AmendmentSubmission",
    "Assignment",
    "AssignmentRole",
    "CalendarFeed",
    "Channel",
    "Comment",
    "ConsolidatedReport",
    "ConsolidatedSection",
    "CorrectionKind",
    "DeliveryState",
    "Directive",
    "Duty",
    "DutyKind",
    "Evidence",
    "Letter",
    "Notice",
    "NoticeKind",
    "Obligation",
    "ObligationState",
    "Plan",
    "PlanDocument",
    "PlanMove",
    "PlanRelation",
    "PlanState",
    "PlanVersion",
    "ProgressEntry",
    "ProposalState",
    "ReadingCorrection",
    "RelationKind",
    "Reminder",
    "ReminderDelivery",
    "ReportMove",
    "ReportSection",
    "ReportState",
    "ReportingYear",
    "Target",
    "Task",
    "TaskEvidence",
    "TimingKind",
    "UnitPlan",
    "UnitReport",
    "UnitTask",
]
