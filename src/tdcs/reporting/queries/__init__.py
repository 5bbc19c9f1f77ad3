"""Reads of reports: who owes one, what came of it, what a report is made from."""
