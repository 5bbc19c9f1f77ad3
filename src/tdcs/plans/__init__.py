"""The plan of a province: what was promised, by whom, by when, what came of it.

Owns: plans, tasks, assignments, obligations, progress, evidence, reports, consolidation, amendments.
Not: units (organisations), files' formats (documents), figures of the book (indicators).
"""
