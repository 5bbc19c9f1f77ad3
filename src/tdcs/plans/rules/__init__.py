"""Rules of the plan: pure, over columns, without Django."""
