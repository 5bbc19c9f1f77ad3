"""Pages of the movement."""
