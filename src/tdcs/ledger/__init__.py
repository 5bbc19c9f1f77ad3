"""The ledger: books, accounts, balanced entries that never change, operations done once.

Owns: the chart of accounts, posting templates, entries, the hash chain, closing, balances and statements.
Not: what an amount means (loans, entrustment say it through a template).
"""
