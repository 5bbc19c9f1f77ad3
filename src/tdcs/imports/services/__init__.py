"""Verbs: receive, read, commit, undo."""
