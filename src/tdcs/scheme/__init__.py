"""The scheme for policy credit from local budgets (đề án): a document whose figures are the system's own.

Owns: schemes, their texts, their composed versions and what changed between them. Not: assumptions and their projection
(forecasting), indicators (indicators), tasks of units (plans), the register in which an issued scheme stands (letters).
"""
