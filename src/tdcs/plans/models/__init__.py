"""Rows of the plan, split by noun."""

from tdcs.plans.models.amendment import AmendmentProposal, AmendmentSubmission, ProposalState
from tdcs.plans.models.correction import CorrectionKind, ReadingCorrection
from tdcs.plans.models.notice import Channel, Letter, Notice, NoticeKind, Reminder
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
from tdcs.plans.models.report import (
    ConsolidatedReport,
    ConsolidatedSection,
    ReportingYear,
    ReportMove,
    ReportSection,
    ReportState,
    UnitPlan,
    UnitReport,
)

__all__ = [
    "AmendmentProposal",
    "AmendmentSubmission",
    "Assignment",
    "AssignmentRole",
    "Channel",
    "Comment",
    "ConsolidatedReport",
    "ConsolidatedSection",
    "CorrectionKind",
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
    "PlanState",
    "PlanVersion",
    "ProgressEntry",
    "ProposalState",
    "ReadingCorrection",
    "Reminder",
    "ReportMove",
    "ReportSection",
    "ReportState",
    "ReportingYear",
    "Target",
    "Task",
    "TimingKind",
    "UnitPlan",
    "UnitReport",
]
