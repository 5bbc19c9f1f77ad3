"""Papers of boards."""
