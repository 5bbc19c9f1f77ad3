"""Verbs: receive files, read them, say what they do not say, take or drop an import, undo it."""

from tdcs.imports.services.cutting_over import cut_over, sign_cut_over, undo_cut_over
from tdcs.imports.services.ending import commit, drop, undo
from tdcs.imports.services.mapping import forget_mapping, map_columns, read_again, say_of_file
from tdcs.imports.services.reading import read
from tdcs.imports.services.receiving import receive

__all__ = [
    "commit",
    "cut_over",
    "drop",
    "forget_mapping",
    "map_columns",
    "read",
    "read_again",
    "receive",
    "say_of_file",
    "sign_cut_over",
    "undo",
    "undo_cut_over",
]
