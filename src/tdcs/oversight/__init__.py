"""Oversight: who inspects whom by which duty, what was found and followed up, what borrowers confirm of their debts.

Owns: coverage duties, yearly programmes, samples, inspections with visits, photos and findings, public reconciliation.
Not: what a loan owes (loans), how a group is rated (group_results), what a plan demands (plans).
"""
