"""Pages of what leaves."""
