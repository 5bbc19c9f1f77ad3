"""Pages of the close of day."""
