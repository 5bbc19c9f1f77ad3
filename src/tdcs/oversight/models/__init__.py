"""Inspections and findings, also with no network; public reconciliation; auditors' engagements."""

from tdcs.oversight.models.auditing import (
    AuditEngagement,
    AuditQuery,
    AuditQueryStep,
    AuditSample,
    WorkingPapers,
)
from tdcs.oversight.models.field import InspectionLine, InspectionPack, UploadedPhoto
from tdcs.oversight.models.inspections import (
    DrawnSample,
    Finding,
    FindingStep,
    Inspection,
    InspectionMember,
    InspectionPhoto,
    InspectionProgramme,
    PlannedInspection,
    Severity,
    Visit,
)
from tdcs.oversight.models.reconciling import (
    CaseStep,
    ReconciledLoan,
    ReconciliationCampaign,
    ReconciliationCase,
)

__all__ = [
    "AuditEngagement",
    "AuditQuery",
    "AuditQueryStep",
    "AuditSample",
    "CaseStep",
    "DrawnSample",
    "Finding",
    "FindingStep",
    "Inspection",
    "InspectionLine",
    "InspectionMember",
    "InspectionPack",
    "InspectionPhoto",
    "InspectionProgramme",
    "PlannedInspection",
    "ReconciledLoan",
    "ReconciliationCampaign",
    "ReconciliationCase",
    "Severity",
    "UploadedPhoto",
    "Visit",
    "WorkingPapers",
]
