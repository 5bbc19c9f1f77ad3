"""Warnings with their notes."""

from tdcs.problem_loans.models.warnings import EarlyWarning, WarningNote

__all__ = ["EarlyWarning", "WarningNote"]
