"""Pages of the policy laboratory."""
