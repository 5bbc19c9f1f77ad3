"""Verbs of the entrustment room."""
