"""The plan of a province: what was promised, by whom, by when, what came of it.

Owns: plans, tasks, assignments, obligations, progress, evidence, reminders, amendments, the tables of reports.
Not: reports and the consolidated report (reporting), units (organisations), files' formats (documents),
figures of the book (indicators).
"""
