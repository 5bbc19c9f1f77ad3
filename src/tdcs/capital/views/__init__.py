"""Pages of capital, by noun."""
