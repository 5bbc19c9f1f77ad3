"""Verbs of units: what changes one, and a province set up."""
