"""Verbs: receive files, read them, take or drop an import, undo it."""

from tdcs.imports.services.ending import commit, drop, undo
from tdcs.imports.services.reading import read
from tdcs.imports.services.receiving import receive

__all__ = ["commit", "drop", "read", "receive", "undo"]
