"""Capital: from whose money a loan is made, and how much of it is left.

Owns: capital sources, the decisions behind them, what came and went; budgets' estimates and balances; the register of
other funds, campaigns.
Not: loans (loans), entries (ledger).
"""
