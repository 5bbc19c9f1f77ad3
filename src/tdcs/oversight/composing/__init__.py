"""Papers of oversight."""
