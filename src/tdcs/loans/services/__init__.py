"""Verbs of the loans room: each locks, decides by the rules, writes and leaves its line in one transaction."""
