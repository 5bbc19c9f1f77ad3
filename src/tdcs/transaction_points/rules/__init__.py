"""What is decided of sessions: pure functions over plain values, no database."""
