"""Pure rules of oversight: coverage, samples, places."""
