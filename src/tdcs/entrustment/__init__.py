"""Entrustment: savings-and-credit groups, the mass organisations behind them, members' savings, ratings, commission, fees.

Owns: groups, members, boards, delegation contracts, savings accounts, ratings.
Not: households (households), loans and collection (loans), entries (ledger).
"""
