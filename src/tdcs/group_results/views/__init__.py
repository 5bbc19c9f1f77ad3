"""Pages of ratings and earnings."""
