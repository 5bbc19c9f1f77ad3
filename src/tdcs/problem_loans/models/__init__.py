"""Warnings with their notes; dossiers with contacts and promises; rounds with their cases."""

from tdcs.problem_loans.models.dossiers import DossierContact, PaymentPromise, ProblemDossier
from tdcs.problem_loans.models.rounds import RiskCase, RiskRound
from tdcs.problem_loans.models.warnings import EarlyWarning, WarningNote

__all__ = [
    "DossierContact",
    "EarlyWarning",
    "PaymentPromise",
    "ProblemDossier",
    "RiskCase",
    "RiskRound",
    "WarningNote",
]
