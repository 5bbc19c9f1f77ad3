"""Reads of boards."""
