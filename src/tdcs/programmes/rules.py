"""Rules of programmes: pure functions over columns."""
