"""Reads of a month of groups."""
