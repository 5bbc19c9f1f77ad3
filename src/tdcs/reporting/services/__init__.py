"""Writes of reports: lock, load, decide, write, log, in one transaction."""
