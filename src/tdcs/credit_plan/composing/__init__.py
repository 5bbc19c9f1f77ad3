"""The branch's papers about a plan."""
