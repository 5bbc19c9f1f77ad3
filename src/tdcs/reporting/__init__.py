"""Reports on the plan: each unit's yearly report, the branch's consolidated report, the closing of a year.

Owns: what a report is made from, its sections, its moves, the figures and words of the consolidated report, its pages.
Not: the plan and what units owe (plans, which also keeps the tables of reports), files' formats (documents).
"""
