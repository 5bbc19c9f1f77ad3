"""Writes of the plan, split by noun: lock, load, decide, write, log, in one transaction."""
