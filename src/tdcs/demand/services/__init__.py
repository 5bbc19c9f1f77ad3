"""The work of a survey."""
