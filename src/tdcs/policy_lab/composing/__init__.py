"""Papers of the policy laboratory."""
