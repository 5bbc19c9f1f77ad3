"""Rules of ledger: pure functions over columns."""
