"""What every room stands on: clock, working days, text, law values, refusals, the trail.

Owns: nothing of a domain. Not: anything that needs Django or a database.
"""
