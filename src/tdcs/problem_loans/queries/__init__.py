"""Reads of warnings, dossiers and rounds; the book as the rules of early warning want it."""
