"""Transaction points: which group meets the bank where and when, who holds the session, what came of it.

Owns: the groups of a point, the sessions of a month and their moves, teams, cash counts and hand-over, devices, packs, the log of
what was done offline.
Not: what a point is called and where it is (organisations), what a loan owes and how it is paid (loans), rating (group_results).
"""
