"""Rules of indicators: pure functions over columns."""
