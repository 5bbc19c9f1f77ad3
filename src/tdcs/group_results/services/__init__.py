"""Rating a month."""
