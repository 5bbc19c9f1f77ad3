"""Entrustment: savings-and-credit groups, the mass organisations behind them, members' savings.

Owns: groups, members, boards, delegation contracts, savings accounts, the kept rows of ratings.
Not: households (households), how a month is rated and what it earns (group_results), loans and
collection (loans), entries (ledger).
"""
