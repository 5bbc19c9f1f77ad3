"""A draft change of the law tried on the whole book and the households, beside the law in force; nothing is written to the book.

Owns: overlays, comparisons. Not: the law's rules (programmes, loans, households, group_results), the closed days (closing).
"""
