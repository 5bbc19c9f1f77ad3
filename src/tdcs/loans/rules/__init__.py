"""Rules of a loan: pure functions over columns."""
