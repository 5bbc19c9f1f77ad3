"""Verbs of what leaves."""
