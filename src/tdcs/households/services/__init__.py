"""Verbs of households, by noun."""
