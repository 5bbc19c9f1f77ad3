"""Households: who lives where, who is poor since when and by which decision, what it was found to need.

Owns: households, persons, members, addresses, eligibility spells, the yearly poverty review, the kept rows of surveys
of credit needs.
Not: what a programme demands (programmes), the work of surveys and who was served (demand), groups
(entrustment), loans (loans).
"""
