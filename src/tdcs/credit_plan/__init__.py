"""The yearly credit plan: needs from below, targets from above, the rounds between, what is approved, adjusted and carried out.

Owns: plans of a year, targets, allotments, rounds with offices, adjustments, and the branch's papers about them.
Not: surveys of needs (demand), whose money (capital), the closed days (closing), the book beyond the year (forecasting).
"""
