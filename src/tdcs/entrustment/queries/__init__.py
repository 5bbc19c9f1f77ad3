"""Reads of the entrustment room."""
