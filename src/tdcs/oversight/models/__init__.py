"""Inspections and findings; public reconciliation."""

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
    "CaseStep",
    "DrawnSample",
    "Finding",
    "FindingStep",
    "Inspection",
    "InspectionMember",
    "InspectionPhoto",
    "InspectionProgramme",
    "PlannedInspection",
    "ReconciledLoan",
    "ReconciliationCampaign",
    "ReconciliationCase",
    "Severity",
    "Visit",
]
