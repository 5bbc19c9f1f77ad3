"""Loans: from a household's request to the last dong.

Owns: applications, loans, instalments, events, schedules, collection sheets, what a loan owes on a day.
Not: who is eligible (programmes, households), accounts (ledger), groups (entrustment), close of day (closing).
"""
