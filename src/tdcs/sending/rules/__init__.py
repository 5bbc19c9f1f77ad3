"""When something is due to leave, and what fits into a message."""
