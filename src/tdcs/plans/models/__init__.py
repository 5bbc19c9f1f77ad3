"""Rows of the plan, split by noun."""

from tdcs.plans.models.amendment import AmendmentProposal, ProposalState
from tdcs.plans.models.notice import Channel, Letter, Notice, Reminder
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
    "Assignment",
    "AssignmentRole",
    "Channel",
    "Comment",
    "ConsolidatedReport",
    "ConsolidatedSection",
    "Directive",
    "Duty",
    "DutyKind",
    "Evidence",
    "Letter",
    "Notice",
    "Obligation",
    "ObligationState",
    "Plan",
    "PlanDocument",
    "PlanState",
    "PlanVersion",
    "ProgressEntry",
    "ProposalState",
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
