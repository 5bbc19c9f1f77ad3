"""Background jobs: work that a page asks for and does not wait for (an export, the reading of a plan).

Owns: the list of jobs, the one worker that runs them, their results for the person who asked. Not: what a job does (its room
registers a kind), the queue itself (procrastinate, in the same PostgreSQL: docs/decisions/0022-background-jobs.md).
"""
