"""Needs, who qualifies, who was served."""
