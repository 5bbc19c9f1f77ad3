"""Capital: from whose money a loan is made.

Owns: capital sources and their investors.
Not: loans (loans), entries (ledger).
"""
