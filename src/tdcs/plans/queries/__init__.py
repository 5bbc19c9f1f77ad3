"""Reads of the plan: what a user may see; frames for pages."""
