"""Forms of the plan's pages."""
