"""Pure rules of schemes: what is printed, how it adds up, what changed. No clock, no database."""
