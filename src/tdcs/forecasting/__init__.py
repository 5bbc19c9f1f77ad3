"""What the book becomes: run-off, lending and capital to a year's end; nothing here is written to the book.

Owns: assumptions, scenarios. Not: the loans' schedules (loans), the closed days (closing), the targets (indicators).
"""
