"""Rules of households: pure functions over columns."""
