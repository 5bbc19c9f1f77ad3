"""Reads of the movement's records."""
