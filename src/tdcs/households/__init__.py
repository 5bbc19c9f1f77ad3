"""Households: who lives where, who is poor since when and by which decision, who needs credit.

Owns: households, persons, members, addresses, eligibility spells, the yearly poverty review, the survey of credit needs.
Not: what a programme demands (programmes), groups (entrustment), loans (loans).
"""
