"""Rules of entrustment: pure functions over columns."""
