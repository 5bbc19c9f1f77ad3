"""Filters of the plans room's pages."""
