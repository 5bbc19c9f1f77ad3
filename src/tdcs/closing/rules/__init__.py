"""Rules of the close of day: pure functions over columns."""
