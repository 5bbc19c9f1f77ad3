"""Pages of households, by noun."""
