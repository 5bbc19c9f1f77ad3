"""Pages of the yearly plan."""
