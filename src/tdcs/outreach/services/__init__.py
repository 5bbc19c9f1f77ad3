"""Writes of the movement's records."""
