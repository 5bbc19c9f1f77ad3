"""Papers of the movement."""
