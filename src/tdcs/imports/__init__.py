"""Extracts of the bank's core system: recognised, read, validated, kept; the law's own figures beside theirs.

Owns: what kinds of extracts there are (law/extracts, as data), the register of imports and their files, the rows as Parquet.
Not: loans, households and groups of the book itself; opening workbooks safely (documents).
"""
